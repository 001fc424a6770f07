#include "core/model/variance_model.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "core/errors.hpp"
#include "core/linalg/dense.hpp"

namespace metaparity {
namespace {

std::vector<Rows> singletons(Index k) {
  std::vector<Rows> out;
  for (Index i = 0; i < k; ++i) out.push_back({i});
  return out;
}

Blocks diagonal(const VecRef& x) {
  Blocks out;
  for (Index i = 0; i < x.size(); ++i) out.push_back(Mat::Constant(1, 1, x[i]));
  return out;
}

std::vector<Rows> rows_of(const std::vector<int>& group) {
  std::map<int, Rows> found;
  for (std::size_t i = 0; i < group.size(); ++i) found[group[i]].push_back(static_cast<Index>(i));
  std::vector<Rows> out;
  for (auto& one : found) out.push_back(std::move(one.second));
  return out;
}

double excess(const VecRef& squares, double known) {
  return std::max(squares.mean() - known, 0.1 * std::max(known, squares.mean()));
}

}  // namespace

Index VarianceModel::size() const {
  Index k = 0;
  for (const Rows& rows : partition_) k += static_cast<Index>(rows.size());
  return k;
}

AdditiveVariance::AdditiveVariance(const VecRef& vi)
    : VarianceModel(singletons(vi.size())), vi_(vi) {}

Bounds AdditiveVariance::bounds() const { return {Vec::Zero(1), Vec::Constant(1, kInf)}; }

Vec AdditiveVariance::start(const VecRef& squares) const {
  return Vec::Constant(1, excess(squares, vi_.mean()));
}

Blocks AdditiveVariance::marginal(const VecRef& theta) const {
  return diagonal((vi_.array() + theta[0]).matrix());
}

Blocks AdditiveVariance::derivative(const VecRef&, Index) const {
  return diagonal(Vec::Ones(vi_.size()));
}

LinearVariance::LinearVariance(std::vector<Rows> partition, Blocks known,
                               std::vector<Blocks> components)
    : VarianceModel(std::move(partition)),
      known_(std::move(known)),
      components_(std::move(components)) {
  for (const Blocks& one : components_) {
    if (one.size() != this->partition().size() || known_.size() != one.size())
      throw InvalidInput("V", "must have one block for each set of rows");
  }
}

LinearVariance LinearVariance::of_levels(const VecRef& vi,
                                         const std::vector<std::vector<int>>& groups) {
  if (groups.empty()) throw InvalidInput("random", "must name at least one level");
  std::vector<Rows> partition = rows_of(groups.front());
  Blocks known;
  std::vector<Blocks> components(groups.size());
  for (const Rows& rows : partition) {
    const Index n = static_cast<Index>(rows.size());
    Mat v = Mat::Zero(n, n);
    for (Index i = 0; i < n; ++i) v(i, i) = vi[rows[static_cast<std::size_t>(i)]];
    known.push_back(v);
    for (std::size_t g = 0; g < groups.size(); ++g) {
      Mat shared(n, n);
      const auto member = [&](Index i) {
        return groups[g][static_cast<std::size_t>(rows[static_cast<std::size_t>(i)])];
      };
      for (Index i = 0; i < n; ++i) {
        for (Index j = 0; j < n; ++j) shared(i, j) = member(i) == member(j) ? 1.0 : 0.0;
      }
      components[g].push_back(shared);
    }
  }
  return LinearVariance(std::move(partition), std::move(known), std::move(components));
}

Bounds LinearVariance::bounds() const {
  return {Vec::Zero(parameters()), Vec::Constant(parameters(), kInf)};
}

Vec LinearVariance::start(const VecRef& squares) const {
  double trace = 0.0;
  for (const Mat& v : known_) trace += v.diagonal().sum();
  const double share = excess(squares, trace / static_cast<double>(squares.size()));
  return Vec::Constant(parameters(), share / static_cast<double>(parameters()));
}

Blocks LinearVariance::marginal(const VecRef& theta) const {
  Blocks out = known_;
  for (std::size_t j = 0; j < components_.size(); ++j) {
    for (std::size_t b = 0; b < out.size(); ++b)
      out[b] += theta[static_cast<Index>(j)] * components_[j][b];
  }
  return out;
}

Blocks LinearVariance::derivative(const VecRef&, Index j) const {
  return components_[static_cast<std::size_t>(j)];
}

LogLinearVariance::LogLinearVariance(const VecRef& vi, const MatRef& Z)
    : VarianceModel(singletons(vi.size())), vi_(vi), Z_(Z) {
  if (Z.rows() != vi.size())
    throw InvalidInput("scale", "must have as many rows as there are studies");
}

Bounds LogLinearVariance::bounds() const {
  return {Vec::Constant(parameters(), -kInf), Vec::Constant(parameters(), kInf)};
}

// The coefficients whose values come closest to one heterogeneity for all.
Vec LogLinearVariance::start(const VecRef& squares) const {
  const Vec level = Vec::Constant(Z_.rows(), std::log(excess(squares, vi_.mean())));
  const Vec moments = Z_.transpose() * level;
  return solve_symmetric(product(Z_.transpose(), Z_), VecRef(moments));
}

Blocks LogLinearVariance::marginal(const VecRef& theta) const {
  return diagonal((vi_.array() + (Z_ * theta).array().exp()).matrix());
}

Blocks LogLinearVariance::derivative(const VecRef& theta, Index j) const {
  return diagonal(((Z_ * theta).array().exp() * Z_.col(j).array()).matrix());
}

}  // namespace metaparity
