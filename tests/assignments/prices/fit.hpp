#pragma once

#include <vector>

/// Mean of the squared differences of p and y.
double loss(const std::vector<double>& p, const std::vector<double>& y);
/// Its gradient with respect to p.
std::vector<double> slope(const std::vector<double>& p, const std::vector<double>& y);
