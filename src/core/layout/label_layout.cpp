#include "core/layout/label_layout.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/constants.hpp"

namespace metaparity {
namespace {

struct Rectangle {
  double left = 0, bottom = 0, right = 0, top = 0;
};

double overlap(const Rectangle& a, const Rectangle& b) {
  const double w = std::min(a.right, b.right) - std::max(a.left, b.left);
  const double h = std::min(a.top, b.top) - std::max(a.bottom, b.bottom);
  return w > 0 && h > 0 ? w * h : 0.0;
}

std::vector<Rectangle> boxes_of(const Mat& rows) {
  std::vector<Rectangle> out;
  for (Index i = 0; i < rows.rows(); ++i) {
    if (rows.row(i).allFinite()) out.push_back({rows(i, 0), rows(i, 1), rows(i, 2), rows(i, 3)});
  }
  return out;
}

double total_overlap(const Rectangle& box, const std::vector<Rectangle>& others) {
  double sum = 0.0;
  for (const Rectangle& other : others) sum += overlap(box, other);
  return sum;
}

struct Point {
  double x = 0, y = 0;
};

double distance(const Rectangle& b, const Point& p) {
  return std::hypot(std::max({b.left - p.x, p.x - b.right, 0.0}),
                    std::max({b.bottom - p.y, p.y - b.top, 0.0}));
}

Point nearest(const Rectangle& b, const Point& p) {
  return {std::clamp(p.x, b.left, b.right), std::clamp(p.y, b.bottom, b.top)};
}

Point middle(const Rectangle& b) { return {(b.left + b.right) / 2, (b.bottom + b.top) / 2}; }

// From the point of a name to the name; one of no length is not drawn.
struct Leader {
  Point from, to;
  bool drawn = false;
};

// The part of the segment within the box, by clipping its parameter (Liang & Barsky 1984).
bool passes(const Leader& l, const Rectangle& b) {
  if (!l.drawn) return false;
  double low = 0.0, high = 1.0;
  const auto clip = [&](double from, double step, double lo, double hi) {
    if (std::abs(step) < 1e-12) return from > lo && from < hi;
    const double a = (lo - from) / step, c = (hi - from) / step;
    low = std::max(low, std::min(a, c));
    high = std::min(high, std::max(a, c));
    return low < high;
  };
  return clip(l.from.x, l.to.x - l.from.x, b.left, b.right) &&
         clip(l.from.y, l.to.y - l.from.y, b.bottom, b.top);
}

double turn(const Point& a, const Point& b, const Point& c) {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

bool cross(const Leader& a, const Leader& b) {
  return a.drawn && b.drawn && turn(a.from, a.to, b.from) * turn(a.from, a.to, b.to) < 0 &&
         turn(b.from, b.to, a.from) * turn(b.from, b.to, a.to) < 0;
}

// Does the leader run through a name? A hair at its edge does no harm.
bool strikes(const Leader& l, const Rectangle& b) {
  constexpr double hair = 0.005;
  return passes(l, {b.left + hair, b.bottom + hair, b.right - hair, b.top - hair});
}

struct Place {
  Rectangle box;
  Leader leader;
  double base = 0.0;  // cost that does not depend on the other names
};

// Costs per square inch of what a name covers, per inch beyond the panel and of distance; then of a leader and of each
// point or leader that it crosses, of a name without leader that another point is as close to, and of covering a name or
// striking it through at all; a name that is struck through counts as covered by so many square inches.
constexpr double kTextCost = 50.0, kOffCost = 20.0, kPointCost = 20.0, kLineCost = 10.0,
                 kFarCost = 0.1, kTurnCost = 0.002, kLeaderCost = 0.04, kThroughPoint = 0.06,
                 kThroughLeader = 0.4, kStrangerCost = 0.15, kNameCost = 1.5, kCovered = 1e-4,
                 kAsClose = 0.02, kStruck = 0.01, kRoomy = 0.4;
constexpr std::array<double, 7> kDistances{0.0, 0.12, 0.3, 0.55, 0.9, 1.4, 2.1};
constexpr int kAngles = 16;
constexpr double kLeaderFrom = 0.1;

struct Fixed {
  std::vector<Rectangle> texts, points, lines;
  Rectangle panel;
};

struct Anchor {
  Point at;
  double w = 0, h = 0, clear = 0, reach = 0;
  int side = 1;
};

double box_cost(const Rectangle& b, const Fixed& fixed) {
  const double off =
      std::max(fixed.panel.left - b.left, 0.0) + std::max(b.right - fixed.panel.right, 0.0) +
      std::max(fixed.panel.bottom - b.bottom, 0.0) + std::max(b.top - fixed.panel.top, 0.0);
  return kTextCost * total_overlap(b, fixed.texts) + kPointCost * total_overlap(b, fixed.points) +
         kLineCost * total_overlap(b, fixed.lines) + kOffCost * off +
         (off > kAsClose ? kNameCost : 0.0);
}

// What the reader may mistake: the leader runs through other points, or another point is closer than the name's own.
double mistaken_cost(const Place& place, const Anchor& anchor, double own, const Fixed& fixed) {
  double cost = place.leader.drawn ? kLeaderCost : 0.0;
  for (const Rectangle& text : fixed.texts) cost += strikes(place.leader, text) ? kNameCost : 0.0;
  for (const Rectangle& point : fixed.points) {
    const Point at = middle(point);
    if (std::abs(at.x - anchor.at.x) < 1e-3 && std::abs(at.y - anchor.at.y) < 1e-3) continue;
    if (place.leader.drawn) {
      cost += passes(place.leader, point) ? kThroughPoint : 0.0;
    } else if (distance(place.box, at) < own + kAsClose) {
      cost += kStrangerCost;
    }
  }
  return cost;
}

Place place_at(const Anchor& anchor, double far, int step, const Fixed& fixed) {
  const double angle = (anchor.side < 0 ? kPi : 0.0) + step * 2.0 * kPi / kAngles;
  const double c = std::cos(angle), s = std::sin(angle);
  const double grow = std::min(1.0, std::abs(c) * 1.5);
  const double cx = anchor.at.x + c * (anchor.clear + far) + std::copysign(grow, c) * anchor.w / 2;
  const double cy = anchor.at.y + s * (anchor.clear + far + anchor.h / 2);
  Place out;
  out.box = {cx - anchor.w / 2, cy - anchor.h / 2, cx + anchor.w / 2, cy + anchor.h / 2};
  const double own = distance(out.box, anchor.at);
  out.leader = {anchor.at, nearest(out.box, anchor.at), own >= anchor.clear + kLeaderFrom};
  out.base = box_cost(out.box, fixed) + mistaken_cost(out, anchor, own, fixed) + kFarCost * far +
             kTurnCost * std::abs(step);
  return out;
}

// Around the point at growing distances within reach, the side asked for first.
std::vector<Place> candidate_places(const Anchor& anchor, const Fixed& fixed) {
  std::vector<Place> out;
  for (const double far : kDistances) {
    if (far > std::max(anchor.reach, 0.0)) break;
    for (int a = 0; a < kAngles; ++a) {
      out.push_back(place_at(anchor, far, (a + 1) / 2 * (a % 2 == 0 ? 1 : -1), fixed));
    }
  }
  return out;
}

// How much two names are in each other's way.
double conflict(const Place& a, const Place& b) {
  return overlap(a.box, b.box) + (strikes(a.leader, b.box) ? kStruck : 0.0) +
         (strikes(b.leader, a.box) ? kStruck : 0.0);
}

class Placement {
 public:
  Placement(std::vector<std::vector<Place>> places)
      : places_(std::move(places)), chosen_(places_.size(), kNone) {}

  const Place& place(std::size_t i) const {
    return places_[i][static_cast<std::size_t>(std::max(chosen_[i], 0))];
  }

  // At first a struck name counts little, so that all spread out; in the end no name may be.
  void forbid_struck() { struck_cost_ = kNameCost; }

  bool dropped(std::size_t i) const { return chosen_[i] == kDropped; }

  double covered(std::size_t i) const {
    double sum = 0.0;
    for (std::size_t j = 0; j < places_.size(); ++j) {
      if (j != i && chosen_[j] >= 0) sum += conflict(place(i), place(j));
    }
    return sum;
  }

  // Moves name i to its cheapest place; true if that is another one.
  bool choose(std::size_t i) {
    if (dropped(i)) return false;
    double best = kInf;
    int at = 0;
    for (std::size_t c = 0; c < places_[i].size(); ++c) {
      const Place& candidate = places_[i][c];
      if (candidate.base >= best) continue;
      const double cost = candidate.base + cost_among(i, candidate, best - candidate.base);
      if (cost < best) {
        best = cost;
        at = static_cast<int>(c);
      }
    }
    const bool moved = at != chosen_[i];
    chosen_[i] = at;
    return moved;
  }

  // Leaves out the name that is most in the way of others, then the next, until none covers or strikes another.
  void drop_worst() {
    std::vector<double> area(places_.size());
    for (std::size_t i = 0; i < area.size(); ++i) area[i] = dropped(i) ? 0.0 : covered(i);
    while (!area.empty()) {
      const auto worst =
          static_cast<std::size_t>(std::max_element(area.begin(), area.end()) - area.begin());
      if (area[worst] <= kCovered) return;
      const Place gone = place(worst);
      chosen_[worst] = kDropped;
      area[worst] = 0.0;
      for (std::size_t j = 0; j < area.size(); ++j) {
        if (!dropped(j)) area[j] -= conflict(gone, place(j));
      }
    }
  }

  // A name left out returns where a place has become free.
  void restore(std::size_t i) {
    if (!dropped(i)) return;
    chosen_[i] = kNone;
    choose(i);
    if (covered(i) > kCovered) chosen_[i] = kDropped;
  }

  // A name left out takes the first of its places whose holders find others.
  void squeeze(std::size_t i) {
    if (!dropped(i)) return;
    const std::vector<int> before = chosen_;
    for (std::size_t c = 0; c < places_[i].size(); ++c) {
      if (places_[i][c].base > kRoomy) continue;
      chosen_[i] = static_cast<int>(c);
      if (make_room(i)) return;
      chosen_ = before;
    }
  }

 private:
  static constexpr int kNone = -1, kDropped = -2, kMostHolders = 4;
  std::vector<std::vector<Place>> places_;
  std::vector<int> chosen_;
  double struck_cost_ = kThroughLeader;

  // Moves the few names that are in the way of name i to where they are in nobody's.
  bool make_room(std::size_t i) {
    std::vector<std::size_t> holders;
    for (std::size_t j = 0; j < places_.size(); ++j) {
      if (j != i && chosen_[j] >= 0 && conflict(place(i), place(j)) > kCovered)
        holders.push_back(j);
    }
    if (holders.size() > kMostHolders) return false;
    for (const std::size_t j : holders) chosen_[j] = kNone;
    for (const std::size_t j : holders) {
      choose(j);
      if (covered(j) > kCovered) return false;
    }
    return covered(i) <= kCovered;
  }

  // Of a place among the other names; once it exceeds `most` the rest does not matter.
  double cost_among(std::size_t i, const Place& candidate, double most) const {
    double cost = 0.0;
    for (std::size_t j = 0; j < places_.size() && cost < most; ++j) {
      if (j == i || chosen_[j] < 0) continue;
      const Place& other = place(j);
      const double area = overlap(candidate.box, other.box);
      cost += kTextCost * area + (area > kCovered ? kNameCost : 0.0);
      if (strikes(candidate.leader, other.box)) cost += struck_cost_;
      if (strikes(other.leader, candidate.box)) cost += struck_cost_;
      if (cross(candidate.leader, other.leader)) cost += kThroughLeader;
    }
    return cost;
  }
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

// Is a text of the figure covered or struck through?
bool struck_or_covered(const Place& place, const Fixed& fixed) {
  return total_overlap(place.box, fixed.texts) > kCovered ||
         std::any_of(fixed.texts.begin(), fixed.texts.end(),
                     [&](const Rectangle& text) { return strikes(place.leader, text); });
}

LabelBoxes boxes_of(const Placement& placement, std::size_t n, const Fixed& fixed) {
  const auto rows = static_cast<Index>(n);
  LabelBoxes out{Vec(rows), Vec(rows), Vec(rows), Vec(rows), {}};
  for (std::size_t i = 0; i < n; ++i) {
    const Rectangle& b = placement.place(i).box;
    const auto row = static_cast<Index>(i);
    out.left[row] = b.left;
    out.bottom[row] = b.bottom;
    out.right[row] = b.right;
    out.top[row] = b.top;
    out.covered.push_back(placement.dropped(i) || struck_or_covered(placement.place(i), fixed));
  }
  return out;
}

void settle(Placement& placement, const std::vector<std::size_t>& order) {
  for (int pass = 0; pass < 8; ++pass) {
    bool moved = false;
    for (const std::size_t i : order) moved = placement.choose(i) || moved;
    if (!moved) break;
  }
}

}  // namespace

LabelBoxes place_labels(const LabelAnchors& names, const LabelObstacles& obstacles) {
  const Fixed fixed{
      boxes_of(obstacles.texts),
      boxes_of(obstacles.points),
      boxes_of(obstacles.lines),
      {obstacles.panel[0], obstacles.panel[1], obstacles.panel[2], obstacles.panel[3]}};
  std::vector<std::vector<Place>> places;
  for (Index i = 0; i < names.x.size(); ++i) {
    places.push_back(candidate_places({{names.x[i], names.y[i]},
                                       names.w[i],
                                       names.h[i],
                                       names.clear[i],
                                       names.reach[i],
                                       names.side[static_cast<std::size_t>(i)]},
                                      fixed));
  }
  Placement placement(std::move(places));
  const std::vector<std::size_t> order = crowded_first(names.x, names.y, names.w);
  settle(placement, order);
  placement.forbid_struck();
  for (int round = 0; round < 4; ++round) {
    settle(placement, order);
    placement.drop_worst();
    settle(placement, order);
    for (auto i = order.rbegin(); i != order.rend(); ++i) placement.restore(*i);
    for (auto i = order.rbegin(); i != order.rend(); ++i) placement.squeeze(*i);
  }
  placement.drop_worst();
  return boxes_of(placement, order.size(), fixed);
}

}  // namespace metaparity
