// Eigen's core for every file of ours, as a header of the system: compilers warn of our own code alone.
#pragma once

#include "core/eigen_guard.hpp"  // before Eigen

#pragma GCC system_header

#include <Eigen/Core>
