#include "catch.h"
#include "core/layout/label_layout.hpp"

using namespace metaparity;

static LabelObstacles page(double size) {
  LabelObstacles out{Mat(0, 4), Mat(0, 4), Mat(0, 4), Vec(4)};
  out.panel << 0, 0, size, size;
  return out;
}

static LabelAnchors names_of(const Vec& x, const Vec& y, double w, double h) {
  const Index n = x.size();
  return {x,
          y,
          Vec::Constant(n, w),
          Vec::Constant(n, h),
          Vec::Constant(n, 0.05),
          Vec::Constant(n, kInf),
          std::vector<int>(static_cast<std::size_t>(n), 1)};
}

TEST_CASE("names of points in a heap cover neither each other nor texts", "[label_layout]") {
  const Index n = 30;
  Vec x(n), y(n);
  for (Index i = 0; i < n; ++i) {
    const auto t = static_cast<double>(i);
    x[i] = 3 + 0.5 * std::sin(7 * t);
    y[i] = 3 + 0.5 * std::cos(11 * t);
  }
  LabelObstacles around = page(6);
  around.texts.resize(1, 4);
  around.texts << 0, 5, 2, 6;
  const LabelBoxes b = place_labels(names_of(x, y, 0.9, 0.12), around);
  CHECK(std::count(b.covered.begin(), b.covered.end(), 1) == 0);
  for (Index i = 0; i < n; ++i) {
    CHECK(b.left[i] > -1e-9);
    CHECK(b.right[i] < 6 + 1e-9);
    CHECK_FALSE((b.left[i] < 2 - 1e-9 && b.top[i] > 5 + 1e-9));
    for (Index j = 0; j < i; ++j) {
      const double w = std::min(b.right[i], b.right[j]) - std::max(b.left[i], b.left[j]);
      const double h = std::min(b.top[i], b.top[j]) - std::max(b.bottom[i], b.bottom[j]);
      CHECK_FALSE((w > 0.01 && h > 0.01));
    }
  }
}

// Does the line from the point to the nearest edge of its name run through box j?
static bool strikes(const LabelBoxes& b, double x, double y, Index i, Index j) {
  const double to_x = std::clamp(x, b.left[i], b.right[i]),
               to_y = std::clamp(y, b.bottom[i], b.top[i]);
  if (std::hypot(to_x - x, to_y - y) < 0.15) return false;
  for (int step = 1; step < 400; ++step) {
    const double u = x + (to_x - x) * step / 400.0, v = y + (to_y - y) * step / 400.0;
    if (u > b.left[j] + 0.01 && u < b.right[j] - 0.01 && v > b.bottom[j] + 0.01 &&
        v < b.top[j] - 0.01)
      return true;
  }
  return false;
}

TEST_CASE("no line from a point to its name runs through another name", "[label_layout]") {
  for (int heap = 0; heap < 60; ++heap) {
    const Index n = 10 + heap % 40;
    Vec x(n), y(n);
    for (Index i = 0; i < n; ++i) {
      const auto t = static_cast<double>(i + 100 * heap);
      x[i] = 2 + (0.1 + heap % 7 * 0.2) * std::sin(7 * t);
      y[i] = 2 + (0.05 + heap % 5 * 0.2) * std::cos(11 * t);
    }
    const LabelBoxes b = place_labels(names_of(x, y, 0.9, 0.14), page(4));
    for (Index i = 0; i < n; ++i) {
      for (Index j = 0; j < n; ++j) {
        if (i == j || b.covered[static_cast<std::size_t>(i)] ||
            b.covered[static_cast<std::size_t>(j)])
          continue;
        CHECK_FALSE(strikes(b, x[i], y[i], i, j));
      }
    }
  }
}

TEST_CASE("a name alone stands beside its point on the side asked for", "[label_layout]") {
  LabelAnchors names = names_of(Vec::Constant(1, 2.0), Vec::Constant(1, 2.0), 0.5, 0.1);
  const LabelBoxes right = place_labels(names, page(4));
  CHECK(right.left[0] == Approx(2.05));
  CHECK(right.bottom[0] == Approx(1.95));
  names.side = {-1};
  const LabelBoxes left = place_labels(names, page(4));
  CHECK(left.right[0] == Approx(1.95));
}

TEST_CASE("where there is no room the covered names are told", "[label_layout]") {
  const Index n = 40;
  const LabelBoxes b =
      place_labels(names_of(Vec::Constant(n, 0.5), Vec::Constant(n, 0.5), 0.9, 0.2), page(1));
  CHECK(std::count(b.covered.begin(), b.covered.end(), 1) > 0);
}

TEST_CASE("a lone name keeps its place where a heap beside it loses names", "[label_layout]") {
  const Index n = 40;
  Vec x = Vec::Constant(n, 1.0), y = Vec::Constant(n, 1.0);
  x[n - 1] = 4.0;
  y[n - 1] = 4.0;
  LabelAnchors names = names_of(x, y, 0.9, 0.2);
  names.reach.setConstant(0.3);
  const LabelBoxes b = place_labels(names, page(6));
  CHECK(b.covered[n - 1] == 0);
  CHECK(b.left[n - 1] == Approx(4.05));
  const auto lost = std::count(b.covered.begin(), b.covered.end(), 1);
  CHECK(lost > 0);
  CHECK(lost < n - 1);
}

TEST_CASE("a name does not stand closer to another point than to its own", "[label_layout]") {
  Vec x(2), y(2);
  x << 2.0, 2.6;
  y << 2.0, 2.0;
  LabelObstacles around = page(4);
  around.points.resize(2, 4);
  around.points << 1.95, 1.95, 2.05, 2.05, 2.55, 1.95, 2.65, 2.05;
  LabelAnchors names = names_of(x.head(1), y.head(1), 0.5, 0.12);
  const LabelBoxes b = place_labels(names, around);
  CHECK(b.right[0] < 2.5);
}
