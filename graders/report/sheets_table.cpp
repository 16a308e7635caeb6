/// A marked class in a terminal.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "graders/escape.hpp"
#include "graders/report/figures.hpp"
#include "graders/report/sheets_pages.hpp"

namespace assay::graders::report {
namespace {

constexpr std::size_t total_width = 14, waiting_width = 8, smallest_name = 12, smallest_section = 6;

/// How the columns share the width. Sections that do not fit are left out.
struct Columns {
  std::size_t name = 0, sections = 0, section = 0;
};

Columns columns_for(std::size_t sections, std::size_t width) {
  const std::size_t room = std::max(width, std::size_t{60}) - total_width - waiting_width - smallest_name;
  Columns columns;
  columns.sections = std::min(sections, room / smallest_section);
  columns.section =
      columns.sections == 0 ? 0 : std::clamp(room / columns.sections, smallest_section, std::size_t{9});
  columns.name = smallest_name + room - columns.sections * columns.section;
  return columns;
}

}  // namespace

std::string sheets_table_head(const Json& head, std::size_t width) {
  const Json& sections = field(head, "sections");
  const Columns columns = columns_for(sections.size(), width);
  std::string line = left("sheet", columns.name);
  for (std::size_t s = 0; s < columns.sections; ++s)
    line += " " + right(displayable_line(text(sections[s], "id")), columns.section - 1);
  return line + right("points", total_width) + right("person", waiting_width) + "\n";
}

std::string sheets_table_row(const Json& sheet, std::size_t width) {
  const Json& sections = field(sheet, "sections");
  const Columns columns = columns_for(sections.size(), width);
  std::string line = left(displayable_line(text(sheet, "id")), columns.name);
  for (std::size_t s = 0; s < columns.sections; ++s)
    line += " " + right(points_text(field(sections[s], "sure")), columns.section - 1);
  const std::string score =
      fmt::format("{}/{}", points_text(field(sheet, "sure")), points_text(field(sheet, "max")));
  const std::size_t waiting = count(sheet, "waiting");
  return line + right(score, total_width) + right(waiting ? fmt::format("{}", waiting) : "", waiting_width) +
         "\n";
}

std::string sheets_table_foot(const Json& tail, std::size_t width) {
  const Json& summary = field(tail, "summary");
  const std::size_t waiting = count(summary, "waiting"), problems = field(tail, "problems").size();
  const std::size_t sheets = count(summary, "submissions");
  std::string words = fmt::format("{} sheet{}, {} marked; mean {}, median {}", sheets, sheets == 1 ? "" : "s",
                                  count(summary, "marked"), points_text(field(summary, "mean")),
                                  points_text(field(summary, "median")));
  if (waiting > 0)
    words += fmt::format("; {} waiting for a person: points count what is certain, and no score is exported",
                         waiting);
  if (problems > 0) words += fmt::format("; {} problem{}", problems, problems == 1 ? "" : "s");
  return wrap(words, width);
}

}  // namespace assay::graders::report
