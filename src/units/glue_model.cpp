// Compiled as one: what Eigen, Boost and Rcpp cost is paid once for all of these.
#include "rcpp_batch.cpp"
#include "rcpp_dependence.cpp"
#include "rcpp_diagnostic.cpp"
#include "rcpp_effect.cpp"
#include "rcpp_glmm.cpp"
#include "rcpp_label_layout.cpp"
#include "rcpp_location_scale.cpp"
#include "rcpp_absolute.cpp"
