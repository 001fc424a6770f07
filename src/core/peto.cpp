#include "core/peto.hpp"
