// Climbs inside a box on functions whose top is known: a parabola against a grid, and a curve with two tops.
#include "core/model/mv_optimize.hpp"

#include <algorithm>
#include <cmath>

#include "catch.h"

using namespace metaparity;

namespace {

// -(psi - top)' H (psi - top) / 2.
class Parabola : public MvLikelihood {
 public:
  Parabola(Vec top, Mat H) : top_(std::move(top)), H_(std::move(H)) {}
  Index size() const override { return top_.size(); }
  double value(const Vec& psi) const { return -0.5 * (psi - top_).dot(H_ * (psi - top_)); }
  MvMean mean(const Vec& psi) override {
    MvMean m;
    m.valid = true;
    m.ml = m.reml = value(psi);
    return m;
  }
  MvSlope slope(const Vec& psi, bool, bool) override { return {H_ * (top_ - psi), H_}; }

 private:
  Vec top_;
  Mat H_;
};

// In the second parameter tops near -1 and 1, of which that near 1 is the higher; the first follows it.
class TwoTops : public MvLikelihood {
 public:
  Index size() const override { return 2; }
  static double value(double a, double b) {
    const double q = b * b - 1.0;
    return -q * q + 0.3 * b - (a - b) * (a - b);
  }
  MvMean mean(const Vec& psi) override {
    MvMean m;
    m.valid = true;
    m.ml = m.reml = value(psi[0], psi[1]);
    return m;
  }
  MvSlope slope(const Vec& psi, bool, bool) override {
    const double a = psi[0], b = psi[1];
    MvSlope s{Vec(2), Mat(2, 2)};
    s.score << -2.0 * (a - b), -4.0 * b * (b * b - 1.0) + 0.3 + 2.0 * (a - b);
    s.information << 2.0, -2.0, -2.0, 12.0 * b * b - 4.0 + 2.0;
    return s;
  }
};

Vec pair(double a, double b) {
  Vec v(2);
  v[0] = a;
  v[1] = b;
  return v;
}

Mat symmetric(double a, double b, double c) {
  Mat m(2, 2);
  m(0, 0) = a;
  m(0, 1) = m(1, 0) = b;
  m(1, 1) = c;
  return m;
}

MvBox box_of(double low, double high, Index n) {
  return {Vec::Constant(n, low), Vec::Constant(n, high),
          std::vector<char>(static_cast<std::size_t>(n), 0)};
}

}  // namespace

TEST_CASE("inside the box the top is that of the parabola") {
  const Mat H = symmetric(2.0, 0.5, 1.0);
  const Vec top = pair(0.7, 1.2);
  Parabola f(top, H);
  const MvPeak peak = mv_climb(f, box_of(0.0, 5.0, 2), Vec::Constant(2, 4.0), true);
  CHECK(peak.settled);
  CHECK((peak.psi - top).norm() < 1e-12);
  CHECK(peak.slope.score.norm() < 1e-10);
}

TEST_CASE("at its edge the top is the best of a grid, and a held parameter stays") {
  const Mat H = symmetric(2.0, 1.6, 2.0);
  Parabola f(pair(-1.0, 1.2), H);
  MvBox box = box_of(0.0, 5.0, 2);
  const MvPeak peak = mv_climb(f, box, Vec::Constant(2, 2.0), true);
  CHECK(peak.settled);
  CHECK(peak.psi[0] == 0.0);
  double best = -kInf;
  for (int i = 0; i <= 100; ++i)
    for (int j = 0; j <= 100; ++j) best = std::max(best, f.value(pair(0.05 * i, 0.05 * j)));
  CHECK(peak.ll >= best);
  CHECK(peak.ll == Approx(best).epsilon(0.02));
  box.fixed[1] = 1;
  const MvPeak held = mv_climb(f, box, Vec::Constant(2, 2.0), true);
  CHECK(held.psi[1] == 2.0);
  CHECK(held.psi[0] == 0.0);
}

TEST_CASE("of two tops the scan takes the higher one and counts both") {
  TwoTops f;
  const MvBox box = box_of(-3.0, 3.0, 2);
  const MvPeak near = mv_climb(f, box, Vec::Constant(2, -1.0), true);
  CHECK(near.psi[1] < 0.0);
  Vec grid(9);
  for (Index i = 0; i < 9; ++i) grid[i] = -2.0 + 0.5 * static_cast<double>(i);
  int maxima = 0;
  const MvPeak peak = mv_scan(
      f, box, Vec::Constant(2, -1.0), 1, grid, [](double x) { return x; }, true, maxima);
  CHECK(maxima == 2);
  CHECK(peak.ll > near.ll);
  // 4 b (b^2 - 1) = 0.3 at the top, where the first equals the second.
  const double b = peak.psi[1];
  CHECK(4.0 * b * (b * b - 1.0) == Approx(0.3).epsilon(1e-9));
  CHECK(peak.psi[0] == Approx(b).epsilon(1e-9));
}

TEST_CASE("where nothing is valid there is no peak") {
  class Nowhere : public TwoTops {
    MvMean mean(const Vec&) override { return {}; }
  } f;
  CHECK_FALSE(mv_climb(f, box_of(-1.0, 1.0, 2), Vec::Zero(2), true).valid);
}
