// Reference: determinants and inverses of the correlation matrix written out.
#include "core/model/vif.hpp"

#include <Eigen/LU>

#include "core/errors.hpp"
#include "hard_data.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

namespace {

Mat covariance(stress::Random& r, Index p) {
  Mat a(p + 3, p);
  for (Index i = 0; i < a.size(); ++i) a.data()[i] = r.normal();
  return (a.transpose() * a).inverse();
}

}  // namespace

TEST_CASE("inflation factors: 1 without correlation, 1 / (1 - r^2) for two moderators") {
  Mat vb = Mat::Identity(3, 3);
  REQUIRE(inflation_factors(vb, true, {{1}, {2}, {1, 2}})(2) ==
          Approx(1.0).epsilon(1e-14).scale(0));
  const double r = 0.8;
  vb(1, 2) = vb(2, 1) = r;
  vb(0, 1) = vb(1, 0) = 0.3;  // with the intercept: has no part in it
  const Vec vif = inflation_factors(vb, true, {{1}, {2}, {1, 2}});
  REQUIRE(vif(0) == Approx(1.0 / (1.0 - r * r)).epsilon(1e-12).scale(0));
  REQUIRE(vif(1) == Approx(vif(0)).epsilon(1e-12).scale(0));
  REQUIRE(vif(2) == Approx(1.0).epsilon(1e-12).scale(0));
}

TEST_CASE("inflation factors do not depend on the units of the moderators") {
  stress::Random r(14);
  for (int rep = 0; rep < 20; ++rep) {
    const Mat vb = covariance(r, 4);
    Vec unit(4);
    for (Index j = 0; j < 4; ++j) unit(j) = r.power10(-6.0, 6.0);
    const std::vector<std::vector<int>> sets{{1}, {2}, {3}, {1, 2}, {2, 3}};
    const Vec plain = inflation_factors(vb, true, sets);
    const Vec other = inflation_factors(unit.asDiagonal() * vb * unit.asDiagonal(), true, sets);
    for (Index i = 0; i < plain.size(); ++i) {
      REQUIRE(plain(i) >= 1.0 - 1e-12);
      REQUIRE(other(i) == Approx(plain(i)).epsilon(1e-9).scale(0));
    }
  }
}

TEST_CASE("inflation factors: of one coefficient, the diagonal of the inverse correlation matrix") {
  stress::Random r(15);
  const Mat vb = covariance(r, 5), rest = vb.bottomRightCorner(4, 4);
  const Vec s = rest.diagonal().cwiseSqrt().cwiseInverse();
  const Mat inverse = Mat(s.asDiagonal() * rest * s.asDiagonal()).inverse();
  const Vec vif = inflation_factors(vb, true, {{1}, {2}, {3}, {4}});
  for (Index j = 0; j < 4; ++j) CHECK(vif(j) == rel(inverse(j, j), 1e-10));
}

TEST_CASE("inflation factors: of a set and of what is left, the same; of all, 1") {
  stress::Random r(16);
  const Mat vb = covariance(r, 5);
  const Vec vif = inflation_factors(vb, true, {{1, 3}, {2, 4}, {3, 1}, {1, 2, 3, 4}});
  CHECK(vif(0) == rel(vif(1), 1e-11));
  CHECK(vif(2) == rel(vif(0), 1e-11));
  CHECK(vif(3) == rel(1.0, 1e-11));
}

TEST_CASE("inflation factors: without an intercept the first coefficient counts") {
  Mat vb(2, 2);
  vb << 4.0, 3.0, 3.0, 9.0;
  const double r = 0.5;
  const Vec vif = inflation_factors(vb, false, {{0}, {1}});
  CHECK(vif(0) == rel(1 / (1 - r * r), 1e-13));
  CHECK(vif(1) == rel(1 / (1 - r * r), 1e-13));
  CHECK(inflation_factors(vb, true, {{1}})(0) == rel(1.0, 1e-14));
  // The intercept when it is asked for by name: against all the others.
  CHECK(inflation_factors(vb, true, {{0}})(0) == rel(1 / (1 - r * r), 1e-13));
}

TEST_CASE("inflation factors: no sets, no factors; an empty set is refused") {
  CHECK(inflation_factors(Mat::Identity(2, 2), true, {}).size() == 0);
  CHECK_THROWS_AS(inflation_factors(Mat::Identity(2, 2), true, {{}}), InvalidInput);
}
