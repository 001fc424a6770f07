// What a multilevel or multivariate model is: y ~ N(X b, V + sum_t Z_t G_t Z_t'), random effects of different outer levels
// independent. A component sigma2 is a term too: G = sigma2 R. Source: Konstantopoulos (2011, Res Synth Methods 2, 61);
// Berkey et al. (1998, Stat Med 17, 2537); structures: Pinheiro & Bates (2000), ch. 5. Oracle: the dense likelihood.
#pragma once

#include <string>
#include <vector>

#include "core/types.hpp"

namespace metaparity {

enum class MvStruct {
  CS,
  HCS,
  UN,
  ID,
  DIAG,
  AR,
  HAR,
  CAR,
  SPEXP,
  SPGAU,
  SPLIN,
  SPRAT,
  SPSPH,
  GEN,
  GDIAG,
  Known
};

using IndexVec = std::vector<Index>;

// One random term. Rows of the same outer level share effects; which of them, `inner` says, or the row of `design`.
struct MvTerm {
  MvStruct structure = MvStruct::Known;
  IndexVec inner, outer;    // of each row, from 0
  Index levels = 1;         // inner levels, or columns of `design`
  Mat design;               // GEN, GDIAG: the covariates of each row
  Mat distance;             // of inner levels: ranks apart (AR), times apart (CAR), distances (SP)
  Mat known;                // Known: R; empty for the identity
  Vec tau2, rho;            // given values, NaN where free; Known has its sigma2 in tau2
  double least_rho = -1.0;  // the bound of correlations
  Vec tau2_start, rho_start;  // a start of the user's own; NaN where there is none

  bool general() const { return design.size() > 0; }
};

// Sampling variances: of independent estimates, or in blocks of neighbouring or scattered rows.
struct SamplingV {
  Vec diagonal;
  std::vector<Mat> blocks;
  std::vector<IndexVec> rows;  // of each block

  bool is_diagonal() const { return blocks.empty(); }
};

struct MvModel {
  Vec y;
  Mat X;
  SamplingV V;
  std::vector<MvTerm> terms;
  Mat weights;     // of the user's own for the mean; empty for M^-1
  Vec beta;        // coefficients given, NaN where free; empty: all are free
  Mat restricted;  // what the restricted likelihood leaves out, where it is not X
  IndexVec
      ties;  // a number for each tau2 and rho of each term in turn: equal numbers, equal values; empty: none
};

// Rows that depend on each other, with the sampling variances among them (empty where these are diagonal).
struct MvCluster {
  IndexVec rows;
  Mat V;
};

// Sets of rows connected by blocks of V, by outer levels or by related levels.
std::vector<MvCluster> mv_clusters(const MvModel& model);
// A matrix as the blocks of its connected rows; without blocks where it is diagonal.
SamplingV mv_sampling(const MatRef& V);
// The rows `keep` alone. Levels stay as they are.
MvModel mv_subset(const MvModel& model, const IndexVec& keep);
// How many values tau2 and rho a structure has.
Index mv_tau2_count(MvStruct structure, Index levels);
Index mv_rho_count(MvStruct structure, Index levels);
MvStruct mv_struct(const std::string& word);
// Throws InvalidInput unless lengths, levels and rows belong together, so that no index leaves its vector.
void check_mv_model(const MvModel& model);
// The same of a tau2 and a rho for each term.
void check_mv_values(const MvModel& model, const std::vector<Vec>& tau2,
                     const std::vector<Vec>& rho);
// Every index below the bound.
void check_mv_rows(const IndexVec& rows, Index bound);

}  // namespace metaparity
