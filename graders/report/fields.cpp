#include "graders/report/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "graders/escape.hpp"
#include "graders/report/report.hpp"

namespace assay::graders::report {
namespace {

[[noreturn]] void wrong_type(const char* key, const char* wanted, const Json& got) {
  throw ReportError(fmt::format("results document: \"{}\" must be {}, not {}", key, wanted, got.type_name()));
}

}  // namespace

const Json* find(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

const Json& field(const Json& object, const char* key) {
  if (object.is_object())
    if (const auto found = object.find(key); found != object.end()) return *found;
  throw ReportError(fmt::format("results document: no field \"{}\"", key));
}

std::string text(const Json& object, const char* key) {
  const Json& value = field(object, key);
  if (!value.is_string()) wrong_type(key, "text", value);
  return value.get<std::string>();
}

std::string text_or_empty(const Json& object, const char* key) {
  return find(object, key) ? text(object, key) : std::string{};
}

std::string shown(const Json& object, const char* key, std::size_t cap) {
  return displayable(text_or_empty(object, key), cap);
}

std::optional<double> number(const Json& object, const char* key) {
  const Json* value = find(object, key);
  if (!value) return std::nullopt;
  if (!value->is_number()) wrong_type(key, "a number", *value);
  return value->get<double>();
}

std::size_t count(const Json& object, const char* key) {
  const Json* value = find(object, key);
  if (!value) return 0;
  const bool counts = value->is_number_integer() && value->get<std::int64_t>() >= 0;
  if (!counts) wrong_type(key, "a count", *value);
  return value->get<std::size_t>();
}

bool flag(const Json& object, const char* key) {
  const Json* value = find(object, key);
  if (!value) return false;
  if (!value->is_boolean()) wrong_type(key, "true or false", *value);
  return value->get<bool>();
}

std::vector<JsonRef> sorted_by_id(const Json& object, const char* key) {
  const Json& array = field(object, key);
  if (!array.is_array()) wrong_type(key, "an array", array);
  std::vector<JsonRef> elements(array.begin(), array.end());
  std::ranges::stable_sort(elements, {}, [](const Json& element) { return text(element, "id"); });
  return elements;
}

const Json& with_id(const Json& object, const char* key, std::string_view id, std::string_view noun) {
  const auto elements = sorted_by_id(object, key);
  std::string known;
  for (const Json& element : elements) {
    const auto name = text(element, "id");
    if (name == id) return element;
    known.append(known.empty() ? "" : ", ").append(displayable_line(name));
  }
  throw ReportError(fmt::format("no {} named \"{}\" in these results; there are: {}", noun,
                                displayable_line(id), displayable(known, 400)));
}

}  // namespace assay::graders::report
