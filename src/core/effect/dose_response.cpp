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

// Counts of Hamling's method as functions of rho = A_0/B_0 and the reference's share c of the variances: A_i =
// (1 + s rho L_i)/(v_i - c), B_i = A_i/(rho L_i), with s = 1, 0, -1 for odds, rates, risks.
struct Hamling {
  double sign;
  Vec ratio, variance;  // of the rows beside the reference
  double share, cases_per_size;

  double reference_size(double rho, double c) const { return (1.0 / rho + sign) / c; }
  Vec sizes(double rho, double c) const {
    return (1.0 / (rho * ratio.array()) + sign) / (variance.array() - c);
  }

  // The share rises to 1 as c falls to 0 and falls to 0 at the smallest variance.
  double reference_variance(double rho) const {
    const auto excess = [&](double c) {
      return (1.0 - share) * reference_size(rho, c) - share * sizes(rho, c).sum();
    };
    const double top = variance.minCoeff();
    const double lo = 1e-12 * top, hi = (1.0 - 1e-12) * top;
    return find_root(excess, lo, excess(lo), hi, excess(hi), 0.0);
  }

  // Cases per denominator, less what it must be.
  double surplus(double rho) const {
    const double c = reference_variance(rho);
    const Vec b = sizes(rho, c);
    const double b0 = reference_size(rho, c);
    return rho * (b0 + b.dot(ratio)) / (b0 + b.sum()) - cases_per_size;
  }

  // The ratio is rho times a mean of 1 and the L_i.
  double rho() const {
    const double most = std::fmax(1.0, ratio.maxCoeff()), least = std::fmin(1.0, ratio.minCoeff());
    double lo = cases_per_size / most * (1.0 - 1e-10), hi = cases_per_size / least * (1.0 + 1e-10);
    if (sign < 0.0) hi = std::fmin(hi, (1.0 - 1e-9) / most);
    if (!(lo < hi) || surplus(lo) > 0.0 || surplus(hi) < 0.0)
      throw InvalidInput("cases",
                         "do not fit the estimates: more cases than persons would be needed");
    const auto f = [&](double x) { return surplus(x); };
    return find_root(f, lo, surplus(lo), hi, surplus(hi), 0.0);
  }
};

double design_sign(DoseDesign design) {
  switch (design) {
    case DoseDesign::case_control:
      return 1.0;
    case DoseDesign::incidence_rate:
      return 0.0;
    case DoseDesign::cumulative_incidence:
      return -1.0;
  }
  return 0.0;
}

Vec without(const VecRef& x, Index row) {
  Vec out(x.size() - 1);
  for (Index i = 0, r = 0; i < x.size(); ++i)
    if (i != row) out(r++) = x(i);
  return out;
}

}  // namespace

DoseCovariance hamling_covariance(DoseDesign design, const VecRef& cases, const VecRef& size,
                                  const VecRef& estimate, const VecRef& error, Index reference) {
  Vec base = size;
  if (design == DoseDesign::case_control) base -= cases;
  Hamling h;
  h.sign = design_sign(design);
  h.ratio = without(estimate, reference).array().exp();
  h.variance = without(error, reference).array().square();
  h.share = base(reference) / base.sum();
  h.cases_per_size = cases.sum() / base.sum();
  const double rho = h.rho();
  const double c = h.reference_variance(rho);
  const Vec own = rho * h.ratio.array() * h.sizes(rho, c).array();
  DoseCovariance out;
  out.cases = Vec::Constant(cases.size(), rho * h.reference_size(rho, c));
  for (Index i = 0, r = 0; i < cases.size(); ++i)
    if (i != reference) out.cases(i) = own(r++);
  out.covariance = Mat::Constant(own.size(), own.size(), c);
  out.covariance.diagonal() = h.variance;
  const Vec sd = h.variance.array().sqrt();
  out.correlation =
      sd.cwiseInverse().asDiagonal() * out.covariance * sd.cwiseInverse().asDiagonal();
  return out;
}

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
