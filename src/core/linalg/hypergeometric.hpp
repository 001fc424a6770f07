// Fisher's noncentral hypergeometric distribution: log-probability, mean and variance at a log odds ratio, by the ratios
// of neighbouring terms outwards from the mode. Source: Liao & Rosen (2001, Am Stat 55, 366). Oracle: direct sums.
#pragma once

#include <vector>

namespace metaparity {

struct HypergeometricPoint {
  double log_prob = 0.0, mean = 0.0, variance = 0.0;
};

// Of the number among n1 when m of n1 + n2 are drawn.
class NoncentralHypergeometric {
 public:
  NoncentralHypergeometric(double n1, double n2, double m);
  HypergeometricPoint at(double x, double log_odds) const;
  double lower() const { return lo_; }
  double upper() const { return hi_; }

 private:
  double n1_, n2_, m_, lo_, hi_;
  std::vector<double> log_ways_, up_,
      down_;  // ratios of the ways of x + 1 and x, and of x and x + 1
};

}  // namespace metaparity
