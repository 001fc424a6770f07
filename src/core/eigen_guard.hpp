// Included before any header of Eigen: a wrong index, a mismatch of sizes or a reduction of nothing is an exception instead of
// undefined behaviour, also in optimised builds. Whoever compiles the core may define eigen_assert otherwise.
#pragma once

#include <stdexcept>

#ifndef eigen_assert
namespace metaparity {

[[noreturn]] inline void broken_invariant() {
  throw std::logic_error("the numbers do not fit together: lengths, indices or sets are wrong");
}

}  // namespace metaparity
#define eigen_assert(condition) \
  ((condition) ? static_cast<void>(0) : metaparity::broken_invariant())
#endif
