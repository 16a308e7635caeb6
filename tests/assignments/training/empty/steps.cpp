#include "steps.hpp"
