#include <kainjow/mustache.hpp>
#include <nlohmann/json.hpp>

#include "graders/escape.hpp"
#include "graders/report/page_parts.hpp"
#include "graders/report/page_view.hpp"
#include "graders/report/report.hpp"

namespace assay::graders::report {
namespace {

namespace mustache = kainjow::mustache;

/// An empty text counts as absent, so that a section can ask for it.
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

std::string render(const Json& results, Json view, const std::vector<JsonRef>& submissions) {
  Json sections = Json::array();
  for (const Json& submission : submissions)
    sections.push_back(submission_view(results, submission, sections.size()));
  view["has_submissions"] = !sections.empty();
  view["submissions"] = std::move(sections);
  view["style"] = page_style;
  view["class_part"] = class_template;
  view["submission_part"] = submission_template;
  mustache::mustache page{std::string(page_template)};
  page.set_custom_escape([](const std::string& text) { return html(text); });
  auto out = page.render(to_mustache(view));
  if (!page.is_valid()) throw ReportError("the page's template is broken: " + page.error_message());
  return out;
}

}  // namespace

std::string class_html(const Json& results) {
  Json view = page_view(results);
  view["class"] = class_part_view(results);
  view["alone"] = false;
  return render(results, std::move(view), sorted_by_id(results, "submissions"));
}

std::string student_html(const Json& results, std::string_view submission) {
  Json view = page_view(results);
  view["class"] = false;
  view["alone"] = true;
  return render(results, std::move(view), {with_id(results, "submissions", submission, "submission")});
}

}  // namespace assay::graders::report
