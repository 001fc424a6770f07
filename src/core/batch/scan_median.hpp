// The exact median of more numbers than memory holds: they are gone through several times, each time 16 bits of the median
// more are known. Numbers that are not below 0 are in the order of their bits (IEEE 754). Oracle: std::nth_element.
#pragma once

#include <cstdint>
#include <vector>

namespace metaparity {

class StreamedMedian {
 public:
  // n numbers, none of them below 0 or NaN.
  explicit StreamedMedian(std::int64_t n) : n_(n), rank_(n / 2), counts_(kBins, 0) {}
  // A pass goes over all numbers, in pieces of any size and order.
  void feed(const double* x, std::size_t n);
  // Is the median known? If not, the numbers are to be fed again.
  bool end_pass();
  // NaN of no numbers.
  double median() const;

 private:
  static constexpr int kBits = 16;
  static constexpr std::size_t kBins = std::size_t{1} << kBits;

  std::int64_t n_, rank_;    // rank_: of the upper middle among those with the bits that are known
  int known_ = 0;            // bits, from the first one
  std::uint64_t upper_ = 0;  // the known bits, then the whole number
  double lower_ = -1.0;      // the largest number below the upper middle
  std::vector<std::int64_t> counts_;  // by the next bits
};

}  // namespace metaparity
