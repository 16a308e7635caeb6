/// Reading attributes. Each operation states an attribute once, as an AttributeSpec; reading it needs that
/// spec.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "oracles/attributes.hpp"
#include "oracles/numeric/numbers.hpp"
#include "oracles/operation.hpp"

namespace assay::oracles {

/// The text as given, or the default.
std::string_view text_attribute(const Attributes& attributes, const AttributeSpec& spec);

/// Throws ShapeError, as all below, where the text is not of that kind.
std::int64_t integer_attribute(const Attributes& attributes, const AttributeSpec& spec);

/// Decimals and fractions, exactly: "0.01" is 1/100.
Rational rational_attribute(const Attributes& attributes, const AttributeSpec& spec);

/// The same as a T: rounded once for floats, enclosed for balls.
template <class T>
T real_attribute(const Attributes& attributes, const AttributeSpec& spec) {
  return from_rational<T>(rational_attribute(attributes, spec));
}

/// Exact text ("0.01", "1/3", "0x1p-4") as a T. Throws NumberTextError.
template <class T>
T real_from_text(std::string_view text) {
  return from_rational<T>(parse_rational(text));
}

/// Throws ShapeError at the first attribute that the operation does not have, and suggests the nearest it
/// has.
void check_attributes(std::string_view operation, const Attributes& attributes,
                      std::span<const AttributeSpec> known);

}  // namespace assay::oracles
