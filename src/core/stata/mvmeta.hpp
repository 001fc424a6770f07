// Multivariate meta-analysis as Stata's mvmeta fits it: the mean and its variance with and without the uncertainty of
// the
// covariances between studies, by the observed information of both. Sources: White (2009, Stata J 9, 40; 2011, 11,
// 255);
// Riley, Thompson & Abrams (2008, Biostatistics 9, 172) for one overall correlation. Oracles: numerical derivatives,
// logs.
#pragma once

#include "core/stata/sigma_form.hpp"

namespace metaparity {

// Estimates of study after study, outcome after outcome; NaN where there is none.
struct MvmetaData {
  Index outcomes = 1;
  Vec y;
  Mat X;  // a row for each estimate
  Mat S;  // a row for each study: its sampling covariances, column by column
};

struct MvmetaSpec {
  bool restricted = true;
  bool overall = false;  // the overall correlation model of Riley et al.: only sampling variances
};

struct MvmetaFit {
  Vec beta, theta;
  Mat Sigma;
  Mat slopes;   // of the cells of Sigma, column by column, in theta
  Mat vb;       // with Sigma known
  Mat vb_full;  // of beta and theta together; NaN where the likelihood is flat
  double ll = kNaN;
  int iterations = 0, maxima = 1;
  bool converged = true;
  bool flat = false;  // a parameter of Sigma has no curvature
};

// Throws InvalidInput, SingularDesign, NotConverged.
MvmetaFit fit_mvmeta(const MvmetaData& data, const SigmaForm& form, const MvmetaSpec& spec);

// Weights of the studies: of each, X'WX, and of its outcomes alone, with the coefficients of each estimate in the mean.
struct MvmetaWeights {
  std::vector<Mat> information;  // of each study
  Mat coefficients;              // of each estimate (row) in each parameter (column)
};
MvmetaWeights mvmeta_weights(const MvmetaData& data, const Mat& sigma);

// One study's rows that have an estimate.
struct MvmetaStudy {
  std::vector<Index> at;  // outcomes
  Vec y;
  Mat X, S;
  Mat T;  // what was multiplied from the left; empty for nothing
};
std::vector<MvmetaStudy> mvmeta_studies(const MvmetaData& data);

}  // namespace metaparity
