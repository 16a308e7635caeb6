#pragma once
#include <vector>

/// Probabilities from scores, on any scores.
std::vector<double> softmax(const std::vector<double>& z);
/// The mean of the squared differences.
double mean_square(const std::vector<double>& a, const std::vector<double>& b);
