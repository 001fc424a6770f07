// Reference values: R 4.2.2 pt, pchisq, pf, qt, qchisq, qnorm to 15 digits.
#include <cmath>

#include "catch.h"
#include "core/linalg/distributions.hpp"

using namespace metaparity;

TEST_CASE("tails agree with R") {
  CHECK(normal_two_sided(1.959963984540054) == Approx(0.05).epsilon(1e-13));
  CHECK(normal_upper(10.0) == Approx(7.61985302416052e-24).epsilon(1e-12));
  CHECK(t_two_sided(2.0, 5.0) == Approx(0.101939478829858).epsilon(1e-12));
  CHECK(t_two_sided(1e-9, 3.0) == Approx(1.0 - 7.351051938957e-10).epsilon(1e-14));
  CHECK(chisq_upper(3.0, 1.0) == Approx(0.0832645166635504).epsilon(1e-12));
  CHECK(chisq_upper(45.0, 20.0) == Approx(0.00110346924302835).epsilon(1e-11));
  CHECK(chisq_upper(0.5, 3.0) == Approx(0.918891411654676).epsilon(1e-12));
  CHECK(f_upper(3.5, 2.0, 9.0) == Approx(0.0750846862792969).epsilon(1e-12));
  CHECK(f_upper(3.5, 2.0, INFINITY) == chisq_upper(7.0, 2.0));
  CHECK(f_upper(3.5, 2.0, 1e12) == Approx(chisq_upper(7.0, 2.0)).epsilon(1e-10));
}

TEST_CASE("gamma and non-central chi-squared: special cases and series") {
  // Shape 1 is the exponential distribution; shape df / 2 and scale 2 are chi-squared.
  CHECK(gamma_lower(0.7, 1.0, 2.0) == Approx(1.0 - std::exp(-0.35)).epsilon(1e-13));
  CHECK(gamma_lower(5.0, 3.5, 2.0) == Approx(1.0 - chisq_upper(5.0, 7.0)).epsilon(1e-12));
  CHECK(gamma_lower(gamma_quantile(0.3, 2.2, 0.4), 2.2, 0.4) == Approx(0.3).epsilon(1e-10));
  CHECK(noncentral_chisq_quantile(0.9, 4.0, 0.0) == chisq_quantile(0.9, 4.0));
  const double x = noncentral_chisq_quantile(0.9, 4.0, 6.0);
  double lower = 0.0, weight = std::exp(-3.0);
  for (int j = 0; j < 200; ++j) {
    lower += weight * (1.0 - chisq_upper(x, 4.0 + 2.0 * j));
    weight *= 3.0 / (j + 1.0);
  }
  CHECK(lower == Approx(0.9).epsilon(1e-9));
}

TEST_CASE("quantiles invert the tails") {
  for (double p : {0.001, 0.2, 0.5, 0.9, 0.975, 0.9999}) {
    CHECK(normal_upper(normal_quantile(p)) == Approx(1.0 - p).epsilon(1e-10));
    for (double df : {1.0, 2.0, 7.0, 150.0}) {
      CHECK(chisq_upper(chisq_quantile(p, df), df) == Approx(1.0 - p).epsilon(1e-9));
      const double t = t_quantile(p, df);
      if (p > 0.5) CHECK(t_two_sided(t, df) == Approx(2.0 * (1.0 - p)).epsilon(1e-9));
    }
  }
}
