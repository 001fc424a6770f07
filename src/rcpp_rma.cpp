#include "core/distributions.hpp"
#include "rcpp_convert.hpp"

using namespace metaparity;
using namespace metaparity_glue;

// [[Rcpp::export(rng = false)]]
double cpp_critical_value(double level, double df) { return critical_value(level, df); }
