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
  for (double x = lo_; x <= hi_; x += 1.0)
    log_ways_.push_back(log_choose(n1, x) + log_choose(n2, m - x));
}

HypergeometricPoint NoncentralHypergeometric::at(double x, double log_odds) const {
  const double psi = std::exp(std::clamp(log_odds, -600.0, 600.0));
  // Terms x and x - 1 are equal where a x^2 + b x + c = 0.
  const double a = psi - 1.0, b = -((m_ + n1_ + 2.0) * psi + n2_ - m_),
               c = psi * (n1_ + 1.0) * (m_ + 1.0);
  const double q = b - std::sqrt(std::max(0.0, b * b - 4.0 * a * c));
  const double mode = std::clamp(std::floor(-2.0 * c / q), lo_, hi_);
  double sum = 1.0, first = 0.0, second = 0.0, term = 1.0;
  for (double y = mode; y < hi_;) {
    term *= (n1_ - y) * (m_ - y) / ((y + 1.0) * (n2_ - m_ + y + 1.0)) * psi;
    y += 1.0;
    const double d = y - mode;
    sum += term;
    first += term * d;
    second += term * d * d;
    if (term < 1e-18 * sum) break;
  }
  term = 1.0;
  for (double y = mode; y > lo_;) {
    term *= y * (n2_ - m_ + y) / ((n1_ - y + 1.0) * (m_ - y + 1.0) * psi);
    y -= 1.0;
    const double d = y - mode;
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
