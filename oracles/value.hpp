/// Values as programs hand them over: numbers in a machine format, or labels.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "oracles/tensor.hpp"

namespace assay::oracles {

using Value = std::variant<Tensor<double>, Tensor<float>, IndexTensor>;

/// Inputs by name.
using Bindings = std::map<std::string, Value, std::less<>>;

inline const Shape& shape_of(const Value& value) {
  return std::visit([](const auto& tensor) -> const Shape& { return tensor.shape; }, value);
}

/// The double nearest to an exact number written as text: "0.1", "0x1.8p+1", "1/3", "inf", "-inf", "nan".
/// Throws std::invalid_argument on anything else.
double nearest_double(std::string_view text);

}  // namespace assay::oracles
