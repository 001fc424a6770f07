// Compiled as one: what Eigen, Boost and Rcpp cost is paid once for all of these.
#include "core/model/gls.cpp"
#include "core/model/gls_cases.cpp"
#include "core/model/hat_matrix.cpp"
#include "core/model/kenward_roger.cpp"
#include "core/model/location_scale.cpp"
#include "core/model/sandwich.cpp"
#include "core/model/variance_model.cpp"
