// The weight that a selection model gives a p value, and its integral against the normal distribution of an estimate,
// with derivatives. Sources: Hedges (1992, Stat Sci 7, 246), Preston et al. (2004, JRSS C 53, 515), Citkowicz & Vevea
// (2017, Psychol Methods 22, 28), Begg & Mazumdar (1994, Biometrics 50, 1088). Oracle: metafor, brute force.
#pragma once

#include <vector>

#include "core/types.hpp"

namespace metaparity {

enum class SelectionType {
  Beta,
  HalfNormal,
  NegExp,
  Logistic,
  Power,
  NegExpPower,
  Step,
  Truncated,
  TruncatedAt
};

// Weights are functions of p = P(Z > z), or of P(|Z| > |z|).
struct WeightSpec {
  SelectionType type = SelectionType::Step;
  bool two_sided = false;
  Vec steps;  // ends of the intervals; one threshold below which the weight is 1; two ends of a beta weight
  double pval_min = 0.0;  // p values are kept in [pval_min, 1 - pval_min]
  double widest_z = 0.0;  // the largest |z| of the data
  double density = 5.8;   // nodes for each unit of z
};

Index weight_parameters(const WeightSpec& spec);

// Logarithm of a weight with its derivatives by delta (two at most).
struct LogWeight {
  double value = 0.0, first[2] = {0.0, 0.0}, second[3] = {0.0, 0.0, 0.0};  // 11, 12, 22
};

// A p value with its logarithms.
struct PValue {
  double p = 1.0, log_p = 0.0, log_q = -kInf;  // q = 1 - p
};
PValue p_value(double z, const WeightSpec& spec);

// Weights that vary smoothly with p; `precision` multiplies delta (the first, of two).
class SmoothWeight {
 public:
  explicit SmoothWeight(const WeightSpec& spec);
  LogWeight at(const PValue& p, const VecRef& delta, double precision) const;

 private:
  LogWeight plain(const PValue& p, const VecRef& delta, double precision) const;
  WeightSpec spec_;
  bool has_threshold_ = false;
  PValue threshold_;
};

// The z axis in ranges: cells of one weight, and nodes where it varies.
struct WeightCells {
  std::vector<double> lo, hi;  // of cells
  std::vector<int> interval;   // of a step function
  std::vector<PValue> cell_p;
  Vec node, node_weight;
  std::vector<PValue> node_p;
};
WeightCells cells_of(const WeightSpec& spec);

// Integrals of the derivatives 0 to 4 by the mean of the normal density with mean m, variance T over a cell.
void cell_moments(double lo, double hi, double m, double T, double* out);
// The same derivatives of the density itself at z.
void density_moments(double z, double m, double T, double* out);

}  // namespace metaparity
