/// Doubles as text that says exactly which number they are.
#pragma once

#include <string>

#include "oracles/tensor.hpp"

namespace assay::properties {

/// "3", "-5/8", "0.1" is never printed for the double next to it: numbers whose fraction is long come as hex
/// floats, "0x1.3111b5p+4".
std::string exact_text(double number);
/// Nested lists: "[[1, 2], [3, 4]]".
std::string exact_text(const oracles::Tensor<double>& tensor);
std::string exact_text(const oracles::IndexTensor& tensor);

}  // namespace assay::properties
