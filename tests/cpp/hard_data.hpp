// Seeded data sets for the stress and fuzz tests: half benign, half of kinds that break fits with
// absolute tolerances. The generators are written out so that every platform draws the same sets.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/types.hpp"

namespace stress {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t bits() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  double uniform() { return static_cast<double>((bits() >> 11) + 1) * 0x1.0p-53; }
  double uniform(double lo, double hi) { return lo + (hi - lo) * uniform(); }
  double power10(double lo, double hi) { return std::pow(10.0, uniform(lo, hi)); }
  double normal() {
    return std::sqrt(-2.0 * std::log(uniform())) * std::cos(6.283185307179586 * uniform());
  }
  int below(int n) { return static_cast<int>(bits() % static_cast<std::uint64_t>(n)); }
  int between(int lo, int hi) { return lo + below(hi - lo + 1); }

 private:
  std::uint64_t state_;
};

struct DataSet {
  metaparity::Vec y, v;
  std::string kind;
};

inline DataSet blank(int k, const char* kind) {
  return {metaparity::Vec(k), metaparity::Vec(k), kind};
}

inline DataSet benign(Random& r) {
  DataSet d = blank(r.between(3, 30), "benign");
  const double tau = r.below(4) == 0 ? 0.0 : r.uniform(0.0, 1.0);
  for (int i = 0; i < d.y.size(); ++i) {
    d.v[i] = r.power10(-2.0, 0.0);
    d.y[i] = 0.4 + tau * r.normal() + std::sqrt(d.v[i]) * r.normal();
  }
  return d;
}

// k = 2-5, variances over up to `decades` powers of ten, effects with standard deviation `tau` above sampling error.
inline DataSet few(Random& r, const char* kind, double decades, double tau) {
  DataSet d = blank(r.between(2, 5), kind);
  for (int i = 0; i < d.y.size(); ++i) {
    d.v[i] = r.power10(-decades, 0.0);
    d.y[i] = tau * r.normal() + std::sqrt(d.v[i]) * r.normal();
  }
  return d;
}

inline DataSet ratios(Random& r) {
  return few(r, "ratio", r.uniform(0.0, 16.0), r.power10(-4.0, 1.0));
}

inline DataSet outlier(Random& r) {
  DataSet d = few(r, "outlier", r.uniform(0.0, 6.0), 0.3);
  d.y[r.below(static_cast<int>(d.y.size()))] += r.power10(0.0, 6.0);
  return d;
}

inline DataSet tiny(Random& r) { return few(r, "tiny", 1.0, r.power10(-6.0, -1.0)); }

inline DataSet offset(Random& r) {
  DataSet d = few(r, "offset", r.uniform(0.0, 4.0), r.power10(-2.0, 2.0));
  d.y.array() += (r.below(2) ? 1.0 : -1.0) * r.power10(0.0, 10.0);
  return d;
}

inline DataSet scaled(Random& r) {
  DataSet d = few(r, "scale", r.uniform(0.0, 4.0), r.power10(-2.0, 1.0));
  const double s = r.power10(-10.0, 0.0);
  d.y *= s;
  d.v *= s * s;
  return d;
}

// Precise studies that disagree beside vague ones, and heavy tails.
inline DataSet modes(Random& r) {
  DataSet d = blank(r.between(2, 8), "modes");
  for (int i = 0; i < d.y.size(); ++i) {
    d.v[i] = r.below(2) ? r.power10(-8.0, -2.0) : r.power10(-1.0, 2.0);
    d.y[i] = std::tan(3.141592653589793 * (r.uniform() - 0.5)) * (r.below(3) ? 1.0 : 0.01);
  }
  return d;
}

inline DataSet nearly_equal(Random& r) {
  DataSet d = few(r, "equal", r.uniform(0.0, 8.0), 0.0);
  const double centre = r.normal(), spread = r.power10(-12.0, -2.0);
  for (int i = 0; i < d.y.size(); ++i) d.y[i] = centre + spread * r.normal();
  return d;
}

inline DataSet draw(std::uint64_t seed) {
  Random r(seed * 0xD1342543DE82EF95ULL + 1);
  if (seed % 2 == 0) return benign(r);
  switch ((seed / 2) % 7) {
    case 0:
      return ratios(r);
    case 1:
      return outlier(r);
    case 2:
      return tiny(r);
    case 3:
      return offset(r);
    case 4:
      return scaled(r);
    case 5:
      return modes(r);
    default:
      return nearly_equal(r);
  }
}

// How many data sets a run takes: the variable if it is set, fewer under sanitizers.
inline int how_many(const char* variable, [[maybe_unused]] int usual,
                    [[maybe_unused]] int sanitized) {
  if (const char* set = std::getenv(variable)) return std::atoi(set);
#ifdef __SANITIZE_ADDRESS__
  return sanitized;
#else
  return usual;
#endif
}

}  // namespace stress
