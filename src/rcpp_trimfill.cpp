#include "rcpp_convert.hpp"
