// No processor time at all: only the clock can stop it.
#include <unistd.h>

#include "twice.hpp"

double twice(double x) {
  for (;;) sleep(1);
  return 2 * x;
}
