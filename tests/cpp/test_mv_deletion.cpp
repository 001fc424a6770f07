// Fits without sets of rows against fits to the rows that are left.
#include "core/model/mv_deletion.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>

#include "catch.h"
#include "hard_data.hpp"
#include "mv_models.hpp"

using namespace metaparity;

namespace {

void check_deleted(const MvModel& model) {
  const MvFit full = fit_mv(model, MvSpec{});
  const std::vector<IndexVec> sets{{0, 1, 2}, {4}, {3, 7}};
  const auto found = mv_delete(model, MvSpec{}, full, sets, true, nullptr),
             held = mv_delete(model, MvSpec{}, full, sets, false, nullptr);
  for (std::size_t s = 0; s < sets.size(); ++s) {
    REQUIRE(found[s].valid);
    IndexVec keep;
    for (Index i = 0; i < model.y.size(); ++i) {
      if (std::find(sets[s].begin(), sets[s].end(), i) == sets[s].end()) keep.push_back(i);
    }
    const MvFit rest = fit_mv(mv_subset(model, keep), MvSpec{});
    for (std::size_t i = 0; i < sets[s].size(); ++i) {
      const Index row = sets[s][i];
      CHECK(found[s].resid[static_cast<Index>(i)] ==
            Approx(model.y[row] - model.X.row(row).dot(rest.beta)).epsilon(1e-5));
    }
    REQUIRE(held[s].valid);
    for (std::size_t t = 0; t < model.terms.size(); ++t)
      CHECK((held[s].tau2[t] - full.tau2[t]).cwiseAbs().maxCoeff() <=
            1e-10 * full.tau2[t].cwiseAbs().maxCoeff());
  }
}

}  // namespace

TEST_CASE("deleted sets are refits to the other rows") {
  stress::Random r(31);
  check_deleted(three_level(r, 30, 3, true));
  check_deleted(two_outcomes(r, 14, MvStruct::UN));
  check_deleted(slopes_model(r, 12));
  check_deleted(crossed_model(r, 30));
}

TEST_CASE("the covariance of the mean is that of the dense marginal variance") {
  stress::Random r(32);
  const MvModel m = slopes_model(r, 8);
  const MvFit fit = fit_mv(m, MvSpec{});
  const MvMarginal marginal = mv_marginal_at(m, fit.tau2, fit.rho);
  const Mat M = dense_marginal(m, marginal), want = (m.X.transpose() * M.inverse() * m.X).inverse();
  CHECK(mv_mean_covariance(m, marginal).isApprox(want, 1e-8));
  CHECK(fit.vb.isApprox(want, 1e-8));
}

TEST_CASE("statistics of sets are r'S^-1 r") {
  Mat S(3, 3);
  S << 2.0, 0.5, 0.1, 0.5, 1.0, 0.2, 0.1, 0.2, 3.0;
  const Vec r = (Vec(3) << 1.0, -2.0, 0.5).finished(),
            found = mv_set_statistics(r, S, {{0, 1}, {2}});
  const Mat part = S.topLeftCorner(2, 2);
  CHECK(found[0] == Approx(r.head(2).dot(part.inverse() * r.head(2))).epsilon(1e-12));
  CHECK(found[1] == Approx(0.25 / 3.0).epsilon(1e-12));
}

TEST_CASE("weights of the user's own stay with their rows") {
  stress::Random r(33);
  MvModel m = three_level(r, 18, 3, false);
  m.weights = Vec::LinSpaced(18, 1.0, 3.0).asDiagonal();
  const MvFit full = fit_mv(m, MvSpec{});
  const auto found = mv_delete(m, MvSpec{}, full, {{0, 1, 2}}, true, nullptr);
  REQUIRE(found[0].valid);
  IndexVec keep;
  for (Index i = 3; i < 18; ++i) keep.push_back(i);
  const MvModel rest = mv_subset(m, keep);
  const Vec w = rest.weights.diagonal();
  CHECK(w[0] == m.weights(3, 3));
  const Vec beta = (rest.X.transpose() * w.asDiagonal() * rest.X).inverse() *
                   (rest.X.transpose() * w.cwiseProduct(rest.y));
  for (Index i = 0; i < 3; ++i)
    CHECK(found[0].resid[i] == Approx(m.y[i] - m.X.row(i).dot(beta)).epsilon(1e-9));
}
