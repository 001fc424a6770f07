// Compiled as one: what Eigen, Boost and Rcpp cost is paid once for all of these.
#include "core/model/gamma_models.cpp"
#include "core/model/glmm.cpp"
#include "core/model/glmm_likelihood.cpp"
#include "core/model/likelihood_tests.cpp"
#include "core/model/study_likelihood.cpp"
