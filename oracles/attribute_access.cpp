#include "oracles/attribute_access.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include "fixtures/nearest.hpp"

namespace assay::oracles {

namespace {

[[noreturn]] void refuse(const AttributeSpec& spec, std::string_view text, const std::string& needs) {
  throw ShapeError("attribute \"" + std::string(spec.name) + "\" is \"" + std::string(text) +
                   "\"; it needs " + needs + " (" + std::string(spec.meaning) + ")");
}

}  // namespace

std::string_view text_attribute(const Attributes& attributes, const AttributeSpec& spec) {
  const auto found = attributes.find(spec.name);
  return found == attributes.end() ? spec.fallback : std::string_view(found->second);
}

std::int64_t integer_attribute(const Attributes& attributes, const AttributeSpec& spec) {
  const std::string_view text = text_attribute(attributes, spec);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) refuse(spec, text, "an integer");
  return value;
}

Rational rational_attribute(const Attributes& attributes, const AttributeSpec& spec) {
  const std::string_view text = text_attribute(attributes, spec);
  try {
    return parse_rational(text);
  } catch (const NumberTextError&) {
    refuse(spec, text, "a number such as 0.01 or 1/3");
  }
}

void check_attributes(std::string_view operation, const Attributes& attributes,
                      std::span<const AttributeSpec> known) {
  for (const auto& [name, text] : attributes) {
    if (std::ranges::find(known, name, &AttributeSpec::name) != known.end()) continue;
    std::vector<std::string> names;
    for (const AttributeSpec& spec : known) names.emplace_back(spec.name);
    const std::string meant = nearest(name, names);
    throw ShapeError(std::string(operation) + ": there is no attribute \"" + name + "\"" +
                     (meant.empty() ? "" : "; did you mean \"" + meant + "\"?"));
  }
}

}  // namespace assay::oracles
