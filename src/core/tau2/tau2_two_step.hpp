// Further closed estimators of tau2. Sources: Hartung & Makambi (2003, Commun Stat Simul 32, 1179)
// positive DL; Rukhin (2013, JRSS B 75, 451) Bayes estimators BP and B0; Sidik & Jonkman (2005,
// Appl Stat 54, 367), DerSimonian & Kacker (2007, Contemp Clin Trials 28, 105) two steps. Oracles:
// metan 4 logs, metafor's SJ and GENQ.
#pragma once

#include "core/types.hpp"

namespace metaparity {

// Q^2 / ((2 df + Q) tr P): never zero unless Q is.
double hartung_makambi(const VecRef& yi, const VecRef& vi, const MatRef& X);

// sum (y - ybar)^2 / (k + 1); B0 also takes off (N - k)(k - 1) mean(v) / ((k + 1)(N - k + 2)), N
// participants.
double rukhin_bp(const VecRef& yi);
double rukhin_b0(const VecRef& yi, const VecRef& vi, double participants);

// One step of the moment equation with weights 1 / (v + start).
double dersimonian_kacker(const VecRef& yi, const VecRef& vi, const MatRef& X, double start);

// start sum w (y - mu)^2 / df with weights start / (v + start): positive for start > 0.
double sidik_jonkman_from(const VecRef& yi, const VecRef& vi, const MatRef& X, double start);

}  // namespace metaparity
