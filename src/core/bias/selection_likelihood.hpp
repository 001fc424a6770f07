// The log-likelihood of selected estimates at given parameters, with its exact derivatives, on standardised data.
// Sources: those of selection_model.hpp. Oracle: central differences.
#pragma once

#include <vector>

#include "core/bias/selection_model.hpp"

namespace metaparity {

// Parameters: coefficients of orthonormalised columns, tau2, and theta: delta, or the ratios of successive deltas.
class SelectionLikelihood {
 public:
  SelectionLikelihood(const SelectionData& data, const SelectionSpec& spec, double density);

  Expansion operator()(const Vec& x) const;
  // By delta itself.
  Expansion by_delta(const Vec& x) const;

  Index size() const { return p_ + 1 + d_; }
  SelectionType type() const { return spec_.type; }
  Index coefficients() const { return p_; }
  Index deltas() const { return d_; }
  Box box() const;
  // In the units of the user: real = units() * x for beta and tau2; delta of x.
  Mat to_real() const;
  Vec delta(const Vec& x) const;
  Mat delta_jacobian(const Vec& x) const;
  Vec real_delta(const Vec& x) const;
  // Weighted least squares at tau2, moved by `shift`; in working units.
  Vec start(double tau2, const Vec& delta, double shift = 0.0) const;
  Vec start_from(const SelectionFit& fit) const;
  double moment_tau2() const;
  double ll_shift() const;
  double delta_unit(Index j) const;  // what a delta is multiplied by to have the user's units
  const Vec& yi() const { return y_; }
  bool is_affected(Index i) const { return affected_[static_cast<std::size_t>(i)]; }

 private:
  struct Local;  // A of one study by (m, T, delta), and room to compute it
  void add_study(Index i, const Vec& x, const Vec& delta, const Mat& columns, Local& a,
                 Expansion& out) const;
  Mat weight_columns(const Vec& delta, double precision) const;
  void normaliser(Index i, double m, double T, const Vec& delta, const Mat& columns,
                  Local& out) const;
  void truncated(Index i, double m, double T, const Vec& delta, Local& out) const;
  bool own_weight(Index i, const Vec& delta, LogWeight& out, Index& interval) const;

  SelectionSpec spec_;
  WeightSpec weights_;
  SmoothWeight smooth_;
  WeightCells cells_;
  Index p_ = 0, d_ = 0;
  double scale_ = 1.0, sign_ = 1.0;
  Vec y_, v_, s_;
  Mat Q_, root_;  // X = Q root
  std::vector<bool> affected_;
  Vec precision_;
  bool common_precision_ = true;
  std::vector<PValue> p_value_;
  std::vector<Index> interval_;
};

}  // namespace metaparity
