#include <vector>

#include "twice.hpp"

double twice(double x) {
  std::vector<std::vector<char>> hoard;
  for (;;) hoard.emplace_back(1 << 22, 'x');
  return 2 * x;
}
