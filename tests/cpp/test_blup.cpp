// Reference: Henderson's mixed-model equations with an explicit inverse; the limits of tau2.
#include "core/model/blup.hpp"

#include <Eigen/LU>

#include "core/linalg/distributions.hpp"
#include "hard_data.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

namespace {

struct Case {
  Vec y, v, beta;
  Mat X, vb;
};

Case random_case(stress::Random& r, Index k, Index p, double tau2) {
  Case c{Vec(k), Vec(k), Vec(), Mat::Ones(k, p), Mat()};
  for (Index i = 0; i < k; ++i) {
    c.y(i) = r.normal();
    c.v(i) = r.power10(-2.0, 0.0);
    for (Index j = 1; j < p; ++j) c.X(i, j) = r.normal();
  }
  const Mat w = (c.v.array() + tau2).inverse().matrix().asDiagonal();
  c.vb = (c.X.transpose() * w * c.X).inverse();
  c.beta = c.vb * c.X.transpose() * w * c.y;
  return c;
}

}  // namespace

TEST_CASE("blup: Henderson's equations give effects and their errors") {
  stress::Random r(51);
  for (const Index p : {1, 3}) {
    const Index k = 9;
    const double tau2 = 0.4;
    const Case c = random_case(r, k, p, tau2);
    const Mat w = c.v.cwiseInverse().asDiagonal();
    Mat all(p + k, p + k);
    all << c.X.transpose() * w * c.X, c.X.transpose() * w, w * c.X, w + Mat::Identity(k, k) / tau2;
    Vec right(p + k);
    right << c.X.transpose() * w * c.y, w * c.y;
    const Mat inverse = all.inverse();
    const Vec solution = inverse * right;
    Mat take(k, p + k);
    take << c.X, Mat::Identity(k, k);
    const Mat errors = take * inverse * take.transpose();
    const Blup full = blup(c.y, c.v, c.X, c.beta, c.vb, tau2, 0.95, kNaN, false),
               only = blup(c.y, c.v, c.X, c.beta, c.vb, tau2, 0.95, kNaN, true);
    for (Index i = 0; i < k; ++i) {
      CHECK(full.pred(i) == Approx((take * solution)(i)).epsilon(1e-10).margin(1e-12));
      CHECK(full.se(i) == rel(std::sqrt(errors(i, i)), 1e-10));
      CHECK(only.pred(i) == Approx(solution(p + i)).epsilon(1e-10).margin(1e-12));
      CHECK(only.se(i) == rel(std::sqrt(inverse(p + i, p + i)), 1e-10));
    }
  }
}

TEST_CASE("blup: intervals are symmetric and as wide as their distribution asks") {
  stress::Random r(52);
  const Case c = random_case(r, 6, 1, 0.2);
  const Blup z = blup(c.y, c.v, c.X, c.beta, c.vb, 0.2, 0.9, kNaN, false),
             t = blup(c.y, c.v, c.X, c.beta, c.vb, 0.2, 0.9, 5, false);
  for (Index i = 0; i < 6; ++i) {
    CHECK(z.pi_ub(i) - z.pi_lb(i) == rel(2 * normal_quantile(0.95) * z.se(i), 1e-12));
    CHECK(t.pi_ub(i) - t.pi_lb(i) == rel(2 * std::fabs(t_quantile(0.95, 5)) * t.se(i), 1e-10));
    CHECK(0.5 * (z.pi_ub(i) + z.pi_lb(i)) == Approx(z.pred(i)).epsilon(1e-12).margin(1e-14));
  }
}

TEST_CASE(
    "blup: without heterogeneity all at the mean, with very much of it all at their estimates") {
  stress::Random r(53);
  const Case none = random_case(r, 6, 1, 0.0), much = random_case(r, 6, 1, 1e12);
  const Blup a = blup(none.y, none.v, none.X, none.beta, none.vb, 0.0, 0.95, kNaN, false),
             u = blup(none.y, none.v, none.X, none.beta, none.vb, 0.0, 0.95, kNaN, true),
             b = blup(much.y, much.v, much.X, much.beta, much.vb, 1e12, 0.95, kNaN, false);
  for (Index i = 0; i < 6; ++i) {
    CHECK(a.pred(i) == none.beta(0));
    CHECK(a.se(i) == rel(std::sqrt(none.vb(0, 0)), 1e-14));
    CHECK(u.pred(i) == 0.0);
    CHECK_FALSE(std::signbit(u.pred(i)));
    CHECK(u.se(i) == 0.0);
    CHECK(b.pred(i) == Approx(much.y(i)).epsilon(1e-9).margin(1e-9));
    CHECK(b.se(i) == rel(std::sqrt(much.v(i)), 1e-9));
  }
}

TEST_CASE("blup: a study without sampling error is known") {
  const Vec y = values({1, 2, 4}), v = values({0.0, 0.5, 0.5}), beta = values({2.0});
  const Blup x =
      blup(y, v, Mat::Ones(3, 1), beta, Mat::Constant(1, 1, 0.1), 0.3, 0.95, kNaN, false);
  CHECK(x.pred(0) == 1.0);
  CHECK(x.se(0) == 0.0);
  const Vec none;
  CHECK(blup(none, none, Mat(0, 1), beta, Mat::Ones(1, 1), 0.3, 0.95, kNaN, false).pred.size() ==
        0);
}
