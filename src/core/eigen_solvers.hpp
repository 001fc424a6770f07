// Eigen's factorisations, as headers of the system (see eigen_core.hpp).
#pragma once

#pragma GCC system_header

#include "core/eigen_core.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#include <Eigen/QR>
