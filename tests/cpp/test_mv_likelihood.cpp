// Likelihood against the dense formula, score and information against differences.
#include "core/model/mv_likelihood.hpp"

#include <Eigen/LU>
#include <cmath>

#include "catch.h"
#include "core/constants.hpp"
#include "hard_data.hpp"
#include "mv_models.hpp"

using namespace metaparity;

namespace {

double dense_likelihood(const MvModel& m, const MvLayout& layout, const Vec& psi, bool restricted) {
  const std::vector<MvCluster> clusters = mv_clusters(m);
  const std::vector<Mat> blocks = mv_marginal(m, clusters, layout, psi);
  const Index n = m.y.size(), p = m.X.cols();
  Mat M = Mat::Zero(n, n);
  for (std::size_t c = 0; c < blocks.size(); ++c) {
    for (std::size_t i = 0; i < clusters[c].rows.size(); ++i) {
      for (std::size_t j = 0; j < clusters[c].rows.size(); ++j)
        M(clusters[c].rows[i], clusters[c].rows[j]) =
            blocks[c](static_cast<Index>(i), static_cast<Index>(j));
    }
  }
  const Mat W = M.inverse(), A = m.X.transpose() * W * m.X;
  const Vec b = A.inverse() * (m.X.transpose() * W * m.y), r = m.y - m.X * b;
  const double dn = static_cast<double>(n), dp = static_cast<double>(p), q = r.dot(W * r);
  const double ml = -0.5 * (dn * kLog2Pi + std::log(M.determinant()) + q);
  if (!restricted) return ml;
  const Mat xx = m.X.transpose() * m.X;
  return ml + 0.5 * dp * kLog2Pi - 0.5 * std::log(A.determinant()) +
         0.5 * std::log(xx.determinant());
}

void check_slopes(const MvModel& model, const IndexVec& ranks, const Vec& psi) {
  const MvLayout layout = mv_layout(model, ranks);
  const auto likelihood = mv_block_likelihood(model, mv_clusters(model), layout);
  for (const bool restricted : {true, false}) {
    const auto value = [&](const Vec& at) {
      const MvMean m = likelihood->mean(at);
      return restricted ? m.reml : m.ml;
    };
    const double here = value(psi);
    CHECK(here == Approx(dense_likelihood(model, layout, psi, restricted)).epsilon(1e-10));
    const MvSlope slope = likelihood->slope(psi, restricted, true);
    const double h = 1e-5;
    for (Index j = 0; j < psi.size(); ++j) {
      Vec up = psi, down = psi;
      up[j] += h;
      down[j] -= h;
      CHECK((value(up) - value(down)) / (2.0 * h) ==
            Approx(slope.score[j]).epsilon(1e-5).margin(1e-6));
      value(up);
      const Vec s_up = likelihood->slope(up, restricted, true).score;
      value(down);
      const Vec s_down = likelihood->slope(down, restricted, true).score;
      for (Index k = 0; k < psi.size(); ++k)
        CHECK(-(s_up[k] - s_down[k]) / (2.0 * h) ==
              Approx(slope.information(j, k)).epsilon(1e-4).margin(1e-5));
      value(psi);
    }
  }
}

}  // namespace

TEST_CASE("score and information of blocks are the slopes of the likelihood") {
  stress::Random r(21);
  const MvModel nested = three_level(r, 18, 3, true);
  check_slopes(nested, {0, 0}, (Vec(2) << 0.2, 0.1).finished());
  const MvModel crossed = crossed_model(r, 20);
  check_slopes(crossed, {0, 0}, (Vec(2) << 0.2, 0.3).finished());
  const MvModel bivariate = two_outcomes(r, 10, MvStruct::UN);
  check_slopes(bivariate, {2}, (Vec(3) << 0.5, 0.2, 0.4).finished());
  check_slopes(bivariate, {0}, (Vec(3) << 0.5, 0.6, 0.3).finished());
  check_slopes(two_outcomes(r, 10, MvStruct::CS), {0}, (Vec(2) << 0.5, 0.3).finished());
}
