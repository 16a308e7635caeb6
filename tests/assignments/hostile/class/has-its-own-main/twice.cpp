#include "twice.hpp"

double twice(double x) { return 2 * x; }

int main() { return 0; }
