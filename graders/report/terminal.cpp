#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "graders/escape.hpp"
#include "graders/report/class_view.hpp"
#include "graders/report/figures.hpp"
#include "graders/report/mistakes.hpp"
#include "graders/report/report.hpp"
#include "graders/report/wording.hpp"

namespace assay::graders::report {
namespace {

std::string_view colour_of(Kind kind) {
  switch (kind) {
    case Kind::good:
      return "32";
    case Kind::wrong:
      return "31";
    case Kind::unstable:
      return "33";
    case Kind::stopped:
      return "35";
    case Kind::absent:
      return "31";
    case Kind::person:
      return "36";
    case Kind::harness:
      return "1;36";
    case Kind::hidden:
      return "2";
  }
  return "0";
}

struct Page {
  std::size_t width;
  bool colour;
};

std::string heading(const Json& results, Page page) {
  const Json& assignment = field(results, "assignment");
  const auto title = displayable_line(text(assignment, "title"));
  const auto tier = text(field(results, "sandbox"), "tier");
  const auto right_side =
      fmt::format("sandbox {}{}", displayable_line(tier, 20), tier == "S0" ? " UNSAFE" : "");
  const auto room = page.width - columns(right_side) - 2;
  return paint(left(title, room), "1", page.colour) + "  " + right_side + "\n";
}

/// One coloured mark per criterion, in the order of the document's criteria.
std::string strip(const Json& submission, std::size_t room, bool colour) {
  std::string marks;
  std::size_t used = 0;
  for (const Json& criterion : field(submission, "criteria")) {
    if (++used > room) break;
    const auto kind = words_for(text(criterion, "verdict")).kind;
    marks += paint(std::string(1, mark(kind)), colour_of(kind), colour);
  }
  return marks + std::string(used < room ? room - used : 0, ' ');
}

std::string strip_heads(std::size_t criteria) {
  std::string heads;
  for (std::size_t i = 1; i <= criteria; ++i) heads += static_cast<char>('0' + i % 10);
  return heads;
}

std::string submission_rows(const Json& results, Page page) {
  const auto submissions = sorted_by_id(results, "submissions");
  std::size_t id_width = 10, score_width = 5;
  for (const Json& submission : submissions) {
    id_width = std::max(id_width, columns(displayable_line(text(submission, "id"))));
    score_width = std::max(score_width, columns(score_text(submission)));
  }
  id_width = std::min(id_width, page.width * 3 / 10);
  const auto criteria = field(results, "criteria").size();
  const auto strip_width = std::clamp<std::size_t>(criteria, 8, page.width / 4);
  const auto words_width = page.width - id_width - score_width - strip_width - 6;
  std::string out =
      paint(fmt::format("{}  {}  {}  {}\n", left("submission", id_width), right("score", score_width),
                        left(strip_heads(criteria), strip_width), "verdict"),
            "2", page.colour);
  for (const Json& submission : submissions) {
    const auto kind = words_for(text(submission, "verdict")).kind;
    out +=
        fmt::format("{}  {}  {}  {}\n", left(displayable_line(text(submission, "id")), id_width),
                    right(score_text(submission), score_width), strip(submission, strip_width, page.colour),
                    paint(worst_text(submission, words_width), colour_of(kind), page.colour));
  }
  return out;
}

/// Only the marks that occur, so that the legend is short where the class is good.
std::string legend(const Json& results, Page page) {
  std::set<Kind> used;
  for (const Json& submission : field(results, "submissions"))
    for (const Json& criterion : field(submission, "criteria"))
      used.insert(words_for(text(criterion, "verdict")).kind);
  std::string out, line;
  for (const Kind kind : used) {
    const auto entry = fmt::format("{} {}", mark(kind), meaning(kind));
    if (line.size() + 3 + entry.size() > page.width) out += std::exchange(line, {}) + "\n";
    line.append(line.empty() ? "" : "   ").append(entry);
  }
  return out + line + "\n";
}

std::string criterion_row(const Json& criterion, std::size_t number, std::size_t id_width, Page page) {
  const auto points = points_text(field(criterion, "points"));
  const auto accepted = count(criterion, "accepted"), graded = count(criterion, "graded");
  const auto rate = find(criterion, "graded") ? fmt::format("{}/{}", accepted, graded) : std::string{};
  constexpr std::size_t bar_width = 12;
  const auto filled = graded ? (accepted * bar_width + graded / 2) / graded : 0;
  const auto bar =
      graded ? std::string(filled, '#') + std::string(bar_width - filled, '.') : std::string(bar_width, ' ');
  const auto title_width = page.width - 4 - id_width - bar_width - 20;
  return fmt::format(
      "{:>3} {}  {}  {}  {}  {}\n", number, left(displayable_line(text(criterion, "id")), id_width),
      left(displayable_line(text(criterion, "title")), title_width), bar, right(rate, 7), right(points, 5));
}

std::string criteria_rows(const Json& results, Page page) {
  std::size_t id_width = 9, number = 0;
  for (const Json& criterion : field(results, "criteria"))
    id_width = std::max(id_width, columns(displayable_line(text(criterion, "id"))));
  id_width = std::min<std::size_t>(id_width, 20);
  const auto title_width = page.width - 4 - id_width - 12 - 20;
  std::string out =
      paint(fmt::format("    {}  {}  {}  {}  {}\n", left("criterion", id_width), left("", title_width),
                        left("", 12), right("passed", 7), right("worth", 5)),
            "2", page.colour);
  for (const Json& criterion : field(results, "criteria"))
    out += criterion_row(criterion, ++number, id_width, page);
  return out;
}

std::string labelled(std::string_view label, const std::string& words, Page page) {
  constexpr std::size_t label_width = 16;
  const auto wrapped = wrap(words, page.width, label_width);
  return fmt::format("{:<{}}{}", label, label_width, wrapped.substr(std::min(label_width, wrapped.size())));
}

std::string names(const std::vector<JsonRef>& submissions) {
  std::vector<std::string> ids;
  for (const Json& submission : submissions) ids.push_back(displayable_line(text(submission, "id"), 60));
  return fmt::format("{}", fmt::join(ids, ", "));
}

/// The most frequent ones; the page has all of them.
std::string mistakes(const Json& results, Page page) {
  constexpr std::size_t most = 5;
  const auto all = mistakes_of_class(results);
  std::string out;
  for (std::size_t i = 0; i < std::min(most, all.size()); ++i)
    out += labelled(
        i == 0 ? "mistakes" : "",
        fmt::format("{} x {}: {}", all[i].submissions.size(), all[i].sentence, names(all[i].submissions)),
        page);
  return out;
}

std::string summary(const Json& results, Page page) {
  const auto view = look_at_class(results);
  std::string out = labelled("scores", view.scores, page);
  if (!view.hardest.empty()) out += labelled("hardest", view.hardest, page);
  out += mistakes(results, page);
  if (!view.for_a_person.empty()) out += labelled("for a person", names(view.for_a_person), page);
  if (!view.harness_errors.empty())
    out += labelled(
        "not graded",
        fmt::format("{} (the grader failed; no mark is lost: grade again)", names(view.harness_errors)),
        page);
  return out;
}

}  // namespace

std::string terminal_table(const Json& results, std::size_t width, bool colour) {
  const Page page{std::max<std::size_t>(width, 60), colour};
  return heading(results, page) + "\n" + submission_rows(results, page) + "\n" + legend(results, page) +
         "\n" + criteria_rows(results, page) + "\n" + summary(results, page);
}

}  // namespace assay::graders::report
