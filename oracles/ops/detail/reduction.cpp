#include "oracles/ops/detail/reduction.hpp"

namespace assay::oracles::ops::detail {

Reduction reduction_of(std::string_view operation, const Attributes& attributes) {
  const std::string_view text = text_attribute(attributes, reduction_attribute);
  if (text == "none") return Reduction::none;
  if (text == "mean") return Reduction::mean;
  if (text == "sum") return Reduction::sum;
  throw ShapeError(std::string(operation) + ": attribute \"reduction\" is \"" + std::string(text) +
                   "\"; it needs none, mean or sum");
}

Shape reduced_shape(Reduction reduction, std::size_t rows) {
  return reduction == Reduction::none ? Shape{rows} : Shape{};
}

}  // namespace assay::oracles::ops::detail
