#include "core/weighted_ls.hpp"
