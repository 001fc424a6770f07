#include "core/effect_generic.hpp"
