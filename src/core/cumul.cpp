#include "core/cumul.hpp"
