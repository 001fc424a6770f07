// Numbers that several formulas share.
// Source: Cox & Snell (1989) p. 134 (1.65); Hasselblad & Hedges (1995) (pi / sqrt 3); golden section: Kiefer (1953).
#pragma once

#include <limits>

namespace metaparity {

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
inline constexpr double kInf = std::numeric_limits<double>::infinity();

inline constexpr double kPi = 3.141592653589793238462643;
inline constexpr double kTwoPi = 6.283185307179586476925287;
inline constexpr double kLog2Pi = 1.837877066409345483560659;
inline constexpr double kSqrt2 = 1.414213562373095048801689;
inline constexpr double kGolden = 0.618033988749894848204587;

// Ratio of the grids of tau2 above the smallest variance: the features of the score are there as wide as those of
// 1 / (v + tau2) in log tau2, about a decade; four points a decade resolve them.
inline constexpr double kTau2Grid = 1.778279410038922801225421;

// A log odds ratio over a standardised difference, of normal and of logistic responses.
inline constexpr double kNormalScale = 1.65;
inline constexpr double kLogisticScale = 1.813799364234217850594078;

}  // namespace metaparity
