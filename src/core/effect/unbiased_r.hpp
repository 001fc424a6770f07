// The correlation without its bias, and the unbiased variance of that estimate: hypergeometric functions
// as integrals that keep their digits at r = 0 and for small n.
// Sources: Olkin & Pratt (1958) Ann Math Stat 29:201, eq. 2.3; Hedges (1989) J Appl Psychol 74:469.
#pragma once

namespace metaparity {

// r 2F1(1/2, 1/2; (n - 2) / 2; 1 - r^2); NaN unless n > 4.
double unbiased_r(double r, double n);

// G^2 - 1 + (n - 3) / (n - 2) (1 - r^2) 2F1(1, 1; n / 2; 1 - r^2) for G = unbiased_r; NaN unless n > 4.
double unbiased_r_variance(double r, double n);

}  // namespace metaparity
