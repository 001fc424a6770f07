#include "core/effect_proportion.hpp"
