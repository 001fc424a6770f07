// Reference: the tables that the statistics came from; an exhaustive search over all tables of a size.
#include "core/effect/tables_2x2.hpp"

#include "core/errors.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

TEST_CASE("tables: the first cell comes back from each statistic, for every table of 14 subjects") {
  const double n = 14;
  int tables = 0;
  for (double a = 0; a <= n; ++a) {
    for (double b = 0; a + b <= n; ++b) {
      for (double c = 0; a + b + c <= n; ++c) {
        const double d = n - a - b - c, n1 = a + b, n2 = a + c;
        const double cross = a * d - b * c, all = n1 * (n - n1) * n2 * (n - n2);
        if (all == 0) continue;
        ++tables;
        if (b * c > 0)
          CHECK(cell_from_odds_ratio(a * d / (b * c), n, n1, n2) == Approx(a).margin(1e-9));
        CHECK(cell_from_phi(cross / std::sqrt(all), n, n1, n2) == Approx(a).margin(1e-10));
        const double chisq = n * cross * cross / all;
        CHECK(cell_from_chisq(std::copysign(chisq, cross), false, n, n1, n2) ==
              Approx(a).margin(1e-6));
        const double gap = std::fabs(cross) - 0.5 * n;
        if (gap > 0)
          CHECK(cell_from_chisq(std::copysign(n * gap * gap / all, cross), true, n, n1, n2) ==
                Approx(a).margin(1e-9));
      }
    }
  }
  CHECK(tables > 400);
}

TEST_CASE("tables: independence, complete separation, odds ratios that are none") {
  CHECK(cell_from_odds_ratio(1, 100, 30, 40) == rel(12.0, 1e-14));
  CHECK(cell_from_phi(0, 100, 30, 40) == rel(12.0, 1e-14));
  CHECK(cell_from_chisq(0, false, 100, 30, 40) == rel(12.0, 1e-14));
  CHECK(cell_from_odds_ratio(0, 100, 30, 40) == 0.0);
  // Without one of the cells a is the least or the most that the margins leave.
  CHECK(cell_from_odds_ratio(0, 100, 70, 60) == rel(30.0, 1e-14));
  CHECK(cell_from_odds_ratio(0, 100, 60, 40) == 0.0);
  CHECK(cell_from_odds_ratio(1e300, 100, 30, 40) == rel(30.0, 1e-9));
  CHECK(cell_from_odds_ratio(kInf, 100, 30, 40) == rel(30.0, 1e-14));
  CHECK(std::isnan(cell_from_odds_ratio(-1, 100, 30, 40)));
  CHECK(std::isnan(cell_from_odds_ratio(kNaN, 100, 30, 40)));
}

TEST_CASE("tables: a rare event in a large sample keeps its digits") {
  const double a = 3, b = 2e9, c = 5, d = 7e9, n = a + b + c + d;
  CHECK(cell_from_odds_ratio(a * d / (b * c), n, a + b, a + c) == rel(a, 1e-6));
}

TEST_CASE("tables: cells with a given accuracy are found, whichever three measures are known") {
  for (const auto& t : {std::array<double, 4>{18, 4, 6, 30}, {1, 0, 0, 50}, {40, 12, 3, 5}}) {
    const double a = t[0], b = t[1], c = t[2], d = t[3], n = a + b + c + d;
    const double all[] = {a / (a + c), d / (b + d), a / (a + b), d / (c + d)};
    for (int missing = 0; missing < 5; ++missing) {
      double m[] = {all[0], all[1], all[2], all[3]};
      if (missing < 4) m[missing] = kNaN;
      const auto found = cells_from_accuracy(m[0], m[1], m[2], m[3], n);
      CHECK(found.a + found.b + found.c + found.d == n);
      const double back[] = {found.a / (found.a + found.c), found.d / (found.b + found.d),
                             found.a / (found.a + found.b), found.d / (found.c + found.d)};
      for (int i = 0; i < 4; ++i)
        if (i != missing) CHECK(back[i] == Approx(all[i]).margin(1e-12));
    }
  }
}

TEST_CASE("tables: rounded measures give the closest of all tables") {
  const double n = 25, sens = 0.83, spec = 0.71, ppv = 0.62, npv = 0.88;
  const auto misfit = [&](double a, double b, double c, double d) {
    const auto gap = [](double wanted, double part, double whole) {
      return std::pow(wanted - (whole > 0 ? part / whole : 0.5), 2);
    };
    return gap(sens, a, a + c) + gap(spec, d, b + d) + gap(ppv, a, a + b) + gap(npv, d, c + d);
  };
  double least = 10;
  for (double a = 0; a <= n; ++a)
    for (double b = 0; a + b <= n; ++b)
      for (double c = 0; a + b + c <= n; ++c)
        least = std::fmin(least, misfit(a, b, c, n - a - b - c));
  const auto found = cells_from_accuracy(sens, spec, ppv, npv, n);
  CHECK(misfit(found.a, found.b, found.c, found.d) == rel(least, 1e-12));
}

TEST_CASE("tables: no search without two measures of a margin, none over millions of subjects") {
  CHECK(std::isnan(cells_from_accuracy(0.5, kNaN, 0.5, kNaN, 20).a));
  CHECK_THROWS_AS(cells_from_accuracy(0.5, 0.5, 0.5, 0.5, 2e7), InvalidInput);
}

TEST_CASE("tables_2x2: odds ratios at the ends") {
  REQUIRE(cell_from_odds_ratio(0.0, 200.0, 100.0, 70.0) == 0.0);
  REQUIRE(cell_from_odds_ratio(1.0, 200.0, 100.0, 70.0) == Approx(35.0));
  REQUIRE(cell_from_odds_ratio(1e12, 200.0, 100.0, 70.0) == Approx(70.0));
  REQUIRE(std::isnan(cell_from_odds_ratio(-1.0, 200.0, 100.0, 70.0)));
}

TEST_CASE("tables_2x2: accuracy of a known table") {
  const WholeCells t = cells_from_accuracy(28.0 / 35.0, 18.0 / 23.0, 28.0 / 33.0, kNaN, 58.0);
  REQUIRE(t.a == 28.0);
  REQUIRE(t.b == 5.0);
  REQUIRE(t.c == 7.0);
  REQUIRE(t.d == 18.0);
}
