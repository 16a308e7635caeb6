#include "graders/report/changes.hpp"

#include <fmt/format.h>


#include "graders/escape.hpp"
#include "graders/points.hpp"
#include "graders/report/figures.hpp"
#include "graders/report/wording.hpp"

namespace assay::graders::report {
namespace {

constexpr std::size_t id_width = 22, score_width = 9;

/// Points, what they are out of, and the verdict; null where there is nothing.
Json side(const Json* graded, const char* points) {
  if (!graded) return nullptr;
  return {{"points", field(*graded, points)},
          {"max", field(*graded, "max")},
          {"verdict", text(*graded, "verdict")}};
}

const Json* criterion_of(const Json* submission, const std::string& id) {
  if (!submission) return nullptr;
  for (const Json& criterion : field(*submission, "criteria"))
    if (text(criterion, "id") == id) return &criterion;
  return nullptr;
}

/// The criteria that differ: those of the new side, then those that are gone.
Json changed_criteria(const Json* before, const Json& after) {
  Json changed = Json::array();
  const auto add = [&](const std::string& id) {
    const Json was = side(criterion_of(before, id), "points");
    const Json is = side(criterion_of(&after, id), "points");
    if (was != is) changed.push_back({{"id", id}, {"before", was}, {"after", is}});
  };
  for (const Json& criterion : field(after, "criteria")) add(text(criterion, "id"));
  if (!before) return changed;
  for (const Json& criterion : field(*before, "criteria"))
    if (const auto id = text(criterion, "id"); !criterion_of(&after, id)) add(id);
  return changed;
}

std::optional<Points> points_of(const Json& side_json) {
  const Json* const points = find(side_json, "points");
  if (!points) return std::nullopt;
  return parse_points(text(*points, "exact"));
}

/// "5.5/20", "not graded", "" for a side that is not there.
std::string side_score(const Json& one) {
  if (one.is_null()) return "-";
  if (!find(one, "points")) return "no score";
  return points_text(field(one, "points")) + "/" + points_text(field(one, "max"));
}

std::string side_words(const Json& one) {
  if (one.is_null()) return "not there";
  return side_score(one) + " " + std::string(words_for(text(one, "verdict")).words);
}

}  // namespace

Json changes_document(const std::vector<Regraded>& submissions) {
  Json listed = Json::array();
  std::size_t up = 0, down = 0;
  for (const Regraded& one : submissions) {
    const Json* const before = one.before ? &*one.before : nullptr;
    const Json was = side(before, "score"), is = side(&one.after, "score");
    Json criteria = changed_criteria(before, one.after);
    if (was == is && criteria.empty()) continue;
    const auto was_points = points_of(was), is_points = points_of(is);
    up += was_points && is_points && *is_points > *was_points;
    down += was_points && is_points && *is_points < *was_points;
    listed.push_back(
        {{"id", text(one.after, "id")}, {"before", was}, {"after", is}, {"criteria", std::move(criteria)}});
  }
  const std::size_t changed = listed.size();
  return {{"schema", "assay/changes/v1"},
          {"changed", changed},
          {"up", up},
          {"down", down},
          {"unchanged", submissions.size() - changed},
          {"submissions", std::move(listed)}};
}

std::string changes_text(const Json& changes, bool colour) {
  const std::size_t changed = count(changes, "changed");
  std::string out =
      fmt::format("{} of {} change; {} up, {} down\n", changed, changed + count(changes, "unchanged"),
                  count(changes, "up"), count(changes, "down"));
  if (changed == 0) return out;
  out += fmt::format("\n{} {} {}\n", left("submission", id_width), right("counts", score_width),
                     right("new", score_width));
  for (const Json& one : field(changes, "submissions")) {
    const auto was = points_of(field(one, "before")), is = points_of(field(one, "after"));
    const char* const style = was && is && *is < *was ? "31" : was && is && *is > *was ? "32" : "1";
    out += fmt::format("{} {} {}\n", left(displayable_line(text(one, "id"), 200), id_width),
                       right(side_score(field(one, "before")), score_width),
                       paint(right(side_score(field(one, "after")), score_width), style, colour));
    for (const Json& criterion : field(one, "criteria"))
      out += wrap(fmt::format("{}: {} -> {}", displayable_line(text(criterion, "id"), 60),
                              side_words(field(criterion, "before")), side_words(field(criterion, "after"))),
                  76, 4);
  }
  return out;
}

}  // namespace assay::graders::report
