// Covariances of dose-response estimates; see the header.
#include "core/effect/dose_response.hpp"

#include <cmath>

#include "core/errors.hpp"
#include "core/linalg/optimize.hpp"

namespace metaparity {

namespace {

// Cases of each row when the odds of the reference are exp(log_odds): n e^(a + b)/(1 + e^(a + b)).
Vec cases_at(double log_odds, const VecRef& size, const Vec& estimate) {
  return size.array() / (1.0 + (-(log_odds + estimate.array())).exp());
}

// The odds at which the fitted cases add up to the observed ones; the sum rises with them.
Vec fitted_case_control(const VecRef& cases, const VecRef& size, const Vec& estimate) {
  const double total = cases.sum();
  const auto excess = [&](double a) { return cases_at(a, size, estimate).sum() - total; };
  double lo = std::log(total / (size.sum() - total)) - estimate.maxCoeff();
  double hi = std::log(total / (size.sum() - total)) - estimate.minCoeff();
  // At these ends every row has odds below and above those of the margin.
  const double width = std::fabs(lo) + std::fabs(hi) + 1.0;
  lo -= 1e-12 * width;
  hi += 1e-12 * width;
  return cases_at(find_root(excess, lo, excess(lo), hi, excess(hi), 0.0), size, estimate);
}

Vec fitted_cases(DoseDesign design, const VecRef& cases, const VecRef& size, const Vec& estimate) {
  if (design == DoseDesign::case_control) return fitted_case_control(cases, size, estimate);
  const Vec expected = size.array() * estimate.array().exp();
  return expected * (cases.sum() / expected.sum());
}

// The variance that one row adds to a log relative risk.
Vec row_variances(DoseDesign design, const Vec& cases, const VecRef& size) {
  switch (design) {
    case DoseDesign::case_control:
      return 1.0 / cases.array() + 1.0 / (size - cases).array();
    case DoseDesign::incidence_rate:
      return cases.array().inverse();
    case DoseDesign::cumulative_incidence:
      return 1.0 / cases.array() - 1.0 / size.array();
  }
  return cases;
}

}  // namespace

DoseCovariance dose_covariance(DoseDesign design, const VecRef& cases, const VecRef& size,
                               const VecRef& estimate, const VecRef& error, Index reference) {
  Vec b = estimate;
  b(reference) = 0.0;
  DoseCovariance out;
  out.cases = fitted_cases(design, cases, size, b);
  const Vec own = row_variances(design, out.cases, size);
  if (!(own.array() > 0.0).all())
    throw InvalidInput("cases",
                       "do not fit the estimates: more cases than persons would be needed");
  const Index n = cases.size();
  out.correlation = Mat::Identity(n - 1, n - 1);
  out.covariance = Mat::Zero(n - 1, n - 1);
  for (Index i = 0, r = 0; i < n; ++i) {
    if (i == reference) continue;
    for (Index j = 0, c = 0; j < n; ++j) {
      if (j == reference) continue;
      if (i != j)
        out.correlation(r, c) =
            own(reference) / std::sqrt((own(reference) + own(i)) * (own(reference) + own(j)));
      out.covariance(r, c) = out.correlation(r, c) * error(i) * error(j);
      ++c;
    }
    ++r;
  }
  return out;
}

}  // namespace metaparity
