#include "core/subgroup.hpp"
