#include "core/random_effects.hpp"
