// Predicted random effects against the dense formula.
#include "core/model/mv_effects.hpp"

#include <Eigen/LU>

#include "catch.h"
#include "hard_data.hpp"
#include "mv_models.hpp"

using namespace metaparity;

namespace {

// Columns of Z of a term: one for each outer and inner level.
Vec column(const MvTerm& t, Index outer, Index inner) {
  Vec z = Vec::Zero(static_cast<Index>(t.outer.size()));
  for (std::size_t i = 0; i < t.outer.size(); ++i) {
    if (t.outer[i] != outer) continue;
    const Index row = static_cast<Index>(i);
    if (t.general()) {
      z[row] = t.design(row, inner);
    } else if (t.inner[i] == inner) {
      z[row] = 1.0;
    }
  }
  return z;
}

void check_effects(const MvModel& m) {
  const MvFit fit = fit_mv(m, MvSpec{});
  const Mat M = dense_marginal(m, mv_marginal_at(m, fit.tau2, fit.rho)), W = M.inverse();
  const Mat P = W - W * m.X * fit.vb * m.X.transpose() * W;
  const auto found = mv_effects(m, fit, true);
  for (std::size_t t = 0; t < m.terms.size(); ++t) {
    const Mat& G = fit.G[t];
    const auto with_rows = [&](std::size_t i) {
      Vec c = Vec::Zero(m.y.size());
      for (Index j = 0; j < G.cols(); ++j)
        c += G(found[t].inner[i], j) * column(m.terms[t], found[t].outer[i], j);
      return c;
    };
    for (std::size_t i = 0; i < found[t].inner.size(); ++i) {
      const Index own = found[t].inner[i];
      const Vec c = with_rows(i);
      for (std::size_t l = 0; l < i; ++l) {
        const double prior =
            found[t].outer[i] == found[t].outer[l] ? G(own, found[t].inner[l]) : 0.0;
        CHECK(found[t].vcov(static_cast<Index>(i), static_cast<Index>(l)) ==
              Approx(prior - c.dot(P * with_rows(l))).epsilon(1e-6).margin(1e-9));
      }
      const Index at = static_cast<Index>(i);
      CHECK(found[t].pred[at] == Approx(c.dot(P * m.y)).epsilon(1e-7).margin(1e-9));
      CHECK(found[t].variance[at] == Approx(G(own, own) - c.dot(P * c)).epsilon(1e-6).margin(1e-9));
    }
  }
}

}  // namespace

TEST_CASE("random effects are G Z'P y with variance G - G Z'P Z G") {
  stress::Random r(41);
  check_effects(three_level(r, 24, 3, false));
  check_effects(two_outcomes(r, 12, MvStruct::HCS));
  check_effects(slopes_model(r, 9));
}
