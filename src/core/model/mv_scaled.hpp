// A multilevel or multivariate model in units in which variances are about 1 and the columns of X are orthonormal.
// Oracle: multiplied data give multiplied fits.
#pragma once

#include "core/model/mv_model.hpp"

namespace metaparity::mv {

// y, V and X in units in which variances are about 1 and the columns of X orthonormal.
struct Scaled {
  MvModel model;
  double unit = 1.0;
  Mat back;  // beta = unit * back * beta of the scaled model
  double log_det_x = 0.0;
};

Scaled scaled(const MvModel& model);

}  // namespace metaparity::mv
