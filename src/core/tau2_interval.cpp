#include "core/tau2_interval.hpp"
