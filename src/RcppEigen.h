// The generated RcppExports.cpp asks for this header because the package links to RcppEigen. What it exports has types of
// Rcpp alone: without Eigen it compiles in half the time and without Eigen's warnings.
#pragma once

#include <Rcpp.h>
