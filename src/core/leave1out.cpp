#include "core/leave1out.hpp"
