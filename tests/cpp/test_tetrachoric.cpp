// Reference: the bivariate normal probability of the first cell by Simpson's rule over one variable; the variance by
// the delta method with numeric derivatives.
#include "core/effect/tetrachoric.hpp"

#include "core/linalg/distributions.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

namespace {

double lower(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

// P(X < h, Y < k) for correlation rho.
double corner(double h, double k, double rho) {
  const double root = std::sqrt(1 - rho * rho), kPi_ = std::acos(-1.0);
  const auto f = [&](double x) {
    return std::exp(-0.5 * x * x) / std::sqrt(2 * kPi_) * lower((k - rho * x) / root);
  };
  return simpson(f, -10.0, h, 4000);
}

double rho_of(const Vec& x) { return tetrachoric({x[0], x[1], x[2], x[3]}).yi; }

}  // namespace

TEST_CASE("tetrachoric: the first cell has its share under the correlation found") {
  for (const Vec& x : {values({40, 10, 15, 35}), values({5, 60, 30, 5}), values({90, 4, 3, 3}),
                       values({1, 20, 30, 400})}) {
    const double n = x.sum();
    const double h = normal_quantile((x[0] + x[1]) / n), k = normal_quantile((x[0] + x[2]) / n);
    CHECK(corner(h, k, rho_of(x)) == rel(x[0] / n, 1e-9));
  }
}

TEST_CASE("tetrachoric: the variance is that of the delta method") {
  for (const Vec& x :
       {values({40, 10, 15, 35}), values({5, 60, 30, 5}), values({30, 20, 25, 30})}) {
    CHECK(tetrachoric({x[0], x[1], x[2], x[3]}).vi ==
          rel(delta_variance(rho_of, x, multinomial(x)), 1e-6));
  }
}

TEST_CASE("tetrachoric: margins of one half, P = 1/4 + asin(rho) / (2 pi)") {
  CHECK(tetrachoric({10, 10, 10, 10}).yi == Approx(0.0).margin(1e-15));
  CHECK(tetrachoric({15, 5, 5, 15}).yi == Approx(std::sin(std::acos(-1.0) / 4.0)).epsilon(1e-13));
}

TEST_CASE("tetrachoric: symmetries and the size of the sample") {
  const Estimate e = tetrachoric({40, 10, 15, 35}), turned = tetrachoric({10, 40, 35, 15}),
                 across = tetrachoric({40, 15, 10, 35}),
                 large = tetrachoric({4e9, 1e9, 1.5e9, 3.5e9});
  CHECK(turned.yi == rel(-e.yi, 1e-13));
  CHECK(turned.vi == rel(e.vi, 1e-11));
  CHECK(across.yi == rel(e.yi, 1e-13));
  CHECK(across.vi == rel(e.vi, 1e-11));
  CHECK(large.yi == rel(e.yi, 1e-13));
  CHECK(1e8 * large.vi == rel(e.vi, 1e-11));
}

TEST_CASE("tetrachoric: empty cells and margins, cells nearly empty") {
  const Estimate up = tetrachoric({10, 0, 3, 9}), down = tetrachoric({0, 4, 3, 9}),
                 diagonal = tetrachoric({10, 0, 0, 9}), other = tetrachoric({0, 5, 6, 0});
  CHECK(up.yi == 1.0);
  CHECK(std::isnan(up.vi));
  CHECK(down.yi == -1.0);
  CHECK(diagonal.yi == 1.0);
  CHECK(diagonal.vi == 0.0);
  CHECK(other.yi == -1.0);
  CHECK(other.vi == 0.0);
  CHECK(std::isnan(tetrachoric({0, 0, 3, 9}).yi));
  CHECK(std::isnan(tetrachoric({0, 5, 0, 9}).yi));
  const Estimate nearly = tetrachoric({100, 1e-6, 20, 100});
  CHECK(nearly.yi > 0.99);
  CHECK(nearly.yi < 1.0);
}
