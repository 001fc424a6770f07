// Numbers that several formulas of effect sizes share.
// Source: Cox & Snell (1989) p. 134 (1.65); Hasselblad & Hedges (1995) (pi / sqrt 3).
#pragma once

namespace metaparity {

inline constexpr double kPi = 3.141592653589793238462643;

// A log odds ratio over a standardised difference, of normal and of logistic responses.
inline constexpr double kNormalScale = 1.65;
inline constexpr double kLogisticScale = 1.813799364234217850594078;

}  // namespace metaparity
