#pragma once
#include <tuple>
#include <vector>

#include "assay/tensor.hpp"

/// One step of gradient descent on the mean softmax cross-entropy of X W + b, at rate 1/2: the loss before the
/// step, and the new parameters.
std::tuple<double, assay::Matrix, std::vector<double>> step(const assay::Matrix& X, const std::vector<long>& y,
                                                            const assay::Matrix& W, const std::vector<double>& b);
