#include "catch.h"
#include "core/label_layout.hpp"

using namespace metaparity;

static LabelObstacles page(double size) {
  LabelObstacles out{Mat(0, 4), Mat(0, 4), Mat(0, 4), Vec(4)};
  out.panel << 0, 0, size, size;
  return out;
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
  const LabelBoxes b = place_labels(x, y, Vec::Constant(n, 0.9), Vec::Constant(n, 0.12),
                                    Vec::Constant(n, 0.05), std::vector<int>(30, 1), around);
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

TEST_CASE("a name alone stands beside its point on the side asked for", "[label_layout]") {
  const Vec at = Vec::Constant(1, 2.0), w = Vec::Constant(1, 0.5), h = Vec::Constant(1, 0.1),
            clear = Vec::Constant(1, 0.06);
  const LabelBoxes right = place_labels(at, at, w, h, clear, {1}, page(4));
  CHECK(right.left[0] == Approx(2.06));
  CHECK(right.bottom[0] == Approx(1.95));
  const LabelBoxes left = place_labels(at, at, w, h, clear, {-1}, page(4));
  CHECK(left.right[0] == Approx(1.94));
}

TEST_CASE("where there is no room the covered names are told", "[label_layout]") {
  const Index n = 40;
  const LabelBoxes b =
      place_labels(Vec::Constant(n, 0.5), Vec::Constant(n, 0.5), Vec::Constant(n, 0.9),
                   Vec::Constant(n, 0.2), Vec::Constant(n, 0.05), std::vector<int>(40, 1), page(1));
  CHECK(std::count(b.covered.begin(), b.covered.end(), 1) > 0);
}
