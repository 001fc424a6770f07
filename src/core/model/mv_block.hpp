// The rows of one cluster, the random terms as they see them, and what a term adds to a matrix of these rows.
// Oracle: Z G Z' written out.
#pragma once

#include "core/model/mv_model.hpp"

namespace metaparity {

// A term as one cluster sees it: levels of its rows.
struct MvLocalTerm {
  IndexVec inner, outer;
  Mat design;
};

struct MvBlock {
  Mat X, V;
  Mat restricted;  // rows of MvModel::restricted, or of X
  Vec y, v;
  std::vector<MvLocalTerm> terms;
  Index size() const { return y.size(); }
};

MvBlock mv_block(const MvModel& model, const MvCluster& cluster);
// V among the rows.
Mat sampling_of(const MvBlock& block);
// M += Z G Z' among rows of the same outer level.
void add_term(Mat& M, const MvLocalTerm& t, const Mat& G);
// SG += Z' S Z over the pairs of rows of the same outer level.
void collect(Mat& SG, const MvLocalTerm& t, const Mat& S);
// Z D Z' e.
Vec times_term(const MvLocalTerm& t, const Mat& D, const Vec& e);

}  // namespace metaparity
