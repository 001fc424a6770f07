// Reference: the delta method from means and variances with numeric derivatives; the variance of Mann and Whitney's
// statistic; symmetries.
#include "core/effect/effect_superiority.hpp"

#include "core/errors.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

namespace {

double lower(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

Frame area(double a, double n1, double n2) { return {{{"ai", {a}}, {"n1i", {n1}}, {"n2i", {n2}}}}; }

struct Groups {
  double m1 = 5, m2 = 3.5, sd1 = 2, sd2 = 3, n1 = 20, n2 = 35;
  Frame frame() const {
    return {{{"m1i", {m1}},
             {"m2i", {m2}},
             {"sd1i", {sd1}},
             {"sd2i", {sd2}},
             {"n1i", {n1}},
             {"n2i", {n2}}}};
  }
};

// P(X > Y) of normal variables from two means and two variances.
double superiority(const Vec& x) { return lower((x[0] - x[1]) / std::sqrt(x[2] + x[3])); }

}  // namespace

TEST_CASE("superiority: at one half Hanley and McNeil's variance is Mann and Whitney's") {
  const double n1 = 12, n2 = 30, exact = (n1 + n2 + 1) / (12 * n1 * n2);
  CHECK(compute("AUC", area(0.5, n1, n2), with(VarType::H0)).vi(0) == rel(exact, 1e-14));
  CHECK(compute("AUC", area(0.5, n1, n2), with(VarType::LS2)).vi(0) ==
        rel(exact * n1 * n2 / ((n1 - 1) * (n2 - 1)), 1e-13));
  CHECK(compute("AUC", area(0.9, n1, n2), with(VarType::H0)).vi(0) == rel(exact, 1e-14));
  CHECK(compute("AUC", area(0.9, n1, n2), with(VarType::MAX)).vi(0) == rel(0.09 / 11, 1e-13));
}

TEST_CASE("superiority: groups changing places turn a into 1 - a") {
  for (const VarType type : {VarType::LS, VarType::LS2, VarType::H0, VarType::MAX}) {
    for (const double a : {0.1, 0.5, 0.83}) {
      CHECK(compute("CLES", area(1 - a, 30, 12), with(type)).vi(0) ==
            rel(compute("CLES", area(a, 12, 30), with(type)).vi(0), 1e-12));
    }
  }
  const Groups x, y{x.m2, x.m1, x.sd2, x.sd1, x.n2, x.n1};
  for (const VarType type : {VarType::LS, VarType::LS2, VarType::LS3, VarType::H0, VarType::HO}) {
    const Effects e = compute("CLESN", x.frame(), with(type)),
                  s = compute("CLESN", y.frame(), with(type));
    CHECK(s.yi(0) == rel(1 - e.yi(0), 1e-13));
    CHECK(s.vi(0) == rel(e.vi(0), 1e-12));
  }
}

TEST_CASE("superiority: ties take a quarter of their share off") {
  Frame tied = area(0.7, 12, 30);
  const double plain = compute("AUC", tied, with(VarType::LS2)).vi(0);
  tied.data.push_back({"mi", {0.2}});
  CHECK(plain - compute("AUC", tied, with(VarType::LS2)).vi(0) == rel(0.05 / (11 * 29), 1e-11));
}

TEST_CASE("superiority: normal groups by the delta method") {
  const Groups x;
  const double v1 = x.sd1 * x.sd1, v2 = x.sd2 * x.sd2;
  const Vec at = values({x.m1, x.m2, v1, v2});
  const auto covariance = [&](double l1, double l2, double k1, double k2) {
    return Mat(values({v1 / l1, v2 / l2, 2 * v1 * v1 / k1, 2 * v2 * v2 / k2}).asDiagonal());
  };
  const auto vi = [&](VarType type) { return compute("CLESN", x.frame(), with(type)).vi(0); };
  CHECK(compute("CLESN", x.frame()).yi(0) == rel(superiority(at), 1e-14));
  const double m1 = x.n1 - 1, m2 = x.n2 - 1;
  CHECK(vi(VarType::LS) == rel(delta_variance(superiority, at, covariance(m1, m2, m1, m2)), 1e-7));
  CHECK(vi(VarType::LS2) ==
        rel(delta_variance(superiority, at, covariance(x.n1, x.n2, x.n1, x.n2)), 1e-7));
  CHECK(vi(VarType::LS3) ==
        rel(delta_variance(superiority, at, covariance(x.n1, x.n2, m1, m2)), 1e-7));
  const Vec null = values({x.m1, x.m1, v1, v2});
  CHECK(vi(VarType::H0) ==
        rel(delta_variance(superiority, null, covariance(m1, m2, m1, m2)), 1e-7));
  CHECK_THROWS_AS(compute("CLESN", x.frame(), with(VarType::UB)), InvalidInput);
}

TEST_CASE("superiority: a given difference has one variance, by the delta method from d") {
  for (const double d : {-1.2, 0.0, 0.5, 3.0}) {
    const Effects e = compute("AUCN", {{{"di", {d}}, {"n1i", {15}}, {"n2i", {25}}}});
    const auto f = [](const Vec& x) { return lower(x[0] / std::sqrt(2.0)); };
    const Mat v = Mat::Constant(1, 1, 1.0 / 15 + 1.0 / 25 + d * d / 80);
    CHECK(e.yi(0) == rel(f(values({d})), 1e-14));
    CHECK(e.vi(0) == rel(delta_variance(f, values({d}), v), 1e-7));
    // The area that belongs to this d says the same.
    const Effects back = compute("AUCN", area(e.yi(0), 15, 25));
    CHECK(back.yi(0) == e.yi(0));
    CHECK(back.vi(0) == rel(e.vi(0), 1e-11));
  }
}

TEST_CASE("superiority: two occasions by the delta method; without correlation as two groups") {
  const double r = 0.4, n = 25, v1 = 4, v2 = 9;
  Groups x;
  x.n1 = x.n2 = n;
  const auto frame = [&](double corr) {
    Frame out = x.frame();
    out.data.push_back({"ri", {corr}});
    out.data.push_back({"ni", {n}});
    return out;
  };
  Mat v = Mat::Zero(4, 4);
  v.diagonal() << v1, v2, 2 * v1 * v1, 2 * v2 * v2;
  v(0, 1) = v(1, 0) = r * 6;
  v(2, 3) = v(3, 2) = 2 * r * r * v1 * v2;
  const Effects e = compute("CLESCN", frame(r));
  CHECK(e.vi(0) == rel(delta_variance(superiority, values({5, 3.5, v1, v2}), v / (n - 1)), 1e-7));
  CHECK(e.ni(0) == n);
  CHECK(compute("AUCCN", frame(0)).vi(0) == rel(compute("AUCN", x.frame()).vi(0), 1e-13));
}

TEST_CASE("superiority: ends and wrong rows") {
  CHECK(compute("AUC", area(1.0, 10, 10)).vi(0) == 0.0);
  CHECK(std::isnan(compute("AUC", area(0.5, 1, 10)).vi(0)));
  CHECK(compute("AUCN", area(1.0, 10, 10)).yi(0) == 1.0);
  CHECK(std::isnan(compute("AUCN", area(1.0, 10, 10)).vi(0)));
  CHECK(std::isnan(compute("AUC", area(kNaN, 10, 10)).yi(0)));
  CHECK_THROWS_AS(compute("AUC", area(1.1, 10, 10)), InvalidStudies);
  CHECK_THROWS_AS(compute("AUC", area(0.5, 0, 10)), InvalidStudies);
  CHECK_THROWS_AS(compute("AUC", area(0.5, 5, 10), with(VarType::UB)), InvalidInput);
}
