// Fits against many starts, exact zeros and correlations with their certificates, equivariance, identities.
#include "core/model/mv_fit.hpp"

#include <cmath>

#include "catch.h"
#include "core/errors.hpp"
#include "core/model/random_effects.hpp"
#include "hard_data.hpp"
#include "mv_models.hpp"

using namespace metaparity;

TEST_CASE("one component is the random-effects model") {
  stress::Random r(2);
  for (int i = 0; i < 20; ++i) {
    MvModel m = base_model(r, 12, 2);
    IndexVec own;
    for (Index j = 0; j < 12; ++j) own.push_back(j);
    m.terms = {component(own)};
    const MvFit fit = fit_mv(m, {});
    ModelSpec spec;
    const RmaFit uni = fit_rma(m.y, m.V.diagonal, m.X, Vec(), spec);
    CHECK(fit.tau2[0][0] == Approx(uni.tau2).epsilon(1e-8).margin(1e-12));
    CHECK(fit.of_reml.ll == Approx(uni.reml.ll).epsilon(1e-10));
    CHECK(fit.of_ml.ll == Approx(uni.ml.ll).epsilon(1e-8));
    CHECK(fit.QE == Approx(uni.QE).epsilon(1e-10));
  }
}

TEST_CASE("no step away from a fit raises the likelihood, and zeros are exact") {
  stress::Random r(8);
  int zeros = 0;
  for (int i = 0; i < 60; ++i) {
    const MvModel m = three_level(r, 21, 3, i % 2 == 0);
    const MvFit fit = fit_mv(m, {});
    CHECK(fit.settled);
    for (std::size_t t = 0; t < 2; ++t) {
      const double here = fit.tau2[t][0];
      zeros += here == 0.0;
      CHECK((here == 0.0 || here > 1e-10));
      for (const double factor : {0.99, 1.01}) {
        MvModel held = m;
        for (std::size_t s = 0; s < 2; ++s) held.terms[s].tau2 = fit.tau2[s];
        held.terms[t].tau2[0] = here > 0.0 ? here * factor : 1e-4;
        CHECK(fit_mv(held, {}).of_reml.ll <= fit.of_reml.ll + 1e-11);
      }
    }
  }
  CHECK(zeros > 0);
}

TEST_CASE("unstructured covariances: correlations of -1 and 1 are exact") {
  stress::Random r(14);
  int edges = 0;
  for (int i = 0; i < 40; ++i) {
    const MvModel m = two_outcomes(r, 6, MvStruct::UN);
    const MvFit fit = fit_mv(m, {});
    const double rho = fit.rho[0][0];
    edges += std::fabs(rho) == 1.0;
    CHECK((std::fabs(rho) == 1.0 || std::fabs(rho) < 1.0 - 1e-7));
    // HCS is the same model with its correlation in a box.
    MvModel hcs = m;
    hcs.terms[0].structure = MvStruct::HCS;
    CHECK(fit_mv(hcs, {}).of_reml.ll == Approx(fit.of_reml.ll).epsilon(1e-8));
  }
  CHECK(edges > 5);
}

TEST_CASE("multiplying the data multiplies the fit") {
  stress::Random r(31);
  const MvModel m = three_level(r, 30, 3, true);
  const MvFit fit = fit_mv(m, {});
  for (const double s : {1e-6, 0.7, 3e5}) {
    MvModel scaled = m;
    scaled.y *= s;
    scaled.V.diagonal *= s * s;
    for (Mat& b : scaled.V.blocks) b *= s * s;
    const MvFit other = fit_mv(scaled, {});
    for (std::size_t t = 0; t < 2; ++t)
      CHECK(other.tau2[t][0] / (s * s) == Approx(fit.tau2[t][0]).epsilon(1e-9).margin(1e-14));
    CHECK((other.beta / s - fit.beta).norm() < 1e-9 * fit.beta.norm());
    CHECK(other.QE == Approx(fit.QE).epsilon(1e-10));
  }
}

TEST_CASE("rows left out of a model are rows that were never there") {
  stress::Random r(6);
  const MvModel m = three_level(r, 30, 3, true);
  IndexVec keep;
  for (Index i = 0; i < 30; ++i) {
    if (i % 7 != 3) keep.push_back(i);
  }
  const MvModel part = mv_subset(m, keep);
  CHECK(part.y.size() == static_cast<Index>(keep.size()));
  for (std::size_t i = 0; i < keep.size(); ++i)
    CHECK(part.y[static_cast<Index>(i)] == m.y[keep[i]]);
  Index rows = 0;
  for (const Mat& b : part.V.blocks) rows += b.rows();
  CHECK(rows == part.y.size());
  CHECK(mv_sampling(Mat(Vec::Ones(4).asDiagonal())).is_diagonal());
}

TEST_CASE("what cannot be fitted is refused") {
  stress::Random r(1);
  MvModel m = three_level(r, 6, 3, false);
  m.X = Mat::Ones(6, 2);
  CHECK_THROWS_AS(fit_mv(m, {}), SingularDesign);
  m.X = Mat::Ones(5, 1);
  CHECK_THROWS_AS(fit_mv(m, {}), InvalidInput);
  CHECK_THROWS_AS(mv_struct("XX"), InvalidInput);
}

TEST_CASE("no correlation held fixed has a higher likelihood than the fit") {
  stress::Random r(573);
  for (int trial = 0; trial < 40; ++trial) {
    const MvStruct structure = trial % 2 == 0 ? MvStruct::CS : MvStruct::HAR;
    MvModel m = base_model(r, 24 + trial % 16, 1);
    MvTerm t;
    t.structure = structure;
    t.levels = 4;
    t.tau2 = Vec::Constant(mv_tau2_count(structure, 4), kNaN);
    t.rho = Vec::Constant(1, kNaN);
    for (Index i = 0; i < m.y.size(); ++i) {
      t.inner.push_back(i % 4);
      t.outer.push_back(i / 4);
    }
    t.distance.resize(4, 4);
    for (Index j = 0; j < 4; ++j) {
      for (Index i = 0; i < 4; ++i) t.distance(i, j) = static_cast<double>(std::abs(i - j));
    }
    m.terms = {t};
    const double top = fit_mv(m, MvSpec{}).of_reml.ll;
    for (const double rho : {-0.9, -0.6, -0.43, -0.3, 0.0, 0.3, 0.6, 0.9}) {
      m.terms[0].rho[0] = rho;
      try {
        CHECK(fit_mv(m, MvSpec{}).of_reml.ll <= top + 1e-6);
      } catch (const NotConverged&) {
        // Not positive definite anywhere.
      }
    }
  }
}

TEST_CASE("variances beside a correlation held at 0 are those of a diagonal matrix") {
  stress::Random r(29);
  for (int trial = 0; trial < 30; ++trial) {
    MvModel m = two_outcomes(r, 8 + trial % 7, MvStruct::DIAG);
    const MvFit diagonal = fit_mv(m, MvSpec{});
    for (const MvStruct structure : {MvStruct::UN, MvStruct::HCS}) {
      m.terms[0].structure = structure;
      m.terms[0].rho = Vec::Zero(1);
      const MvFit held = fit_mv(m, MvSpec{});
      CHECK(held.of_reml.ll == Approx(diagonal.of_reml.ll).epsilon(1e-8));
    }
    m.terms[0].structure = MvStruct::DIAG;
    m.terms[0].rho = Vec();
  }
}
