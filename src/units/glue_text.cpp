// Compiled as one: what Eigen, Boost and Rcpp cost is paid once for all of these.
#include "rcpp_audit.cpp"
#include "rcpp_revman.cpp"
#include "rcpp_scan.cpp"
#include "rcpp_stata.cpp"
#include "rcpp_stata_syntax.cpp"
