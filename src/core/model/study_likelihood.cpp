// Likelihood of the true effect in single studies: normal, and non-central hypergeometric for the log odds ratio.
// Source: van Houwelingen, Zwinderman & Stijnen (1993), equations 2 and 3.

#include "core/model/study_likelihood.hpp"

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/errors.hpp"

namespace metaparity {

Eigen::MatrixXd normal_likelihood(const VecRef& yi, const VecRef& vi, const VecRef& at) {
  Eigen::MatrixXd out(yi.size(), at.size());
  for (Eigen::Index i = 0; i < yi.size(); ++i) {
    if (!(vi[i] > 0)) throw InvalidInput("vi", "must be positive");
    const double height = 1 / std::sqrt(kTwoPi * vi[i]);
    for (Eigen::Index j = 0; j < at.size(); ++j) {
      const double d = yi[i] - at[j];
      out(i, j) = height * std::exp(-d * d / (2 * vi[i]));
    }
  }
  return out;
}

namespace {

// log of P(x + 1) / P(x) of the central distribution, given m = a + c.
double log_step(double x, double m, const TableCounts& t) {
  return std::log((t.n1 - x) / (x + 1)) + std::log((m - x) / (t.n2 - m + x + 1));
}

// Sum of P(x) / P(a) from a in one direction. The ratios fall from the mode on, so the sum ends once they are small.
double one_side(const TableCounts& t, double theta, bool up) {
  const double m = t.a + t.c;
  const double end = up ? std::min(m, t.n1) : std::max(0.0, m - t.n2);
  double log_ratio = 0, largest = 0, scaled = 0;
  for (double x = t.a; up ? x < end : x > end;) {
    const double step = up ? log_step(x, m, t) + theta : -log_step(x - 1, m, t) - theta;
    log_ratio += step;
    if (log_ratio > largest) {
      scaled = scaled * std::exp(largest - log_ratio) + 1;
      largest = log_ratio;
    } else {
      scaled += std::exp(log_ratio - largest);
    }
    if (step < 0 && log_ratio < largest - 40) break;
    if (largest > 800) return HUGE_VAL;  // no need to walk on to the mode
    x += up ? 1 : -1;
  }
  // A sum that large leaves a likelihood of 0.
  return largest > 700 ? HUGE_VAL : scaled * std::exp(largest);
}

}  // namespace

Eigen::MatrixXd table_likelihood(const std::vector<TableCounts>& tables, const VecRef& at) {
  Eigen::MatrixXd out(static_cast<Eigen::Index>(tables.size()), at.size());
  for (Eigen::Index i = 0; i < out.rows(); ++i) {
    const TableCounts& t = tables[static_cast<std::size_t>(i)];
    if (!(t.a >= 0 && t.c >= 0 && t.n1 >= t.a && t.n2 >= t.c))
      throw InvalidInput("ai", "must be counts of a table");
    for (const double count : {t.a, t.c, t.n1, t.n2}) {
      if (!(std::floor(count) == count && count < 1e9)) {
        throw InvalidInput("ai",
                           "must hold whole numbers below 1e9, as the likelihood counts tables");
      }
    }
    for (Eigen::Index j = 0; j < at.size(); ++j) {
      out(i, j) = 1 / (1 + one_side(t, at[j], true) + one_side(t, at[j], false));
    }
  }
  return out;
}

void scale_to_unit_area(Eigen::MatrixXd& likelihood, double step) {
  for (Eigen::Index i = 0; i < likelihood.rows(); ++i) {
    const double ends = (likelihood(i, 0) + likelihood(i, likelihood.cols() - 1)) / 2;
    const double area = (likelihood.row(i).sum() - ends) * step;
    if (area > 0) likelihood.row(i) /= area;
  }
}

}  // namespace metaparity
