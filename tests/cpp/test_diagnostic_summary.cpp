// Printed tables, the area in closed form, derivatives by differences.
#include "core/model/diagnostic_summary.hpp"

#include <cmath>
#include <functional>
#include <string>

#include "catch.h"

using namespace metaparity;

namespace {

DiagnosticPoint point() {
  DiagnosticPoint out{1.370958, 0.6368034, 0.3590741, 0.4824725, 0.0, Mat::Zero(5, 5)};
  out.cov = -0.598757 * std::sqrt(out.var_sens * out.var_spec);
  return out;
}

DiagnosticQuantity row(const DiagnosticPoint& at, const std::string& name) {
  for (const DiagnosticQuantity& q : diagnostic_summary(at, 0.95))
    if (name == q.name) return q;
  throw std::runtime_error(name);
}

}  // namespace

TEST_CASE("the closed forms give Stata's printed table") {
  const DiagnosticPoint p = point();
  CHECK(row(p, "Lambda").estimate == Approx(2.067505).margin(1e-6));
  CHECK(row(p, "Theta").estimate == Approx(0.4422817).margin(1e-6));
  CHECK(row(p, "beta").estimate == Approx(0.1476976).margin(1e-6));
  CHECK(row(p, "s2alpha").estimate == Approx(0.3340148).margin(1e-6));
  CHECK(row(p, "s2theta").estimate == Approx(0.3327214).margin(1e-6));
  CHECK(row(p, "DOR").estimate == Approx(7.446631).margin(5e-6));
  CHECK(row(p, "LR+").estimate == Approx(2.305218).margin(2e-6));
  CHECK(row(p, "LR-").estimate == Approx(0.3095652).margin(2e-7));
}

TEST_CASE("standard errors are derivatives") {
  for (Index j = 0; j < 5; ++j) {
    DiagnosticPoint p = point();
    p.V(j, j) = 1.0;
    for (const DiagnosticQuantity& q : diagnostic_summary(p, 0.95)) {
      const auto at = [&](double step) {
        DiagnosticPoint moved = point();
        double* const values[5] = {&moved.mu_sens, &moved.mu_spec, &moved.var_sens, &moved.var_spec,
                                   &moved.cov};
        *values[j] += step;
        return row(moved, q.name).estimate;
      };
      const double slope = std::fabs((at(1e-5) - at(-1e-5)) / 2e-5);
      if (slope < 1e-9)
        CHECK((std::isnan(q.se) || q.se < 1e-9));
      else
        CHECK(q.se == Approx(slope).epsilon(1e-6).scale(0));
    }
  }
}

TEST_CASE("the area under the curve") {
  CHECK(roc_area(0.0, 1.0) == Approx(0.5).epsilon(1e-12).scale(0));
  for (const double a : {0.5, 2.0, 4.0}) {
    const double w = std::exp(a);
    CHECK(roc_area(a, 1.0) ==
          Approx(w * (w - 1.0 - a) / ((w - 1.0) * (w - 1.0))).epsilon(1e-12).scale(0));
  }
}

TEST_CASE("edges have no standard errors") {
  DiagnosticPoint p = point();
  p.V.setIdentity();
  p.cov = -std::sqrt(p.var_sens * p.var_spec);
  CHECK(row(p, "rho").estimate == -1.0);
  CHECK(std::isnan(row(p, "rho").se));
  CHECK(row(p, "s2alpha").estimate == 0.0);
  p.var_sens = p.cov = 0.0;
  CHECK(std::isnan(row(p, "Lambda").estimate));
  CHECK(std::isfinite(row(p, "sens").estimate));
}
