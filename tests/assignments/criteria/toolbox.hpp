#pragma once

#include <span>
#include <vector>

#include "assay/tensor.hpp"

using assay::Matrix;

/// In float.
std::vector<float> softmax(std::span<const float> z);
/// The sum of whole numbers. It gets a reference that it could write through.
long total(std::vector<double>& x);
/// Mean cross-entropy of the scores X W.
double loss(const Matrix& X, const Matrix& W, const std::vector<int>& y);
void gradient(const Matrix& X, const Matrix& W, const std::vector<int>& y, Matrix& dW);
