#include "core/quadform.hpp"
