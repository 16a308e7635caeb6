#include <unistd.h>

#include "twice.hpp"

double twice(double x) {
  close(4);
  return 2 * x;
}
