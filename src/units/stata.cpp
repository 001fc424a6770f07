// Compiled as one: what Eigen, Boost and Rcpp cost is paid once for all of these.
#include "core/stata/continuity.cpp"
#include "core/stata/metaan.cpp"
#include "core/stata/metan.cpp"
#include "core/stata/metareg_permute.cpp"
#include "core/stata/proportion.cpp"
#include "core/stata/stata_command.cpp"
#include "core/stata/stata_expression.cpp"
#include "core/stata/stata_tokens.cpp"
