// Compiled as one: what Eigen, Boost and Rcpp cost is paid once for all of these.
#include "core/linalg/box_newton.cpp"
#include "core/linalg/dense.cpp"
#include "core/linalg/distributions.cpp"
#include "core/linalg/gauss.cpp"
#include "core/linalg/hypergeometric.cpp"
#include "core/linalg/quadform.cpp"
#include "core/linalg/tails.cpp"
#include "core/linalg/weighted_ls.cpp"
