// Random numbers that are the same on every platform for a seed: the engine is fixed by the
// standard, whole numbers are drawn without bias by rejection. Source: Matsumoto & Nishimura
// (1998); Knuth (1997, 3.4.2, algorithm P).
#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "core/constants.hpp"

namespace metaparity {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  // 0, ..., n - 1
  std::uint64_t below(std::uint64_t n) {
    const std::uint64_t limit = engine_.max() - engine_.max() % n;
    std::uint64_t x = engine_();
    while (x >= limit) x = engine_();
    return x % n;
  }

  bool coin() { return (engine_() >> 63) != 0; }

  // Inside (0, 1).
  double uniform() { return (static_cast<double>(engine_() >> 11) + 0.5) * 0x1.0p-53; }

  // Standard normal (Box & Muller, 1958).
  double normal() {
    const double size = std::sqrt(-2.0 * std::log(uniform()));
    return size * std::cos(2.0 * kPi * uniform());
  }

  template <class T>
  void shuffle(std::vector<T>& x) {
    for (std::size_t i = x.size(); i > 1; --i) {
      std::swap(x[i - 1], x[static_cast<std::size_t>(below(static_cast<std::uint64_t>(i)))]);
    }
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace metaparity
