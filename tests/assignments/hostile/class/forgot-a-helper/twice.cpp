#include "twice.hpp"

double helper(double x);

double twice(double x) { return helper(x); }
