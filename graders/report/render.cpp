#include "graders/report/render.hpp"

#include <kainjow/mustache.hpp>
#include <nlohmann/json.hpp>

#include "graders/escape.hpp"
#include "graders/report/report.hpp"

namespace assay::graders::report {
namespace {

namespace mustache = kainjow::mustache;

mustache::data to_mustache(const Json& view) {
  if (view.is_object()) {
    mustache::data object;
    for (const auto& [key, value] : view.items()) object.set(key, to_mustache(value));
    return object;
  }
  if (view.is_array()) {
    mustache::data list{mustache::data::type::list};
    for (const Json& element : view) list.push_back(to_mustache(element));
    return list;
  }
  if (view.is_string() && !view.get_ref<const std::string&>().empty()) return view.get<std::string>();
  return view.is_boolean() && view.get<bool>();
}

}  // namespace

std::string render_template(std::string_view text, const Json& view) {
  mustache::mustache page{std::string(text)};
  page.set_custom_escape([](const std::string& raw) { return html(raw); });
  auto out = page.render(to_mustache(view));
  if (!page.is_valid()) throw ReportError("the page's template is broken: " + page.error_message());
  return out;
}

}  // namespace assay::graders::report
