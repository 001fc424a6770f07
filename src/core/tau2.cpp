#include "core/tau2.hpp"
