#include "core/trimfill.hpp"
