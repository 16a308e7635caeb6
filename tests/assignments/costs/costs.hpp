#pragma once
#include "assay/tensor.hpp"

/// A B.
assay::Matrix product(const assay::Matrix& A, const assay::Matrix& B);
/// The larger of each element and 0.
assay::Matrix rectified(const assay::Matrix& X);
