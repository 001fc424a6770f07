// Compiled as one: what Eigen, Boost and Rcpp cost is paid once for all of these.
#include "core/stata/mvmeta.cpp"
#include "core/stata/mvmeta_moments.cpp"
#include "core/stata/mvmeta_ranks.cpp"
#include "core/stata/sigma_form.cpp"
