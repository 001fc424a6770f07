#include "core/batch/scan_median.hpp"

#include <algorithm>
#include <cstring>

#include "core/types.hpp"

namespace metaparity {
namespace {

std::uint64_t bits_of(double x) {
  std::uint64_t out = 0;
  std::memcpy(&out, &x, sizeof out);
  return out;
}

double from_bits(std::uint64_t bits) {
  double out = 0.0;
  std::memcpy(&out, &bits, sizeof out);
  return out;
}

}  // namespace

void StreamedMedian::feed(const double* x, std::size_t n) {
  if (known_ == 64) {
    const double upper = from_bits(upper_);
    for (std::size_t i = 0; i < n; ++i) {
      if (x[i] < upper) lower_ = std::max(lower_, x[i]);
    }
    return;
  }
  const int rest = 64 - known_;
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t bits = bits_of(x[i] + 0.0);  // -0 is 0
    if (known_ > 0 && bits >> rest != upper_) continue;
    ++counts_[(bits >> (rest - kBits)) & (kBins - 1)];
  }
}

bool StreamedMedian::end_pass() {
  if (n_ == 0 || known_ == 64) return true;
  std::size_t bin = 0;
  while (bin + 1 < kBins && counts_[bin] <= rank_) rank_ -= counts_[bin++];
  upper_ = upper_ << kBits | bin;
  known_ += kBits;
  std::fill(counts_.begin(), counts_.end(), 0);
  // Equal numbers below the upper middle: the lower one is the same.
  if (known_ == 64 && (n_ % 2 == 1 || rank_ > 0)) lower_ = from_bits(upper_);
  return known_ == 64 && lower_ >= 0.0;
}

double StreamedMedian::median() const {
  if (n_ == 0) return kNaN;
  const double upper = from_bits(upper_);
  return n_ % 2 == 1 ? upper : (lower_ + upper) / 2.0;
}

}  // namespace metaparity
