#include "costs.hpp"
