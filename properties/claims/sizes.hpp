/// Instances that are whole numbers only: sizes of maps, channels, windows.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "properties/claims/words.hpp"

namespace assay::properties::topics {

/// An instance chosen by the author, of whole numbers.
inline Case sizes(std::map<std::string, std::size_t> extents, std::string note) {
  Case result;
  result.extents = std::move(extents);
  result.pinned = std::move(note);
  return result;
}

/// The first output's shape; throws oracles::ShapeError where the inputs do not fit.
inline Shape shape_after(std::string_view operation, const oracles::Shapes& inputs,
                         const Attributes& attributes = {}) {
  return oracles::operation_named(operation).output_shapes(inputs, attributes).front();
}

/// The same, or nothing where the inputs do not fit.
inline std::optional<Shape> fitting_shape(std::string_view operation, const oracles::Shapes& inputs,
                                          const Attributes& attributes = {}) {
  try {
    return shape_after(operation, inputs, attributes);
  } catch (const oracles::ShapeError&) {
    return {};
  }
}

}  // namespace assay::properties::topics
