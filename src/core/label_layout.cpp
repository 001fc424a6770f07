#include "core/label_layout.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace metaparity {
namespace {

struct Box {
  double left = 0, bottom = 0, right = 0, top = 0;
};

double overlap(const Box& a, const Box& b) {
  const double w = std::min(a.right, b.right) - std::max(a.left, b.left);
  const double h = std::min(a.top, b.top) - std::max(a.bottom, b.bottom);
  return w > 0 && h > 0 ? w * h : 0.0;
}

std::vector<Box> boxes_of(const Mat& rows) {
  std::vector<Box> out;
  for (Index i = 0; i < rows.rows(); ++i) {
    if (rows.row(i).allFinite()) out.push_back({rows(i, 0), rows(i, 1), rows(i, 2), rows(i, 3)});
  }
  return out;
}

double total_overlap(const Box& box, const std::vector<Box>& others) {
  double sum = 0.0;
  for (const Box& other : others) sum += overlap(box, other);
  return sum;
}

struct Place {
  Box box;
  double base = 0.0;  // cost that does not depend on the other names
};

// Covering a name costs most, then leaving the panel, points, lines; distance a little.
constexpr double kTextCost = 50.0, kOffCost = 20.0, kPointCost = 4.0, kLineCost = 0.3,
                 kFarCost = 0.01;
constexpr std::array<double, 7> kDistances{0.0, 0.12, 0.3, 0.55, 0.9, 1.4, 2.1};
constexpr int kAngles = 16;
constexpr double kPi = 3.14159265358979323846;

struct Fixed {
  std::vector<Box> texts, points, lines;
  Box panel;
};

double base_cost(const Box& b, double far, const Fixed& fixed) {
  const double off =
      std::max(fixed.panel.left - b.left, 0.0) + std::max(b.right - fixed.panel.right, 0.0) +
      std::max(fixed.panel.bottom - b.bottom, 0.0) + std::max(b.top - fixed.panel.top, 0.0);
  return kTextCost * total_overlap(b, fixed.texts) + kPointCost * total_overlap(b, fixed.points) +
         kLineCost * total_overlap(b, fixed.lines) + kOffCost * off + kFarCost * far;
}

// Around the point at growing distances, the side asked for first.
std::vector<Place> candidate_places(double x, double y, double w, double h, double clear, int side,
                                    const Fixed& fixed) {
  std::vector<Place> out;
  for (const double far : kDistances) {
    for (int a = 0; a < kAngles; ++a) {
      const int turn = (a + 1) / 2 * (a % 2 == 0 ? 1 : -1);
      const double angle = (side < 0 ? kPi : 0.0) + turn * 2.0 * kPi / kAngles;
      const double c = std::cos(angle), s = std::sin(angle);
      const double grow = std::min(1.0, std::abs(c) * 1.5);
      const double cx = x + c * (clear + far) + std::copysign(grow, c) * w / 2;
      const double cy = y + s * (clear + far + h / 2);
      const Box box{cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2};
      out.push_back({box, base_cost(box, far + 0.02 * std::abs(turn), fixed)});
    }
  }
  return out;
}

class Placement {
 public:
  Placement(std::vector<std::vector<Place>> places)
      : places_(std::move(places)), chosen_(places_.size(), -1) {}

  const Box& box(std::size_t i) const {
    return places_[i][static_cast<std::size_t>(chosen_[i])].box;
  }

  double covered(std::size_t i, const Box& box_i) const {
    double sum = 0.0;
    for (std::size_t j = 0; j < places_.size(); ++j) {
      if (j != i && chosen_[j] >= 0) sum += overlap(box_i, box(j));
    }
    return sum;
  }

  // Moves name i to its cheapest place; true if that is another one.
  bool choose(std::size_t i) {
    double best = kInf;
    int at = 0;
    for (std::size_t c = 0; c < places_[i].size(); ++c) {
      const Place& place = places_[i][c];
      if (place.base >= best) continue;
      const double cost = place.base + kTextCost * covered(i, place.box);
      if (cost < best) {
        best = cost;
        at = static_cast<int>(c);
      }
    }
    const bool moved = at != chosen_[i];
    chosen_[i] = at;
    return moved;
  }

 private:
  std::vector<std::vector<Place>> places_;
  std::vector<int> chosen_;
};

// Names with the most neighbours first: they have the fewest free places.
std::vector<std::size_t> crowded_first(const VecRef& x, const VecRef& y, const VecRef& w) {
  std::vector<std::size_t> order(static_cast<std::size_t>(x.size()));
  std::vector<int> near(order.size(), 0);
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
    for (Index j = 0; j < x.size(); ++j) {
      const auto at = static_cast<Index>(i);
      near[i] += std::abs(x[j] - x[at]) < w[at] && std::abs(y[j] - y[at]) < 0.3;
    }
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return near[a] > near[b]; });
  return order;
}

}  // namespace

LabelBoxes place_labels(const VecRef& x, const VecRef& y, const VecRef& w, const VecRef& h,
                        const VecRef& clear, const std::vector<int>& side,
                        const LabelObstacles& obstacles) {
  const Fixed fixed{
      boxes_of(obstacles.texts),
      boxes_of(obstacles.points),
      boxes_of(obstacles.lines),
      {obstacles.panel[0], obstacles.panel[1], obstacles.panel[2], obstacles.panel[3]}};
  std::vector<std::vector<Place>> places;
  for (Index i = 0; i < x.size(); ++i) {
    places.push_back(candidate_places(x[i], y[i], w[i], h[i], clear[i],
                                      side[static_cast<std::size_t>(i)], fixed));
  }
  Placement placement(std::move(places));
  const std::vector<std::size_t> order = crowded_first(x, y, w);
  for (const std::size_t i : order) placement.choose(i);
  for (int pass = 0; pass < 8; ++pass) {
    bool moved = false;
    for (const std::size_t i : order) moved = placement.choose(i) || moved;
    if (!moved) break;
  }
  LabelBoxes out{Vec(x.size()), Vec(x.size()), Vec(x.size()), Vec(x.size()), {}};
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Box& b = placement.box(i);
    const auto row = static_cast<Index>(i);
    out.left[row] = b.left;
    out.bottom[row] = b.bottom;
    out.right[row] = b.right;
    out.top[row] = b.top;
    const double area = total_overlap(b, fixed.texts) + placement.covered(i, b);
    out.covered.push_back(area > 1e-4);
  }
  return out;
}

}  // namespace metaparity
