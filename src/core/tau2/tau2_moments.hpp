// Estimators of tau2 in closed form. Sources: Hunter & Schmidt (2004) HS; Hedges & Olkin (1985) HE; DerSimonian & Laird
// (1986) DL; Jackson (2013) GENQ; Sidik & Jonkman (2005, 2007) SJ; Hartung & Makambi (2003) HM; Rukhin (2013) BP, B0;
// DerSimonian & Kacker (2007) two steps. Oracles: metafor, metan 4 logs.
#pragma once

#include <optional>

#include "core/tau2/tau2_rules.hpp"

namespace metaparity {

// Moment estimator with fixed weights a: E y'Py = tr(PV) + tau2 tr(P). The residual sum may be
// taken around a given centre instead (DerSimonian-Laird around the Mantel-Haenszel estimate). Not
// below `least`; the standard error is that of Q, at a tau2 that is not negative.
Tau2Found moment_tau2(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& a,
                      std::optional<double> centre, double least);
double moment_se(const VecRef& vi, const MatRef& X, const VecRef& a, double tau2);

// The weights of the generalised Q: those given, or 1 / v.
Vec q_weights(const Tau2Data& data);

// Q^2 / ((2 df + Q) tr P): never zero unless Q is.
double hartung_makambi(const VecRef& yi, const VecRef& vi, const MatRef& X);

// sum (y - ybar)^2 / (k + 1); B0 also takes off (N - k)(k - 1) mean(v) / ((k + 1)(N - k + 2)), N
// participants.
double rukhin_bp(const VecRef& yi);
double rukhin_b0(const VecRef& yi, const VecRef& vi, double participants);

// One step of the moment equation with weights 1 / (v + start).
double dersimonian_kacker(const VecRef& yi, const VecRef& vi, const MatRef& X, double start);

// start sum w (y - mu)^2 / df with weights 1 / (v + start): positive for start > 0.
double sidik_jonkman_from(const VecRef& yi, const VecRef& vi, const MatRef& X, double start);

// The rules. HS: (Q - k) / sum w; HSk: (k/(k-p) Q - k) / sum w.
Tau2Found hs_tau2(const Tau2Data& data);
Tau2Found hsk_tau2(const Tau2Data& data);
Tau2Found he_tau2(const Tau2Data& data);
Tau2Found dl_tau2(const Tau2Data& data);
Tau2Found genq_tau2(const Tau2Data& data);
Tau2Found sj_tau2(const Tau2Data& data);
Tau2Found hm_tau2(const Tau2Data& data);
Tau2Found bp_tau2(const Tau2Data& data);
// DerSimonian and Kacker, first step Cochran's ANOVA estimate or that of DerSimonian and Laird.
Tau2Found ca2_tau2(const Tau2Data& data);
Tau2Found dl2_tau2(const Tau2Data& data);

double hs_se(const Tau2Data& data, double tau2);
double hsk_se(const Tau2Data& data, double tau2);
double he_se(const Tau2Data& data, double tau2);
double dl_se(const Tau2Data& data, double tau2);
double genq_se(const Tau2Data& data, double tau2);
double sj_se(const Tau2Data& data, double tau2);
double ca2_se(const Tau2Data& data, double tau2);
double dl2_se(const Tau2Data& data, double tau2);

}  // namespace metaparity
