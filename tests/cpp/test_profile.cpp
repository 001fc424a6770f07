// Reference: the matrix P = W - W X (X'WX)^-1 X'W and determinants by dense algebra in long double.
#include "core/tau2/profile.hpp"

#include <Eigen/LU>

#include "core/errors.hpp"
#include "hard_data.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

namespace {

using Wide = long double;
using WideMat = Eigen::Matrix<Wide, Eigen::Dynamic, Eigen::Dynamic>;
using WideVec = Eigen::Matrix<Wide, Eigen::Dynamic, 1>;

struct Case {
  Vec y, v;
  Mat X;
};

Case random_case(stress::Random& r, Index k, Index p, double decades = 2.0) {
  Case c{Vec(k), Vec(k), Mat::Ones(k, p)};
  for (Index i = 0; i < k; ++i) {
    c.y(i) = r.normal();
    c.v(i) = r.power10(-decades, 0.0);
    for (Index j = 1; j < p; ++j) c.X(i, j) = r.normal();
  }
  return c;
}

struct Dense {
  double rss, w2e2, tr_p, sum_w, ml, reml;
};

Dense dense(const Case& c, double tau2) {
  const WideVec y = c.y.cast<Wide>(), w = (c.v.cast<Wide>().array() + Wide(tau2)).inverse();
  const WideMat X = c.X.cast<Wide>(), W = w.asDiagonal(), m = X.transpose() * W * X;
  const WideMat P = W - W * X * m.inverse() * X.transpose() * W;
  const WideVec py = P * y;
  const Wide ml = -w.array().log().sum() + y.dot(py);
  const auto narrow = [](Wide x) { return static_cast<double>(x); };
  return {narrow(y.dot(py)), narrow(py.squaredNorm()),
          narrow(P.trace()), narrow(w.sum()),
          narrow(ml),        narrow(ml + std::log(m.determinant()))};
}

template <class Real, class Profile>
void check_terms(const Profile& profile, const Case& c, double epsilon) {
  for (const double tau2 : {0.0, 1e-3, 0.5, 40.0}) {
    const Dense d = dense(c, tau2);
    const ProfileTerms<Real> t = profile.terms(Real(tau2));
    CHECK(static_cast<double>(t.rss) == rel(d.rss, epsilon));
    CHECK(static_cast<double>(t.w2e2) == rel(d.w2e2, epsilon));
    CHECK(static_cast<double>(t.tr_p) == rel(d.tr_p, epsilon));
    CHECK(static_cast<double>(t.sum_w) == rel(d.sum_w, epsilon));
    CHECK(static_cast<double>(profile.deviance(Real(tau2), false)) ==
          Approx(d.ml).epsilon(epsilon).margin(epsilon));
    CHECK(static_cast<double>(profile.deviance(Real(tau2), true)) ==
          Approx(d.reml).epsilon(epsilon).margin(epsilon));
  }
}

}  // namespace

TEST_CASE("profile: an intercept alone, for every filling of the lanes") {
  stress::Random r(71);
  for (Index k = 2; k <= 10; ++k) {
    const Case c = random_case(r, k, 1);
    check_terms<double>(InterceptProfile<double>(c.y, c.v), c, 1e-11);
    check_terms<Wide>(InterceptProfile<Wide>(c.y, c.v), c, 1e-13);
    CHECK(InterceptProfile<double>(c.y, c.v).ols_rss() ==
          rel((c.y.array() - c.y.mean()).square().sum(), 1e-12));
    CHECK(InterceptProfile<double>(c.y, c.v).size() == k);
  }
}

TEST_CASE("profile: moderators, with and without an intercept") {
  stress::Random r(72);
  for (const Index p : {1, 2, 4}) {
    Case c = random_case(r, 11, p);
    check_terms<double>(DesignProfile<double>(c.y, c.v, c.X, true), c, 1e-10);
    check_terms<Wide>(DesignProfile<Wide>(c.y, c.v, c.X, true), c, 1e-13);
    c.X.col(0) = Vec::LinSpaced(11, -1.0, 2.0);
    const DesignProfile<double> free(c.y, c.v, c.X, false);
    check_terms<double>(free, c, 1e-10);
    CHECK(free.columns() == p);
  }
}

TEST_CASE("profile: the order of the studies has no part; a column's unit moves log |X'WX| alone") {
  stress::Random r(73);
  const Case c = random_case(r, 8, 2);
  const Case turned{c.y.reverse(), c.v.reverse(), c.X.colwise().reverse()};
  Case unit = c;
  unit.X.col(1) *= 1e6;
  const DesignProfile<double> a(c.y, c.v, c.X, true), b(turned.y, turned.v, turned.X, true),
      u(unit.y, unit.v, unit.X, true);
  CHECK(a.terms(0.2).rss == rel(b.terms(0.2).rss, 1e-13));
  CHECK(a.terms(0.2).tr_p == rel(b.terms(0.2).tr_p, 1e-13));
  CHECK(u.terms(0.2).w2e2 == rel(a.terms(0.2).w2e2, 1e-10));
  CHECK(u.deviance(0.2, true) - a.deviance(0.2, true) == rel(12 * std::log(10.0), 1e-10));
}

TEST_CASE("profile: a study of twenty orders more weight keeps its residual and its room") {
  // Two studies: rss = d^2 / (v1 + v2), tr P = 2 / (v1 + v2) whatever the weights.
  const Vec y = values({0.0, 3.0}), v = values({1e-20, 1.0});
  const double d2 = 9.0, sum = 1.0;
  const Mat one = Mat::Ones(2, 1);
  const auto check = [&](const auto& profile) {
    const auto t = profile.terms(0.0);
    CHECK(static_cast<double>(t.rss) == rel(d2 / sum, 1e-13));
    CHECK(static_cast<double>(t.tr_p) == rel(2 / sum, 1e-13));
    CHECK(static_cast<double>(t.w2e2) == rel(2 * d2 / (sum * sum), 1e-13));
  };
  check(InterceptProfile<double>(y, v));
  check(InterceptProfile<long double>(y, v));
}

TEST_CASE("profile: an offset of the effects is taken out before anything is squared") {
  const Vec y = values({1.0, 2.5, 2.0, 4.0}), v = values({0.1, 0.2, 0.3, 0.1});
  const Vec far = y.array() + 1048576.0;
  const InterceptProfile<double> a(y, v), b(far, v);
  CHECK(b.terms(0.4).rss == rel(a.terms(0.4).rss, 1e-15));
  Mat X(4, 2);
  X << 1, 0, 1, 1, 1, 2, 1, 5;
  const DesignProfile<double> c(y, v, X, true), d(far, v, X, true);
  CHECK(d.terms(0.4).rss == rel(c.terms(0.4).rss, 1e-13));
}

TEST_CASE("profile: one study; none is refused") {
  const InterceptProfile<double> one(values({2.0}), values({0.3}));
  CHECK(one.terms(0.1).rss == 0.0);
  CHECK(one.terms(0.1).tr_p == 0.0);
  CHECK(one.ols_rss() == 0.0);
  CHECK(one.deviance(0.2, false) == rel(std::log(0.5), 1e-14));
  CHECK_THROWS_AS(DesignProfile<double>(Vec(), Vec(), Mat(0, 1), true), InvalidInput);
}
