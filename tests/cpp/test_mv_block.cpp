// What a term adds to a block, what it collects from one and what it makes of a vector, against Z G Z' written out.
#include "core/model/mv_block.hpp"

#include "catch.h"
#include "hard_data.hpp"
#include "mv_models.hpp"

using namespace metaparity;

TEST_CASE("a term's part of a block is Z G Z' within outer levels") {
  stress::Random r(5);
  const MvModel m = two_outcomes(r, 4, MvStruct::UN);
  MvCluster all;
  for (Index i = 0; i < m.y.size(); ++i) all.rows.push_back(i);
  const MvBlock block = mv_block(m, all);
  CHECK(sampling_of(block).isApprox(Mat(m.V.diagonal.asDiagonal())));
  Mat G(2, 2);
  G << 2.0, 0.5, 0.5, 1.0;
  const MvTerm& t = m.terms[0];
  Mat Z = Mat::Zero(8, 8), K = Mat::Zero(8, 8);
  for (Index i = 0; i < 8; ++i)
    Z(i, 2 * t.outer[static_cast<std::size_t>(i)] + t.inner[static_cast<std::size_t>(i)]) = 1.0;
  for (Index g = 0; g < 4; ++g) K.block(2 * g, 2 * g, 2, 2) = G;
  const Mat whole = Z * K * Z.transpose();
  Mat M = Mat::Zero(8, 8);
  add_term(M, block.terms[0], G);
  CHECK(M.isApprox(whole));
  const Vec e = Vec::LinSpaced(8, -1.0, 2.0);
  CHECK(times_term(block.terms[0], G, e).isApprox(whole * e));
  // <Z'SZ, G> is <S, ZGZ'>.
  const Mat S = e * e.transpose() + Mat::Identity(8, 8);
  Mat SG = Mat::Zero(2, 2);
  collect(SG, block.terms[0], S);
  CHECK(SG.cwiseProduct(G).sum() == Approx(S.cwiseProduct(whole).sum()).epsilon(1e-12));
}
