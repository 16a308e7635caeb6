#include <algorithm>
#include <map>

#include "graders/exams/mark.hpp"

namespace assay::graders::exams {
namespace {

using Kind = fixtures::Scheme::Kind;
using fixtures::Exam;
using fixtures::Item;

/// Units in the order of their first items, still without points.
std::vector<Unit> units_of(const Exam& exam) {
  std::vector<Unit> units;
  std::map<std::string, std::size_t, std::less<>> place;
  for (std::size_t i = 0; i < exam.items.size(); ++i) {
    const Item& item = exam.items[i];
    const std::string& id = item.question.empty() ? item.id : item.question;
    const auto [found, is_new] = place.try_emplace(id, units.size());
    if (is_new) {
      const fixtures::Question* question =
          item.question.empty() ? nullptr : exam.find_question(item.question);
      units.push_back({.id = id,
                       .section = question ? question->section : item.section,
                       .question = question,
                       .scheme = {},
                       .rules = {},
                       .members = {}});
    }
    units[found->second].members.push_back({i, 0});
  }
  return units;
}

void take_rules(const Exam& exam, Unit& unit) {
  const fixtures::Section* section = exam.find_section(unit.section);
  if (section) unit.scheme = section->scheme;
  if (unit.question && unit.question->scheme) unit.scheme = *unit.question->scheme;
  unit.rules.rules = read_rules(unit.scheme);
  if (section) unit.rules.floor = section->floor;
  if (!unit.question) return;
  unit.rules.any_of = unit.question->any_of;
  unit.rules.charge_once = unit.question->charge_once;
}

std::optional<Points> read(const std::optional<std::string>& points) {
  return points ? std::optional(parse_points(*points)) : std::nullopt;
}

/// What an item is worth by itself: as written, or as the scheme says.
std::optional<Points> own_worth(const Unit& unit, const Item& item) {
  if (!item.scored) return Points(0);
  if (item.points) return parse_points(*item.points);
  if (unit.rules.rules.kind == Kind::signed_marks) return unit.rules.rules.correct;
  if (unit.rules.rules.kind == Kind::certainty) return *std::ranges::max_element(unit.rules.rules.sure_right);
  return std::nullopt;
}

/// The sum of what is written, and how many say nothing.
struct Written {
  Points sum = 0;
  std::size_t silent = 0;
};

Written written_in(const Exam& exam, const Unit& unit) {
  Written written;
  for (const Unit::Member& member : unit.members) {
    const auto own = own_worth(unit, exam.items[member.item]);
    if (own)
      written.sum += *own;
    else
      ++written.silent;
  }
  return written;
}

/// The unit's points where something says so.
std::optional<Points> stated(const Exam& exam, const Unit& unit) {
  if (unit.question && unit.question->points) return read(unit.question->points);
  const Written written = written_in(exam, unit);
  return written.silent == 0 ? std::optional(written.sum) : std::nullopt;
}

/// With `any_of`, the best so many items make up the whole: each is worth that part of it.
void share_out(const Exam& exam, Unit& unit, const Points& points) {
  const Written written = written_in(exam, unit);
  const std::size_t counted =
      unit.rules.any_of > 0 ? std::min(unit.rules.any_of, written.silent) : written.silent;
  const Points left = std::max(Points(points - written.sum), Points(0));
  for (Unit::Member& member : unit.members) {
    const Item& item = exam.items[member.item];
    const auto own = own_worth(unit, item);
    member.worth = own ? *own : Points(left / std::max<std::size_t>(counted, 1));
    if (item.answer == fixtures::AnswerKind::option && item.scored) unit.rules.worth += member.worth;
  }
}

/// What the silent units of a section get.
std::map<std::string, Points> shares(const Exam& exam, const std::vector<Unit>& units) {
  std::map<std::string, Points> result;
  for (const fixtures::Section& section : exam.sections) {
    Points left = section.points ? parse_points(*section.points) : Points(0);
    std::size_t silent = 0;
    for (const Unit& unit : units) {
      if (unit.section != section.id) continue;
      const auto own = stated(exam, unit);
      silent += !own;
      if (own) left -= *own;
    }
    result[section.id] = section.points && silent > 0 && left > 0 ? Points(left / silent) : Points(1);
  }
  return result;
}

}  // namespace

std::vector<Unit> worth(const Exam& exam) {
  std::vector<Unit> units = units_of(exam);
  for (Unit& unit : units) take_rules(exam, unit);
  const auto share = shares(exam, units);
  for (Unit& unit : units) {
    const auto own = stated(exam, unit);
    const auto found = share.find(unit.section);
    unit.by_shares = !own;
    share_out(exam, unit, own ? *own : found != share.end() ? found->second : Points(1));
  }
  return units;
}

}  // namespace assay::graders::exams
