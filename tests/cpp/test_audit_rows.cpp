// References: hand calculation of the measures; brute force over the corners of boxes.
#include <cmath>

#include "catch.h"
#include "core/bias/audit_rows.hpp"

using namespace metaparity;

namespace {

Vec one(double x) { return Vec::Constant(1, x); }

AuditData table(double a, double n1, double c, double n2) {
  AuditData out;
  out.x1 = one(a);
  out.n1 = one(n1);
  out.x2 = one(c);
  out.n2 = one(n2);
  return out;
}

AuditData means(double half) {
  AuditData out;
  out.x1 = one(5.1);
  out.sd1 = one(1.2);
  out.n1 = one(20);
  out.x2 = one(4.2);
  out.sd2 = one(1.3);
  out.n2 = one(21);
  out.x1_half = out.sd1_half = out.x2_half = out.sd2_half = one(half);
  return out;
}

const Vec kZ = Vec::Constant(1, 1.959963984540054);

}  // namespace

TEST_CASE("audit: ratios of tables, with and without a zero") {
  const AuditBoxes rr =
      audit_effects(table(10, 50, 15, 52), AuditMeasure::RR, AuditZero::Only0, kZ);
  const double est = std::log(10.0 / 50 * 52 / 15);
  const double se = std::sqrt(1.0 / 10 - 1.0 / 50 + 1.0 / 15 - 1.0 / 52);
  CHECK(rr.est_lo(0) == Approx(std::exp(est)).epsilon(1e-12));
  CHECK(rr.lb_lo(0) == Approx(std::exp(est - kZ(0) * se)).epsilon(1e-12));
  CHECK(rr.ub_hi(0) == Approx(std::exp(est + kZ(0) * se)).epsilon(1e-12));
  const AuditBoxes zero =
      audit_effects(table(0, 30, 4, 31), AuditMeasure::OR, AuditZero::Only0, kZ);
  CHECK(zero.est_lo(0) == Approx(0.5 * 27.5 / (30.5 * 4.5)).epsilon(1e-12));
  const AuditBoxes plain =
      audit_effects(table(0, 30, 4, 31), AuditMeasure::OR, AuditZero::None, kZ);
  CHECK(std::isnan(plain.est_lo(0)));
  const AuditBoxes none =
      audit_effects(table(0, 30, 0, 31), AuditMeasure::RR, AuditZero::Only0, kZ);
  CHECK(std::isnan(none.est_lo(0)));
}

TEST_CASE("audit: events in everybody are a risk ratio of 1") {
  const AuditBoxes rr =
      audit_effects(table(20, 20, 22, 22), AuditMeasure::RR, AuditZero::Only0, kZ);
  CHECK(rr.est_lo(0) == 1.0);
  CHECK(rr.lb_lo(0) < 1.0);
}

TEST_CASE("audit: boxes of means hold the corners of their inputs") {
  for (const AuditMeasure m :
       {AuditMeasure::MD, AuditMeasure::MDPooled, AuditMeasure::SMDRevman, AuditMeasure::SMDHedges,
        AuditMeasure::SMDCohen, AuditMeasure::SMDGlass}) {
    const AuditBoxes box = audit_effects(means(0.05), m, AuditZero::Only0, kZ);
    for (int corner = 0; corner < 16; ++corner) {
      AuditData d = means(0.0);
      const auto sign = [&](int bit) { return (corner >> bit) % 2 == 0 ? 0.05 : -0.05; };
      d.x1(0) += sign(0);
      d.sd1(0) += sign(1);
      d.x2(0) += sign(2);
      d.sd2(0) += sign(3);
      const AuditBoxes point = audit_effects(d, m, AuditZero::Only0, kZ);
      CHECK(point.est_lo(0) >= box.est_lo(0) - 1e-9);
      CHECK(point.est_hi(0) <= box.est_hi(0) + 1e-9);
      CHECK(point.lb_lo(0) >= box.lb_lo(0) - 1e-9);
      CHECK(point.ub_hi(0) <= box.ub_hi(0) + 1e-9);
    }
  }
}

TEST_CASE("audit: symmetry and the likeliest misprint") {
  const PrintedRow fine{-2.07, -2.56, -1.59, 2, 2, 2}, turned{-0.05, -1.37, 1.47, 2, 2, 2};
  CHECK(audit_centred(fine, AuditScale::Identity));
  CHECK_FALSE(audit_centred(turned, AuditScale::Identity));
  const RowRepair repair = audit_repair(turned, AuditScale::Identity);
  CHECK(repair.est.kind == Misprint::Sign);
  CHECK(repair.est.value == Approx(0.05).epsilon(1e-12));
  const PrintedRow ratio{2.0, 1.0, 4.0, 2, 2, 2};
  CHECK(audit_centred(ratio, AuditScale::Log));
  CHECK_FALSE(audit_centred(ratio, AuditScale::Identity));
  const PrintedRow swapped{1.05, 1.0, 2.25, 2, 2, 2};
  CHECK(audit_repair(swapped, AuditScale::Log).est.kind == Misprint::Swap);
}

TEST_CASE("audit: variances at the studies' averages, under no effect, of unequal spreads") {
  AuditData d = table(10, 50, 15, 52);
  d.average1 = one(0.25);
  d.average2 = one(0.4);
  const auto width = [](const AuditBoxes& b) {
    return std::log(b.ub_hi(0) / b.lb_lo(0)) / 2.0 / kZ(0);
  };
  const auto rr = audit_effects(d, AuditMeasure::RRAverage, AuditZero::Only0, kZ);
  CHECK(width(rr) == Approx(std::sqrt(0.75 / 0.25 / 50 + 0.6 / 0.4 / 52)).epsilon(1e-12));
  const double p = 25.0 / 102;
  const auto none = audit_effects(d, AuditMeasure::ORNull, AuditZero::Only0, kZ);
  CHECK(width(none) == Approx(std::sqrt((1.0 / 50 + 1.0 / 52) / (p * (1 - p)))).epsilon(1e-12));
  const auto rd = audit_effects(d, AuditMeasure::RDUnbiased, AuditZero::Only0, kZ);
  const double v = 0.2 * 0.8 / 49 + 15.0 / 52 * 37.0 / 52 / 51;
  CHECK((rd.ub_hi(0) - rd.lb_lo(0)) / 2.0 / kZ(0) == Approx(std::sqrt(v)).epsilon(1e-12));
  AuditData m = means(0.0);
  m.average1 = one(0.5);
  const auto av = audit_effects(m, AuditMeasure::SMDAverage, AuditZero::Only0, kZ);
  const double base = 41.0 / 420;
  CHECK((av.ub_hi(0) - av.lb_lo(0)) / 2.0 / kZ(0) ==
        Approx(std::sqrt(base + 0.25 / 82)).epsilon(1e-12));
  const double v1 = 1.2 * 1.2, v2 = 1.3 * 1.3, s2 = (v1 + v2) / 2.0;
  const auto h = audit_effects(m, AuditMeasure::SMDUnequal, AuditZero::Only0, kZ);
  const double g = h.est_lo(0);
  const double vh =
      g * g * (v1 * v1 / 19 + v2 * v2 / 20) / (8 * s2 * s2) + (v1 / 19 + v2 / 20) / s2;
  CHECK((h.ub_hi(0) - h.lb_lo(0)) / 2.0 / kZ(0) == Approx(std::sqrt(vh)).epsilon(1e-10));
}
