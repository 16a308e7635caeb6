#include "toolbox.hpp"

std::vector<float> softmax(std::span<const float>) { return {}; }
long total(std::vector<double>&) { return 0; }
double loss(const Matrix&, const Matrix&, const std::vector<int>&) { return 0; }
void gradient(const Matrix&, const Matrix&, const std::vector<int>&, Matrix&) {}
