// Random numbers that are the same on every platform for a seed: the engine is fixed by the
// standard, whole numbers are drawn without bias by rejection. Source: Matsumoto & Nishimura
// (1998); Knuth (1997, 3.4.2, algorithm P).
#pragma once

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

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
