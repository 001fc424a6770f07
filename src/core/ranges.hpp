// What indexes something must stay within it: a number from outside the core that does not would read foreign memory.
#pragma once

#include "core/errors.hpp"
#include "core/types.hpp"

namespace metaparity {

inline void check_index(Index i, Index n, const char* arg) {
  if (i < 0 || i >= n) throw InvalidInput(arg, "holds a number that is out of range");
}

template <class Numbers>
void check_indices(const Numbers& numbers, Index n, const char* arg) {
  for (const auto i : numbers) check_index(static_cast<Index>(i), n, arg);
}

inline void check_fits(bool fits, const char* arg) {
  if (!fits) throw InvalidInput(arg, "has parts whose sizes do not belong together");
}

}  // namespace metaparity
