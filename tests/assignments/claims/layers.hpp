#pragma once
#include <vector>

#include "assay/tensor.hpp"

std::vector<double> tanh_backward(const std::vector<double>& x, const std::vector<double>& g);
std::vector<double> sigmoid_backward(const std::vector<double>& x, const std::vector<double>& g);
/// Inverted dropout: each element is dropped with probability 1/4, where the mask is 0.
assay::Matrix dropout(const assay::Matrix& X, const std::vector<std::vector<long>>& mask);
/// X W + b
assay::Matrix layer(const assay::Matrix& X, const assay::Matrix& W, const std::vector<double>& b);
/// Causal attention: each token sees itself and those before it.
assay::Matrix attend(const assay::Matrix& Q, const assay::Matrix& K, const assay::Matrix& V);
