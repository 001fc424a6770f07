// The plain structs that travel between the glue and the core. Field names are
// those of the R result. A NaN stands for "not available" and becomes NA in R.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "core/constants.hpp"
#include "core/eigen_core.hpp"

namespace metaparity {

using Eigen::Index;
using Vec = Eigen::VectorXd;
using Mat = Eigen::MatrixXd;
using VecRef = Eigen::Ref<const Eigen::VectorXd>;
using MatRef = Eigen::Ref<const Eigen::MatrixXd>;

// An index of Eigen as one of the standard library.
inline std::size_t at(Index i) { return static_cast<std::size_t>(i); }

struct Tau2Rule;

// An estimator of tau2: a row of core/tau2/tau2_rules.cpp. tau2_method() finds one by its name; these are the ones
// that the core itself has to tell apart. FE stands for EE, FE and CE alike; Given is a tau2 fixed by the user.
class Tau2Method {
 public:
  static const Tau2Method FE, DL, ML, REML, Given;

  constexpr explicit Tau2Method(const Tau2Rule* rule) : rule_(rule) {}
  constexpr const Tau2Rule& rule() const { return *rule_; }
  friend constexpr bool operator==(Tau2Method a, Tau2Method b) { return a.rule_ == b.rule_; }
  friend constexpr bool operator!=(Tau2Method a, Tau2Method b) { return a.rule_ != b.rule_; }

 private:
  const Tau2Rule* rule_;
};

// Adhoc is Knapp-Hartung with the variance factor floored at 1.
enum class TestType { Z, T, KnHa, Adhoc };

// What a long loop asks between its items, on the thread that called it; it stops the loop by throwing.
using Checkpoint = void (*)();

inline void ask(Checkpoint checkpoint) {
  if (checkpoint != nullptr) checkpoint();
}

struct ModelSpec {
  Tau2Method method = Tau2Method::REML;
  TestType test = TestType::Z;
  double tau2 = 0.0;  // used by Tau2Method::Given
  Tau2Method error_of =
      Tau2Method::Given;  // whose standard error a given tau2 carries; Given: none
  double level = 0.95;    // coverage of every interval
  bool weighted = true;   // false: unweighted estimate, variance from the model
  bool int_incl = true;   // the first column of X is the intercept
  std::vector<int> btt;   // columns of the omnibus test, from 0; empty: all but the intercept
  std::optional<double>
      q_centre;  // Q is taken around this estimate (Mantel-Haenszel) instead, that of DL too
  double tau2_min = 0.0;             // lower end of the parameter space; not below -min(v)
  std::optional<double> tau2_start;  // the a priori tau2 of SJ
  bool reml_design = true;           // the REML likelihood counts log |X'X| / 2
  bool i2_from_q = false;            // I2 and H2 from Q also where tau2 is estimated
  bool r2_signed = false;            // R2 below 0 where moderators add heterogeneity

  Checkpoint checkpoint = nullptr;

  bool has_own_bounds() const { return tau2_min != 0.0 || tau2_start.has_value(); }
};

struct FitStats {
  double ll = kNaN, dev = kNaN, AIC = kNaN, BIC = kNaN, AICc = kNaN;
};

struct RmaFit {
  Vec beta, se, zval, pval, ci_lb, ci_ub;
  Mat vb;
  double tau2 = 0.0, se_tau2 = kNaN;
  double I2 = kNaN, H2 = kNaN, R2 = kNaN, vt = kNaN;
  double QE = kNaN, QEp = kNaN, QM = kNaN, QMp = kNaN;
  int QMdf1 = 0;
  double QMdf2 = kNaN;  // denominator df of the F test, NaN for chi-squared
  int k = 0, p = 0, m = 0, parms = 0;
  double ddf = kNaN;  // df of the t tests, NaN for normal
  double s2w = 1.0;
  FitStats ml, reml;
};

struct Interval {
  double lb = kNaN, ub = kNaN;
};

}  // namespace metaparity
