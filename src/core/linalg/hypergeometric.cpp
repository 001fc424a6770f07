#include "core/linalg/hypergeometric.hpp"

#include <algorithm>
#include <cmath>

namespace metaparity {
namespace {

double log_choose(double n, double k) {
  return std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0);
}

}  // namespace

NoncentralHypergeometric::NoncentralHypergeometric(double n1, double n2, double m)
    : n1_(n1), n2_(n2), m_(m), lo_(std::max(0.0, m - n2)), hi_(std::min(n1, m)) {
  const auto ways = static_cast<std::size_t>(hi_ - lo_) + 1;
  log_ways_.reserve(ways);
  up_.reserve(ways);
  down_.reserve(ways);
  long double sum = log_choose(n1, lo_) + log_choose(n2, m - lo_);
  log_ways_.push_back(static_cast<double>(sum));
  for (double x = lo_; x < hi_; x += 1.0) {
    const double more = (n1 - x) * (m - x), fewer = (x + 1.0) * (n2 - m + x + 1.0);
    up_.push_back(more / fewer);
    down_.push_back(fewer / more);
    sum += std::log(up_.back());
    log_ways_.push_back(static_cast<double>(sum));
  }
}

HypergeometricPoint NoncentralHypergeometric::at(double x, double log_odds) const {
  const double psi = std::exp(std::clamp(log_odds, -600.0, 600.0));
  // Terms x and x - 1 are equal where a x^2 + b x + c = 0.
  const double a = psi - 1.0, b = -((m_ + n1_ + 2.0) * psi + n2_ - m_),
               c = psi * (n1_ + 1.0) * (m_ + 1.0);
  const double q = b - std::sqrt(std::max(0.0, b * b - 4.0 * a * c));
  const double mode = std::clamp(std::floor(-2.0 * c / q), lo_, hi_);
  double sum = 1.0, first = 0.0, second = 0.0, term = 1.0;
  const auto middle = static_cast<std::size_t>(mode - lo_);
  double d = 0.0;
  for (std::size_t i = middle; i < up_.size(); ++i) {
    term *= up_[i] * psi;
    d += 1.0;
    sum += term;
    first += term * d;
    second += term * d * d;
    if (term < 1e-18 * sum) break;
  }
  term = 1.0;
  d = 0.0;
  const double inverse = 1.0 / psi;
  for (std::size_t i = middle; i > 0; --i) {
    term *= down_[i - 1] * inverse;
    d -= 1.0;
    sum += term;
    first += term * d;
    second += term * d * d;
    if (term < 1e-18 * sum) break;
  }
  const auto ways = [&](double y) { return log_ways_[static_cast<std::size_t>(y - lo_)]; };
  HypergeometricPoint out;
  const double shift = first / sum;
  out.log_prob = ways(x) - ways(mode) + (x - mode) * std::log(psi) - std::log(sum);
  out.mean = mode + shift;
  out.variance = std::max(0.0, second / sum - shift * shift);
  return out;
}

}  // namespace metaparity
