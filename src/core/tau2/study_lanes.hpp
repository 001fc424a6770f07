// The studies of several data sets side by side, intercept alone: what is computed for one is computed for all, a data
// set in each lane. Oracle: pool() and tau2_solver on each data set.
#pragma once

#include "core/types.hpp"

namespace metaparity {

class StudyLanes {
 public:
  static constexpr int kLanes = 8;
  using Lane = Eigen::Array<double, kLanes, 1>;

  explicit StudyLanes(Index most) : v_(kLanes, most), d_(kLanes, most) {}

  void clear() { filled_ = 0; }
  // The next lane takes these studies; all variances must be positive.
  void add(const VecRef& yi, const VecRef& vi);
  // All lanes from neighbouring rows of a matrix with k >= 2 columns, `stride` apart. False, with nothing taken, where
  // a number is missing or infinite, a variance is not positive, or a row's largest is not between the limits.
  bool load(const double* yi, const double* vi, Index stride, Index k, double above, double below);
  int size() const { return filled_; }
  Index others() const {
    return widest_;
  }  // the most that a lane has beside its most precise study
  double studies(int lane) const { return k_[lane]; }
  const Lane& studies() const { return k_; }

  // A lane's most precise study, from which distances are taken, and the others; lanes with fewer are filled up by
  // studies of no weight.
  const Lane& origin() const { return origin_; }
  const Lane& least() const { return v_least_; }
  const Lane& most() const { return v_most_; }
  auto v(Index i) const { return v_.col(i); }
  auto d(Index i) const { return d_.col(i); }

 private:
  Eigen::Array<double, kLanes, Eigen::Dynamic> v_, d_;
  Lane origin_, v_least_, v_most_, k_;
  int filled_ = 0;
  Index widest_ = 0;
};

// Weighted means at one tau2 a lane, as pool() has them.
struct PooledLanes {
  StudyLanes::Lane mu, sum_w, rss, tr_p;
};
PooledLanes pool_lanes(const StudyLanes& x, const StudyLanes::Lane& tau2);

}  // namespace metaparity
