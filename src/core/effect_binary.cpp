#include "core/effect_binary.hpp"
