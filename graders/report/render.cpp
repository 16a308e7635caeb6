#include "graders/report/render.hpp"

#include <kainjow/mustache.hpp>
#include <map>
#include <nlohmann/json.hpp>

#include "graders/escape.hpp"
#include "graders/report/report.hpp"

namespace assay::graders::report {
namespace {

namespace mustache = kainjow::mustache;

mustache::data to_mustache(const Json& view) {
  if (view.is_object()) {
    mustache::data object;
    for (const auto& [key, value] : view.items()) object[key] = to_mustache(value);  // `set` would copy
    return object;
  }
  if (view.is_array()) {
    mustache::data list{mustache::data::type::list};
    // The library only lets lists be copied into, at every level; this one is ours, and not const.
    auto& elements = const_cast<mustache::list&>(list.list_value());
    elements.reserve(view.size());
    for (const Json& element : view) elements.push_back(to_mustache(element));
    return list;
  }
  if (view.is_string() && !view.get_ref<const std::string&>().empty()) return view.get<std::string>();
  return view.is_boolean() && view.get<bool>();
}

/// Each template is parsed once in a thread: rendering is not const.
mustache::mustache& parsed(std::string_view text) {
  thread_local std::map<std::string, mustache::mustache, std::less<>> pages;
  const auto known = pages.find(text);
  if (known != pages.end()) return known->second;
  mustache::mustache& page = pages.try_emplace(std::string(text), std::string(text)).first->second;
  page.set_custom_escape([](const std::string& raw) { return html(raw); });
  return page;
}

}  // namespace

std::string render_template(std::string_view text, const Json& view) {
  mustache::mustache& page = parsed(text);
  auto out = page.render(to_mustache(view));
  if (!page.is_valid()) throw ReportError("the page's template is broken: " + page.error_message());
  return out;
}

}  // namespace assay::graders::report
