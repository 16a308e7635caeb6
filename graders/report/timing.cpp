/// The page of times, from a timing document and from nothing else.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "graders/escape.hpp"
#include "graders/report/figures.hpp"
#include "graders/report/page_parts.hpp"
#include "graders/report/render.hpp"
#include "graders/report/report.hpp"

namespace assay::graders::report {
namespace {

double number_or_zero(const Json& object, const char* key) {
  return number(object, key).value_or(0);
}

double both(const Json& submission) {
  return number_or_zero(submission, "compile_seconds") + number_or_zero(submission, "run_seconds");
}

std::string shown_id(const Json& submission) {
  return displayable_line(text(submission, "id"));
}

using Submissions = std::vector<JsonRef>;

Submissions slowest_first(const Json& timing) {
  auto submissions = sorted_by_id(timing, "submissions");
  std::ranges::stable_sort(submissions, [](const Json& a, const Json& b) { return both(a) > both(b); });
  return submissions;
}

/// Bars share one scale, 1000 units for the slowest.
Json submissions_view(const Submissions& submissions) {
  const double longest = submissions.empty() ? 0 : both(submissions.front());
  const auto width = [&](double share) {
    return fmt::format("{:.0f}", longest > 0 ? 1000 * share / longest : 0);
  };
  Json rows = Json::array();
  for (const Json& submission : submissions) {
    const double compile = number_or_zero(submission, "compile_seconds"),
                 run = number_or_zero(submission, "run_seconds");
    rows.push_back({{"id", shown_id(submission)},
                    {"compile", fmt::format("{:.2f}", compile)},
                    {"run", fmt::format("{:.2f}", run)},
                    {"compile_width", width(compile)},
                    {"run_width", width(run)}});
  }
  return rows;
}

Json measured_view(const Json& timing) {
  Json rows = Json::array();
  for (const Json& submission : sorted_by_id(timing, "submissions"))
    if (const Json* measured = find(submission, "measured"))
      for (const Json& one : *measured)
        rows.push_back({{"id", shown_id(submission)},
                        {"criterion", displayable_line(text(one, "criterion"))},
                        {"value", figure(number_or_zero(one, "value"))},
                        {"low", figure(number_or_zero(one, "low"))},
                        {"high", figure(number_or_zero(one, "high"))},
                        {"cases", fmt::format("{}", count(one, "cases"))}});
  return rows;
}

Json facts_view(const Json& timing) {
  const std::size_t all = field(timing, "submissions").size(), graded = count(timing, "graded");
  const double wall = number_or_zero(timing, "total_seconds"),
               boxes = number_or_zero(timing, "boxes_cpu_seconds"),
               own = number_or_zero(timing, "grader_cpu_seconds");
  Json facts = Json::array();
  const auto add = [&](const char* name, std::string words) {
    facts.push_back({{"name", name}, {"words", std::move(words)}});
  };
  std::string clock = fmt::format("{:.1f} s, {} at a time", wall, count(timing, "jobs"));
  if (graded > 0 && wall > 0)
    clock += fmt::format(": {:.0f} submissions a minute", 60 * static_cast<double>(graded) / wall);
  add("Clock", std::move(clock));
  if (graded < all)
    add("Taken over",
        fmt::format("{} of {} had been graded before; their times are those of then", all - graded, all));
  add("Processor", fmt::format("{:.1f} s of compilers, submissions and their boxes; {:.1f} s of Assay itself",
                               boxes, own));
  add("Memory", fmt::format("at most {:.0f} MiB of Assay itself", number_or_zero(timing, "peak_kib") / 1024));
  return facts;
}

std::string lead(const Submissions& submissions) {
  if (submissions.empty()) return "No submission was graded.";
  return fmt::format(
      "Of {} submissions, half took at most {:.1f} s to compile and run, the slowest {:.1f} s.",
      submissions.size(), both(submissions[submissions.size() / 2]), both(submissions.front()));
}

}  // namespace

std::string timing_html(const Json& results, const Json& timing) {
  const auto submissions = slowest_first(timing);
  const Json measured = measured_view(timing);
  return render_template(timing_template,
                         {{"title", displayable_line(text(field(results, "assignment"), "title"))},
                          {"style", page_style},
                          {"lead", lead(submissions)},
                          {"facts", facts_view(timing)},
                          {"has_submissions", !submissions.empty()},
                          {"submissions", submissions_view(submissions)},
                          {"has_measured", !measured.empty()},
                          {"measured", measured}});
}

}  // namespace assay::graders::report
