#include "core/begg.hpp"
