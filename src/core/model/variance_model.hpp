// How the variances and covariances of the estimates depend on parameters: what fit_gls() asks of a model. Estimates
// of different blocks are independent. Sources: Harville (1977, JASA 72, 320); Konstantopoulos (2011, Res Synth Methods
// 2, 61) for components of levels; Viechtbauer & Lopez-Lopez (2022, Res Synth Methods 13, 697) for the scale.
#pragma once

#include <vector>

#include "core/types.hpp"

namespace metaparity {

using Rows = std::vector<Index>;
using Blocks = std::vector<Mat>;  // one for each set of rows of a partition

struct Bounds {
  Vec lower, upper;
};

class VarianceModel {
 public:
  virtual ~VarianceModel() = default;
  const std::vector<Rows>& partition() const { return partition_; }
  Index size() const;  // number of estimates

  virtual Index parameters() const = 0;
  virtual Bounds bounds() const = 0;
  // Where a search begins, from the squared residuals of least squares.
  virtual Vec start(const VecRef& squares) const = 0;
  virtual Blocks marginal(const VecRef& theta) const = 0;
  virtual Blocks derivative(const VecRef& theta, Index j) const = 0;

 protected:
  explicit VarianceModel(std::vector<Rows> partition) : partition_(std::move(partition)) {}

 private:
  std::vector<Rows> partition_;
};

// V + tau2 I for independent estimates: the random-effects model.
class AdditiveVariance : public VarianceModel {
 public:
  explicit AdditiveVariance(const VecRef& vi);
  const Vec& vi() const { return vi_; }
  Index parameters() const override { return 1; }
  Bounds bounds() const override;
  Vec start(const VecRef& squares) const override;
  Blocks marginal(const VecRef& theta) const override;
  Blocks derivative(const VecRef& theta, Index j) const override;

 private:
  Vec vi_;
};

// V + sum theta_j D_j with known blocks V, D_j and theta_j >= 0: components of levels, known correlations.
class LinearVariance : public VarianceModel {
 public:
  LinearVariance(std::vector<Rows> partition, Blocks known, std::vector<Blocks> components);
  // Components shared by the estimates of a group; the first group's blocks hold all others.
  static LinearVariance of_levels(const VecRef& vi, const std::vector<std::vector<int>>& groups);
  Index parameters() const override { return static_cast<Index>(components_.size()); }
  Bounds bounds() const override;
  Vec start(const VecRef& squares) const override;
  Blocks marginal(const VecRef& theta) const override;
  Blocks derivative(const VecRef& theta, Index j) const override;

 private:
  Blocks known_;
  std::vector<Blocks> components_;
};

// v + exp(Z alpha): heterogeneity that depends on the studies.
class LogLinearVariance : public VarianceModel {
 public:
  LogLinearVariance(const VecRef& vi, const MatRef& Z);
  Index parameters() const override { return Z_.cols(); }
  Bounds bounds() const override;
  Vec start(const VecRef& squares) const override;
  Blocks marginal(const VecRef& theta) const override;
  Blocks derivative(const VecRef& theta, Index j) const override;

 private:
  Vec vi_;
  Mat Z_;
};

}  // namespace metaparity
