// Blocks and levels taken apart against the dense blocks of the same model: likelihood, score, fits.
#include <cmath>

#include "catch.h"
#include "core/model/mv_fit.hpp"
#include "hard_data.hpp"
#include "mv_models.hpp"

using namespace metaparity;

namespace {

// Groups nested in each other, crossed with others that are related.
MvModel related_model(stress::Random& r, Index n, bool dependent) {
  MvModel m = three_level(r, n, 4, dependent);
  IndexVec level;
  for (Index i = 0; i < n; ++i) level.push_back((i * 7) % 13);
  m.terms.push_back(component(level));
  MvTerm known;
  known.inner = level;
  known.outer = IndexVec(static_cast<std::size_t>(n), 0);
  known.levels = 13;
  known.tau2 = Vec::Constant(1, kNaN);
  known.known.resize(13, 13);
  for (Index j = 0; j < 13; ++j) {
    for (Index i = 0; i < 13; ++i) known.known(i, j) = std::pow(0.6, std::abs(i - j));
  }
  m.terms.push_back(known);
  return m;
}

IndexVec nine_levels(Index n) {
  IndexVec out;
  for (Index i = 0; i < n; ++i) out.push_back((i * 5) % 9);
  return out;
}

void check_equal(const MvModel& model, const Vec& psi, const IndexVec& ranks) {
  const MvLayout layout = mv_layout(model, ranks);
  const auto clusters = mv_clusters(model);
  const auto dense = mv_block_likelihood(model, clusters, layout),
             crossed = mv_crossed_likelihood(model, clusters, layout);
  REQUIRE(crossed != nullptr);
  const MvMean a = dense->mean(psi), b = crossed->mean(psi);
  REQUIRE(a.valid);
  REQUIRE(b.valid);
  CHECK(b.ml == Approx(a.ml).epsilon(1e-11));
  CHECK(b.reml == Approx(a.reml).epsilon(1e-11));
  for (Index j = 0; j < a.beta.size(); ++j) {
    CHECK(b.beta[j] == Approx(a.beta[j]).epsilon(1e-9).scale(0));
    CHECK(b.vb(j, j) == Approx(a.vb(j, j)).epsilon(1e-9).scale(0));
  }
  for (const bool restricted : {true, false}) {
    const Vec s = dense->slope(psi, restricted, true).score,
              t = crossed->slope(psi, restricted, false).score;
    for (Index j = 0; j < s.size(); ++j)
      CHECK(t[j] == Approx(s[j]).epsilon(1e-8).margin(1e-8 * s.cwiseAbs().maxCoeff()));
  }
}

void check_equal(const MvModel& model, const Vec& psi) {
  check_equal(model, psi, IndexVec(model.terms.size(), 0));
}

}  // namespace

TEST_CASE("crossed components taken apart have the likelihood of dense blocks") {
  stress::Random r(77);
  for (const bool dependent : {false, true}) {
    const MvModel m = related_model(r, 160, dependent);
    check_equal(m, (Vec(4) << 0.2, 0.1, 0.3, 0.15).finished());
    check_equal(m, (Vec(4) << 0.0, 0.0, 0.0, 0.0).finished());
    check_equal(m, (Vec(4) << 0.0, 0.2, 0.0, 0.4).finished());
  }
}

TEST_CASE("the average information is half of y'P M_j P M_k P y") {
  stress::Random r(78);
  const MvModel m = related_model(r, 160, false);
  const MvLayout layout = mv_layout(m, IndexVec(4, 0));
  const auto clusters = mv_clusters(m);
  const auto dense = mv_block_likelihood(m, clusters, layout),
             crossed = mv_crossed_likelihood(m, clusters, layout);
  const Vec psi = (Vec(4) << 0.2, 0.1, 0.3, 0.15).finished();
  dense->mean(psi);
  crossed->mean(psi);
  // Blocks of more than 150 rows have it too.
  const Mat a = dense->slope(psi, true, false).information,
            b = crossed->slope(psi, true, false).information;
  for (Index j = 0; j < 4; ++j) {
    for (Index k = 0; k < 4; ++k) CHECK(b(j, k) == Approx(a(j, k)).epsilon(1e-8));
  }
}

TEST_CASE("a structure within clusters stands beside crossed components") {
  stress::Random r(79);
  MvModel m = two_outcomes(r, 70, MvStruct::CS);
  m.terms.push_back(component(nine_levels(140)));
  check_equal(m, (Vec(3) << 0.5, 0.3, 0.2).finished());
}

TEST_CASE("a factored matrix within clusters stands beside crossed components") {
  stress::Random r(81);
  MvModel m = two_outcomes(r, 70, MvStruct::UN);
  m.terms.push_back(component(nine_levels(140)));
  check_equal(m, (Vec(4) << 0.5, 0.3, 0.4, 0.2).finished(), {2, 0});
  check_equal(m, (Vec(3) << 0.5, 0.3, 0.2).finished(), {1, 0});

  // Some of four arms a study.
  MvModel arms = base_model(r, 120, 1);
  MvTerm un;
  un.structure = MvStruct::UN;
  un.levels = 4;
  un.tau2 = Vec::Constant(4, kNaN);
  un.rho = Vec::Constant(6, kNaN);
  for (Index i = 0; i < 120; ++i) {
    un.outer.push_back(i / 3);
    un.inner.push_back((i + i / 3) % 4);
  }
  arms.terms = {un, component(nine_levels(120))};
  check_equal(arms, (Vec(11) << 0.5, 0.3, 0.4, 0.2, 0.6, 0.1, 0.3, 0.5, 0.2, 0.4, 0.3).finished(),
              {4, 0});
}

TEST_CASE("fits of crossed components are maxima") {
  stress::Random r(80);
  for (int trial = 0; trial < 5; ++trial) {
    const MvModel m = related_model(r, 160, trial % 2 == 1);
    const MvFit fit = fit_mv(m, MvSpec{});
    CHECK(fit.settled);
    const MvLayout layout = mv_layout(m, IndexVec(4, 0));
    const auto dense = mv_block_likelihood(m, mv_clusters(m), layout);
    Vec psi(4);
    for (std::size_t t = 0; t < 4; ++t) psi[static_cast<Index>(t)] = fit.tau2[t][0];
    const double top = dense->mean(psi).reml;
    CHECK(fit.of_reml.ll == Approx(top).epsilon(1e-10));
    for (Index j = 0; j < 4; ++j) {
      for (const double factor : {0.97, 1.03}) {
        Vec near = psi;
        near[j] = psi[j] > 0.0 ? psi[j] * factor : 1e-3;
        CHECK(dense->mean(near).reml <= top + 1e-9);
      }
    }
  }
}

// The average information is nearly singular where columns of the factor vanish.
TEST_CASE(
    "an unstructured matrix of few studies beside a crossed component is fitted to its maximum") {
  for (unsigned trial = 0; trial < 40; ++trial) {
    stress::Random r(300 + trial);
    MvModel m = base_model(r, 40, 1);
    MvTerm un;
    un.structure = MvStruct::UN;
    un.levels = 4;
    un.tau2 = Vec::Constant(4, kNaN);
    un.rho = Vec::Constant(6, kNaN);
    IndexVec level;
    for (Index i = 0; i < 40; ++i) {
      un.outer.push_back(i / 3);
      un.inner.push_back((i + i / 3) % 4);
      level.push_back(static_cast<Index>(r.uniform() * 5.0));
    }
    m.terms = {un, component(level)};
    const MvFit fit = fit_mv(m, MvSpec{});
    CHECK(fit.settled);
    MvSpec one;
    one.many_starts = false;
    CHECK(fit.of_reml.ll >= fit_mv(m, one).of_reml.ll - 1e-9);
  }
}
