#include "graders/report/claims_text.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "graders/report/figures.hpp"

namespace assay::graders::report {

using nlohmann::json;

std::string wrapped(const std::string& text, std::size_t width, std::size_t indent) {
  const std::string lines = wrap(text, width, indent);
  return lines.size() > indent ? lines.substr(indent, lines.size() - indent - 1) : "";
}

std::string fact(const std::string& name, const std::string& text, std::size_t width) {
  constexpr std::size_t indent = 14;
  return text.empty() ? "" : fmt::format("  {:<12}{}\n", name, wrapped(text, width, indent));
}

std::string_view text_of(oracles::Truth answer) {
  return answer == oracles::Truth::yes ? "true" : answer == oracles::Truth::no ? "false" : "open";
}

json exhibit_json(const properties::Exhibit& exhibit) {
  json values = json::object(), extents = json::object();
  for (const auto& [name, value] : exhibit.values) values[name] = value;
  for (const auto& [name, extent] : exhibit.instance.extents) extents[name] = extent;
  json result{{"values", values}};
  if (!extents.empty()) result["whole_numbers"] = extents;
  if (!exhibit.instance.pinned.empty()) result["note"] = exhibit.instance.pinned;
  return result;
}

std::string exhibit_text(const properties::Exhibit& exhibit) {
  std::string text = exhibit.instance.pinned;
  for (const auto& [name, value] : exhibit.values) text += (text.empty() ? "" : "; ") + name + " = " + value;
  for (const auto& [name, extent] : exhibit.instance.extents)
    text += fmt::format("{}{} = {}", text.empty() ? "" : "; ", name, extent);
  return text;
}

}  // namespace assay::graders::report
