#include "core/predict.hpp"
