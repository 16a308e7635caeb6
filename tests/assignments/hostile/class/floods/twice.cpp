#include <cstdio>

#include "twice.hpp"

double twice(double x) {
  for (;;) std::puts("twice twice twice twice twice twice twice twice twice twice twice twice");
  return 2 * x;
}
