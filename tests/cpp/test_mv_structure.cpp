// Derivatives of every structure against differences; parameters there and back.
#include "core/model/mv_structure.hpp"

#include <cmath>

#include "catch.h"
#include "hard_data.hpp"

using namespace metaparity;

namespace {

MvTerm term_of(MvStruct s, Index q) {
  MvTerm t;
  t.structure = s;
  t.levels = q;
  t.tau2 = Vec::Constant(mv_tau2_count(s, q), kNaN);
  t.rho = Vec::Constant(mv_rho_count(s, q), kNaN);
  t.distance = Mat::Zero(q, q);
  for (Index i = 0; i < q; ++i) {
    for (Index j = 0; j < q; ++j)
      t.distance(i, j) = std::fabs(static_cast<double>(i * i - j * j)) / 2.0;
  }
  return t;
}

constexpr MvStruct kAll[] = {MvStruct::CS,    MvStruct::HCS,   MvStruct::UN,    MvStruct::ID,
                             MvStruct::DIAG,  MvStruct::AR,    MvStruct::HAR,   MvStruct::CAR,
                             MvStruct::SPEXP, MvStruct::SPGAU, MvStruct::SPLIN, MvStruct::SPRAT,
                             MvStruct::SPSPH, MvStruct::GEN,   MvStruct::GDIAG};

Vec start_of(const MvShape& shape, const MvTerm& t, stress::Random& r) {
  Vec tau2(t.tau2.size()), rho(t.rho.size());
  for (Index i = 0; i < tau2.size(); ++i) tau2[i] = std::exp(0.5 * r.normal());
  const bool range = t.structure >= MvStruct::SPEXP && t.structure <= MvStruct::SPSPH;
  for (Index i = 0; i < rho.size(); ++i) rho[i] = range ? 3.3 : 0.3 + 0.1 * static_cast<double>(i);
  return shape.inner(tau2, rho);
}

}  // namespace

TEST_CASE("derivatives of covariance structures are those of differences") {
  stress::Random r(11);
  for (const MvStruct s : kAll) {
    const MvTerm t = term_of(s, 3);
    for (const Index rank : {Index{0}, Index{2}, Index{3}}) {
      if (rank > 0 && MvShape::full_rank(t) == 0) continue;
      const MvShape shape(t, rank);
      const Vec psi = start_of(shape, t, r);
      REQUIRE(psi.size() == shape.size());
      Mat S = Mat::Random(3, 3);
      S = (S + S.transpose()).eval();
      for (Index j = 0; j < psi.size(); ++j) {
        const double h = 1e-5;
        Vec up = psi, down = psi;
        up[j] += h;
        down[j] -= h;
        const Mat slope = (shape.value(up) - shape.value(down)) / (2.0 * h);
        CHECK((slope - shape.derivative(psi, j)).norm() < 1e-8 * (1.0 + slope.norm()));
        for (Index k = 0; k < psi.size(); ++k) {
          const Mat bend = (shape.derivative(up, k) - shape.derivative(down, k)) / (2.0 * h);
          CHECK(std::fabs(bend.cwiseProduct(S).sum() - shape.curvature(psi, S, j, k)) <
                1e-7 * (1.0 + bend.norm()));
        }
      }
    }
  }
}

TEST_CASE("natural parameters come back from inner ones") {
  stress::Random r(3);
  for (const MvStruct s : kAll) {
    const MvTerm t = term_of(s, 3);
    const MvShape shape(t, 0);
    const Vec psi = start_of(shape, t, r);
    CHECK((shape.inner(shape.tau2(psi), shape.rho(psi)) - psi).norm() < 1e-13);
    CHECK((shape.value(psi).diagonal().array() >= 0.0).all());
  }
  const MvTerm t = term_of(MvStruct::UN, 3);
  const MvShape full(t, 3), plain(t, 0);
  const Vec psi = start_of(plain, t, r);
  CHECK((full.value(full.inner(plain.tau2(psi), plain.rho(psi))) - plain.value(psi)).norm() <
        1e-12);
  const MvShape one(t, 1);
  const Vec rho = one.rho((Vec(3) << 0.5, -1.0, 2.0).finished());
  CHECK(rho[0] == -1.0);
  CHECK(rho[1] == 1.0);
  CHECK(rho[2] == -1.0);
}
