#include <nlohmann/json.hpp>

#include "graders/report/page_parts.hpp"
#include "graders/report/page_view.hpp"
#include "graders/report/render.hpp"
#include "graders/report/report.hpp"

namespace assay::graders::report {
namespace {

std::string render(const Json& results, Json view, const std::vector<JsonRef>& submissions) {
  Json sections = Json::array();
  for (const Json& submission : submissions)
    sections.push_back(submission_view(results, submission, sections.size()));
  view["has_submissions"] = !sections.empty();
  view["submissions"] = std::move(sections);
  view["style"] = page_style;
  view["class_part"] = class_template;
  view["submission_part"] = submission_template;
  view["pictures_part"] = pictures_template;
  view["plot_part"] = plot_template;
  return render_template(page_template, view);
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
