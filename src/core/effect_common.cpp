#include "core/effect_common.hpp"
