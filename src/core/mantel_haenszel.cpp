#include "core/mantel_haenszel.hpp"
