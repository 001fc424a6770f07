#include "core/egger.hpp"
