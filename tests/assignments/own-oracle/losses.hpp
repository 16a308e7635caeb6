#pragma once

#include <vector>

#include "assay/tensor.hpp"

using assay::Matrix;

/// Mean of log cosh(p_i - t_i).
double log_cosh(const std::vector<double>& p, const std::vector<double>& t);

/// Its gradient with respect to p.
std::vector<double> log_cosh_gradient(const std::vector<double>& p, const std::vector<double>& t);

/// Mean over the rows of -(1 - q)^gamma log q, where q is the softmax of the row at its label; dz gets the gradient.
double focal(const Matrix& z, const std::vector<int>& y, double gamma, Matrix& dz);

/// out_0 = p_0, out_i = w out_(i-1) + (1 - w) p_i.
void smoothed(const std::vector<double>& p, double w, std::vector<double>& out);
