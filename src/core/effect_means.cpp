#include "core/effect_means.hpp"
