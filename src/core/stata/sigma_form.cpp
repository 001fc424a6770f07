#include "core/stata/sigma_form.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/errors.hpp"

namespace metaparity {
namespace {

Mat exchangeable(Index n, double rho) {
  Mat out = Mat::Constant(n, n, rho);
  out.diagonal().setOnes();
  return out;
}

Mat unit_cell(Index n, Index r, Index c) {
  Mat out = Mat::Zero(n, n);
  out(r, c) = 1.0;
  return out;
}

Mat with_transpose(const Mat& a) { return a + a.transpose(); }

}  // namespace

SigmaKind sigma_kind(const std::string& word) {
  if (word == "unstructured") return SigmaKind::Unstructured;
  if (word == "proportional") return SigmaKind::Proportional;
  if (word == "correlation") return SigmaKind::Correlation;
  if (word == "exchangeable") return SigmaKind::Exchangeable;
  if (word == "equals") return SigmaKind::Equals;
  throw InvalidInput("bscov", "is no structure: " + word);
}

SigmaForm::SigmaForm(SigmaKind kind, Index outcomes, Mat known)
    : kind_(kind), outcomes_(outcomes), known_(std::move(known)) {
  const bool needs = kind == SigmaKind::Proportional || kind == SigmaKind::Correlation ||
                     kind == SigmaKind::Equals;
  if ((needs || known_.size() > 0) && (known_.rows() != outcomes || known_.cols() != outcomes))
    throw InvalidInput("bscov", "needs a matrix with a row for each outcome");
  for (Index c = 0; c < outcomes; ++c) {
    for (Index r = c; r < outcomes; ++r)
      if (free_cell(r, c)) cells_.emplace_back(r, c);
  }
}

bool SigmaForm::free_cell(Index r, Index c) const {
  return kind_ != SigmaKind::Unstructured || known_.size() == 0 || known_(r, c) != 0.0;
}

Index SigmaForm::size() const {
  switch (kind_) {
    case SigmaKind::Unstructured:
      return static_cast<Index>(cells_.size());
    case SigmaKind::Proportional:
      return 1;
    case SigmaKind::Correlation:
      return outcomes_;
    case SigmaKind::Exchangeable:
      return outcomes_ > 1 ? 2 : 1;
    case SigmaKind::Equals:
      return 0;
  }
  return 0;
}

Mat SigmaForm::factor(const Vec& theta) const {
  Mat out = Mat::Zero(outcomes_, outcomes_);
  for (std::size_t j = 0; j < cells_.size(); ++j)
    out(cells_[j].first, cells_[j].second) = theta[static_cast<Index>(j)];
  return out;
}

Mat SigmaForm::value(const Vec& theta) const {
  switch (kind_) {
    case SigmaKind::Unstructured: {
      const Mat l = factor(theta);
      return l * l.transpose();
    }
    case SigmaKind::Proportional:
      return theta[0] * theta[0] * known_;
    case SigmaKind::Correlation:
      return theta.asDiagonal() * known_ * theta.asDiagonal();
    case SigmaKind::Exchangeable:
      return theta[0] * theta[0] * exchangeable(outcomes_, size() > 1 ? theta[1] : 0.0);
    case SigmaKind::Equals:
      return known_;
  }
  return known_;
}

Mat SigmaForm::first(const Vec& theta, Index j) const {
  switch (kind_) {
    case SigmaKind::Unstructured: {
      const auto& at = cells_[static_cast<std::size_t>(j)];
      return with_transpose(unit_cell(outcomes_, at.first, at.second) * factor(theta).transpose());
    }
    case SigmaKind::Proportional:
      return 2.0 * theta[0] * known_;
    case SigmaKind::Correlation:
      return with_transpose(unit_cell(outcomes_, j, j) * known_ * theta.asDiagonal());
    case SigmaKind::Exchangeable:
      if (j == 0) return 2.0 * theta[0] * exchangeable(outcomes_, size() > 1 ? theta[1] : 0.0);
      return theta[0] * theta[0] *
             (exchangeable(outcomes_, 1.0) - Mat::Identity(outcomes_, outcomes_));
    case SigmaKind::Equals:
      break;
  }
  return Mat::Zero(outcomes_, outcomes_);
}

Mat SigmaForm::second(const Vec& theta, Index j, Index k) const {
  switch (kind_) {
    case SigmaKind::Unstructured: {
      const auto &a = cells_[static_cast<std::size_t>(j)], &b = cells_[static_cast<std::size_t>(k)];
      return with_transpose(unit_cell(outcomes_, a.first, a.second) *
                            unit_cell(outcomes_, b.second, b.first));
    }
    case SigmaKind::Proportional:
      return 2.0 * known_;
    case SigmaKind::Correlation:
      return known_(j, k) * with_transpose(unit_cell(outcomes_, j, k));
    case SigmaKind::Exchangeable:
      if (j == 0 && k == 0) return 2.0 * exchangeable(outcomes_, size() > 1 ? theta[1] : 0.0);
      if (j == 1 && k == 1) break;
      return 2.0 * theta[0] * (exchangeable(outcomes_, 1.0) - Mat::Identity(outcomes_, outcomes_));
    case SigmaKind::Equals:
      break;
  }
  return Mat::Zero(outcomes_, outcomes_);
}

Vec SigmaForm::near(const Mat& sigma) const {
  const Vec sd = sigma.diagonal().cwiseMax(0.0).cwiseSqrt();
  Vec out(size());
  switch (kind_) {
    case SigmaKind::Unstructured: {
      const Mat l = semi_cholesky(sigma);
      for (std::size_t j = 0; j < cells_.size(); ++j)
        out[static_cast<Index>(j)] = l(cells_[j].first, cells_[j].second);
      break;
    }
    case SigmaKind::Proportional:
      out[0] = std::sqrt(std::max(0.0, sigma.trace() / known_.trace()));
      break;
    case SigmaKind::Correlation:
      for (Index j = 0; j < outcomes_; ++j)
        out[j] = known_(j, j) > 0.0 ? sd[j] / std::sqrt(known_(j, j)) : 0.0;
      break;
    case SigmaKind::Exchangeable: {
      const double n = static_cast<double>(outcomes_), mean = sigma.trace() / n;
      out[0] = std::sqrt(std::max(0.0, mean));
      if (outcomes_ > 1)
        out[1] = mean > 0.0 ? (sigma.sum() - sigma.trace()) / (n * (n - 1.0)) / mean : 0.0;
      break;
    }
    case SigmaKind::Equals:
      break;
  }
  return out;
}

Mat semi_cholesky(const Mat& a) {
  const Index n = a.rows();
  Mat l = Mat::Zero(n, n);
  for (Index j = 0; j < n; ++j) {
    const double left = a(j, j) - l.row(j).head(j).squaredNorm();
    if (!(left > 1e-13 * a(j, j))) continue;
    l(j, j) = std::sqrt(left);
    for (Index i = j + 1; i < n; ++i)
      l(i, j) = (a(i, j) - l.row(i).head(j).dot(l.row(j).head(j))) / l(j, j);
  }
  return l;
}

}  // namespace metaparity
