#include "fit.hpp"

double loss(const std::vector<double>&, const std::vector<double>&) { return -1; }

std::vector<double> slope(const std::vector<double>&, const std::vector<double>&) { return {}; }
