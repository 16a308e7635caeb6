#include "losses.hpp"

double log_cosh(const std::vector<double>&, const std::vector<double>&) { return 0; }
std::vector<double> log_cosh_gradient(const std::vector<double>&, const std::vector<double>&) { return {}; }
double focal(const Matrix&, const std::vector<int>&, double, Matrix&) { return 0; }
void smoothed(const std::vector<double>&, double, std::vector<double>&) {}
