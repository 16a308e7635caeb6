#include "oracles/attribute_access.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <vector>

#include "fixtures/nearest.hpp"

namespace assay::oracles {

namespace {

[[noreturn]] void refuse(const AttributeSpec& spec, std::string_view text, const std::string& needs) {
  throw ShapeError("attribute \"" + std::string(spec.name) + "\" is \"" + std::string(text) +
                   "\"; it needs " + needs + " (" + std::string(spec.meaning) + ")");
}

std::optional<std::int64_t> integer_from(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Strides and the like beyond it are no deep learning, and sums of a few of them cannot overflow.
constexpr std::int64_t largest_integer = std::int64_t{1} << 40;

std::vector<std::string_view> parts_of(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    std::string_view part = text.substr(0, end);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    parts.push_back(part);
    if (end == text.npos) return parts;
    text.remove_prefix(end + 1);
  }
}

/// "none, mean or sum".
std::string listed(const std::vector<std::string_view>& words) {
  std::string all;
  for (std::size_t i = 0; i < words.size(); ++i)
    all += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + std::string(words[i]);
  return all;
}

}  // namespace

std::string_view text_attribute(const Attributes& attributes, const AttributeSpec& spec) {
  const auto found = attributes.find(spec.name);
  return found == attributes.end() ? spec.fallback : std::string_view(found->second);
}

std::int64_t integer_attribute(const Attributes& attributes, const AttributeSpec& spec) {
  const std::string_view text = text_attribute(attributes, spec);
  if (const auto value = integer_from(text)) return *value;
  refuse(spec, text, "an integer");
}

bool flag_attribute(const Attributes& attributes, const AttributeSpec& spec) {
  const std::string_view text = text_attribute(attributes, spec);
  if (text != "true" && text != "false") refuse(spec, text, "true or false");
  return text == "true";
}

std::size_t choice_attribute(const Attributes& attributes, const AttributeSpec& spec) {
  const std::string_view text = text_attribute(attributes, spec);
  const auto choices = choices_of(spec);
  const auto found = std::ranges::find(choices, text);
  if (found == choices.end()) refuse(spec, text, listed(choices));
  return static_cast<std::size_t>(found - choices.begin());
}

std::vector<std::int64_t> integers_attribute(const Attributes& attributes, const AttributeSpec& spec,
                                             std::size_t count, std::int64_t lowest) {
  const std::string_view text = text_attribute(attributes, spec);
  const std::string needs =
      (count == 1 ? "an integer" : "one integer, or " + std::to_string(count) + " with commas between,") +
      " of at least " + std::to_string(lowest);
  std::vector<std::int64_t> values;
  for (const std::string_view part : parts_of(text, ',')) {
    const auto value = integer_from(part);
    if (!value || *value < lowest || *value > largest_integer) refuse(spec, text, needs);
    values.push_back(*value);
  }
  if (values.size() == 1) values.resize(count, values[0]);
  if (values.size() != count) refuse(spec, text, needs);
  return values;
}

std::vector<Rational> rationals_attribute(const Attributes& attributes, const AttributeSpec& spec,
                                          std::size_t count) {
  const std::string_view text = text_attribute(attributes, spec);
  std::vector<Rational> values;
  try {
    for (const std::string_view part : parts_of(text, ',')) values.push_back(parse_rational(part));
  } catch (const NumberTextError&) {
    values.clear();
  }
  if (values.size() != count) refuse(spec, text, std::to_string(count) + " numbers with commas between");
  return values;
}

std::vector<std::string_view> choices_of(const AttributeSpec& spec) {
  return parts_of(spec.choices, '|');
}

void refuse_attribute(const Attributes& attributes, const AttributeSpec& spec, const std::string& needs) {
  refuse(spec, text_attribute(attributes, spec), needs);
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
    const auto found = std::ranges::find(known, name, &AttributeSpec::name);
    if (found != known.end()) {
      const auto choices = choices_of(*found);
      if (found->kind == AttributeKind::choice && std::ranges::find(choices, text) == choices.end())
        throw ShapeError(std::string(operation) + ": attribute \"" + name + "\" is \"" + text +
                         "\"; it needs " + listed(choices));
      continue;
    }
    std::vector<std::string> names;
    for (const AttributeSpec& spec : known) names.emplace_back(spec.name);
    const std::string meant = nearest(name, names);
    throw ShapeError(std::string(operation) + ": there is no attribute \"" + name + "\"" +
                     (meant.empty() ? "" : "; did you mean \"" + meant + "\"?"));
  }
}

}  // namespace assay::oracles
