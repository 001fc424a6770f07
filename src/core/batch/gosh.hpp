// Graphical display of study heterogeneity: the model fitted to subsets of the studies.
// Source: Olkin, Dahabreh & Trikalinos (2012, Res Synth Methods 3, 214). Common-effect and DerSimonian-Laird
// fits of an intercept come from moments; other models are refitted. Oracle: fit_rma() on the rows; metafor.
#pragma once

#include "core/types.hpp"

namespace metaparity {

using SubsetRef = Eigen::Ref<const Eigen::MatrixXi>;

// One row per subset; NaN in a row whose fit does not exist.
struct Gosh {
  Gosh(Index n, Index p);
  std::vector<int> k;
  Vec QE, I2, H2, tau2;
  Mat beta;
};

// include(i, j) != 0: study j is in subset i. Rows from, from + 1, ..., from + n - 1 are fitted.
Gosh gosh(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& weights,
          const ModelSpec& spec, const SubsetRef& include, Index from, Index n, int threads);

// All subsets of 1, ..., k studies out of k, by size and within a size in the order of colexicographic counting.
Eigen::MatrixXi all_subsets(int k, int smallest);

}  // namespace metaparity
