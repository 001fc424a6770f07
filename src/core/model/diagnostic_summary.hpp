// What a model of diagnostic accuracy says: summary point, likelihood ratios, and the hierarchical summary ROC curve by
// closed form, with standard errors by the delta method. Sources: Harbord et al. (2007, Biostatistics 8, 239);
// Rutter & Gatsonis (2001, Stat Med 20, 2865). Oracle: Stata's printed tables; derivatives by differences.
#pragma once

#include <vector>

#include "core/types.hpp"

namespace metaparity {

// Means and covariances of the two logits, with the covariances of their estimates in this order.
struct DiagnosticPoint {
  double mu_sens, mu_spec, var_sens, var_spec, cov;
  Mat V;  // 5 x 5
};

// The scale on which the interval is symmetric.
enum class IntervalScale { Identity, Log, Logit, Fisher };

struct DiagnosticQuantity {
  const char* name;
  double estimate, se, ci_lb, ci_ub;
};

// In the order of Stata's table: the two means, variances and the correlation; Lambda, Theta, beta, s2alpha, s2theta;
// sensitivity, specificity, DOR, LR+, LR-, 1/LR-; the area under the curve.
std::vector<DiagnosticQuantity> diagnostic_summary(const DiagnosticPoint& at, double level);

// The area under the curve logit(tpr) = a + b logit(fpr), and its derivatives by a and b.
double roc_area(double a, double b, double* by_a = nullptr, double* by_b = nullptr);

}  // namespace metaparity
