/// Reading attributes. Each operation states an attribute once, as an AttributeSpec; reading it needs that
/// spec.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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

/// "true" or "false".
bool flag_attribute(const Attributes& attributes, const AttributeSpec& spec);

/// The place of the text among the choices of the spec, so that an enum of the same order can be cast from
/// it.
std::size_t choice_attribute(const Attributes& attributes, const AttributeSpec& spec);

/// `count` integers of at least `lowest`: "2" stands for all of them, "2,1" for two.
std::vector<std::int64_t> integers_attribute(const Attributes& attributes, const AttributeSpec& spec,
                                             std::size_t count, std::int64_t lowest);

/// `count` numbers: "0.9,0.999".
std::vector<Rational> rationals_attribute(const Attributes& attributes, const AttributeSpec& spec,
                                          std::size_t count);

/// The choices of a spec: "none|mean|sum" one by one.
std::vector<std::string_view> choices_of(const AttributeSpec& spec);

/// Throws ShapeError: `attribute "eps" is "-1"; it needs a number greater than 0 (...)`. For values that the
/// kind of an attribute admits and the operation does not.
[[noreturn]] void refuse_attribute(const Attributes& attributes, const AttributeSpec& spec,
                                   const std::string& needs);

/// Throws ShapeError at the first attribute that the operation does not have, and suggests the nearest it
/// has; and where a choice is none of those there are.
void check_attributes(std::string_view operation, const Attributes& attributes,
                      std::span<const AttributeSpec> known);

}  // namespace assay::oracles
