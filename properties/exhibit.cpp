#include "properties/exhibit.hpp"

#include <stdexcept>
#include <variant>

#include "properties/exact_text.hpp"

namespace assay::properties {

Exhibit exhibit_of(const Case& found) {
  Exhibit result{found, {}};
  for (const auto& [name, value] : found.inputs)
    result.values.emplace_back(name, std::visit(
                                         [](const auto& tensor) -> std::string {
                                           if constexpr (requires { exact_text(tensor); })
                                             return exact_text(tensor);
                                           else
                                             throw std::logic_error("claims draw no floats");
                                         },
                                         value));
  return result;
}

std::string brief(const Exhibit& exhibit, const Space& space) {
  if (!exhibit.instance.pinned.empty()) return exhibit.instance.pinned;
  constexpr std::size_t longest = 90;
  std::string text;
  for (const auto& variable : space.variables)  // in the order of the author
    for (const auto& [name, value] : exhibit.values)
      if (name == variable.name) text += (text.empty() ? "" : ", ") + name + " = " + value;
  for (const auto& [name, extent] : exhibit.instance.extents)
    if (exhibit.values.empty()) text += (text.empty() ? "" : ", ") + name + " = " + std::to_string(extent);
  return text.size() > longest ? text.substr(0, longest) + "..." : text;
}

std::string sentence(const std::string& clause) {
  return clause.empty() ? "" : " " + clause;
}

}  // namespace assay::properties
