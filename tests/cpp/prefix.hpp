// What every test includes, compiled once before them.
#pragma once

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include <Eigen/LU>

#include "catch.h"
#include "core/errors.hpp"
#include "core/types.hpp"
