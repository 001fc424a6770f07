#include "core/optimize.hpp"
