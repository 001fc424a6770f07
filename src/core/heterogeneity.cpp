#include "core/heterogeneity.hpp"
