/// What the author of a pack should know before any student sees the paper.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "graders/exams/answer.hpp"
#include "graders/exams/judge.hpp"
#include "graders/exams/judge_value.hpp"
#include "graders/exams/key.hpp"
#include "graders/exams/key_derivation.hpp"
#include "graders/exams/mark.hpp"

namespace assay::graders::exams {
namespace {

using fixtures::Exam;
using fixtures::Item;
using fixtures::Place;

std::string points_word(const Points& points) {
  return exact_text(points) + (points == 1 ? " point" : " points");
}

class Inspector {
 public:
  Inspector(const Exam& exam, const DerivedKeys& keys) : exam_(exam), keys_(keys), units_(worth(exam)) {}

  std::vector<PackProblem> run() {
    for (const Item& item : exam_.items) inspect(item);
    for (const fixtures::Question& question : exam_.questions) inspect(question);
    for (const fixtures::Section& section : exam_.sections) inspect(section);
    inspect_total();
    inspect_parts();
    std::ranges::stable_sort(problems_, {}, [](const PackProblem& problem) {
      return std::pair(problem.place.line, problem.place.column);
    });
    return std::move(problems_);
  }

 private:
  void add(Place place, std::string message, bool acknowledged = false) {
    problems_.push_back({place, std::move(message), acknowledged});
  }

  void inspect(const Item& item) {
    const DerivedKey* const key = keys_.find(item.id);
    if (std::holds_alternative<std::monostate>(item.key)) {
      if (item.lost.empty() && item.voided.empty())
        add(item.place,
            fmt::format("item {} has no key: bind it, give it a rubric, or say what was lost", item.id));
      return;
    }
    if (!key) return;
    if (!key->problem.empty()) add(key->place, fmt::format("item {}: {}", item.id, key->problem));
    if (!item.acknowledged.empty() && key->agreement == KeyAgreement::agrees)
      add(item.place, fmt::format("item {} acknowledges a difference, and there is none", item.id));
    for (const std::string& text : item.accept) inspect_accepted(item, *key, text);
    for (const fixtures::KnownMistake& mistake : item.mistakes) inspect_mistake(item, *key, mistake);
    if (const auto* rubric = std::get_if<fixtures::RubricKey>(&item.key)) inspect_rubric(item, *rubric);
  }

  /// Further answers that cannot be read help nobody.
  void inspect_accepted(const Item& item, const DerivedKey& key, const std::string& text) {
    const Answer answer = read_answer(item, text);
    const auto* error = std::get_if<Unreadable>(&answer);
    const auto* doubt = std::get_if<Ambiguous>(&answer);
    if (error || doubt)
      add(item.place, fmt::format("item {} accepts \"{}\", which cannot be read: {}", item.id, text,
                                  error ? error->message : doubt->message));
    else if (match(key.value, answer, {}).outcome == ValueMatch::Outcome::same)
      add(item.place, fmt::format("item {} accepts \"{}\", which is the key already", item.id, text));
  }

  void inspect_mistake(const Item& item, const DerivedKey& key, const fixtures::KnownMistake& mistake) {
    const Place place = mistake.answer.place;
    if (std::holds_alternative<fixtures::FormulaKey>(item.key)) {
      const auto* formula = std::get_if<TextKey>(&key.value);
      if (formula && formula->text == mistake.answer.text)
        add(place, fmt::format("mistake {} of item {} is the key itself", mistake.id, item.id));
      return;
    }
    try {
      const auto value = value_of(item, mistake);
      if (value && keys::value_text(*value) == keys::value_text(key.value))
        add(place, fmt::format("mistake {} of item {} is the key itself: {}", mistake.id, item.id,
                               keys::value_text(*value)));
    } catch (const std::runtime_error& error) {
      add(place, fmt::format("mistake {} of item {}: {}", mistake.id, item.id, error.what()));
    }
  }

  std::optional<KeyValue> value_of(const Item& item, const fixtures::KnownMistake& mistake) const {
    if (item.answer == fixtures::AnswerKind::number) {
      const auto* count = std::get_if<fixtures::CountKey>(&item.key);
      return keys::Derivation(exam_).value_of(mistake.answer, count ? count->where : fixtures::Quantities{});
    }
    const Answer answer = read_answer(item, mistake.answer.text);
    if (const auto* shape = std::get_if<ShapeAnswer>(&answer)) return ShapeKey{shape->extents, {}};
    if (const auto* error = std::get_if<Unreadable>(&answer)) throw std::runtime_error(error->message);
    return std::nullopt;
  }

  Points worth_of(const Item& item) const {
    for (const Unit& unit : units_)
      for (const Unit::Member& member : unit.members)
        if (&exam_.items[member.item] == &item) return member.worth;
    return 0;
  }

  void inspect_rubric(const Item& item, const fixtures::RubricKey& rubric) {
    const Points worth = worth_of(item);
    Points reachable = 0;
    for (const fixtures::RubricLine& line : rubric.lines)
      reachable += std::max(parse_points(line.points), Points(0));
    if (reachable < worth && item.scored && item.lost.empty())
      add(item.place, fmt::format("item {} has {}; the lines of its rubric reach {}", item.id,
                                  points_word(worth), exact_text(reachable)));
  }

  void inspect(const fixtures::Question& question) {
    const auto unit = std::ranges::find(units_, question.id, &Unit::id);
    if (unit == units_.end())
      return add(question.place, fmt::format("question {} has no items", question.id));
    bool any_right = false, all_known = true;
    std::size_t options = 0;
    for (const Unit::Member& member : unit->members) {
      const Item& item = exam_.items[member.item];
      if (item.answer != fixtures::AnswerKind::option || !item.lost.empty()) continue;
      ++options;
      const DerivedKey* const key = keys_.find(item.id);
      const auto* truth = key ? std::get_if<TruthKey>(&key->value) : nullptr;
      any_right = any_right || (truth && truth->holds == oracles::Truth::yes);
      all_known = all_known && truth && truth->holds != oracles::Truth::unknown;
    }
    if (unit->scheme.some_correct && options > 0 && all_known && !any_right)
      add(question.place,
          fmt::format("no option of question {} is right, and its scheme says that one is", question.id));
    if (question.points) inspect_points(question, *unit);
  }

  void inspect_points(const fixtures::Question& question, const Unit& unit) {
    std::vector<Points> worths;
    for (const Unit::Member& member : unit.members)
      if (exam_.items[member.item].scored) worths.push_back(member.worth);
    std::ranges::sort(worths, std::greater<>());
    if (question.any_of > 0 && question.any_of < worths.size()) worths.resize(question.any_of);
    Points sum = 0;
    for (const Points& points : worths) sum += points;
    if (const Points stated = parse_points(*question.points); sum != stated)
      add(question.place, fmt::format("question {} has {}, its items {}{}", question.id, points_word(stated),
                                      exact_text(sum), sum < stated ? ": nobody can reach the rest" : ""));
  }

  /// Points of a section's questions and items: those written down, and whether all are.
  struct Sum {
    Points written = 0, lost = 0;
    std::vector<std::string> silent;
  };
  Sum sum_of(const fixtures::Section& section) const {
    Sum sum;
    for (const Unit& unit : units_) {
      if (unit.section != section.id) continue;
      Points points = 0, lost = 0;
      std::size_t lost_items = 0;
      for (const Unit::Member& member : unit.members) {
        points += member.worth;
        if (exam_.items[member.item].lost.empty()) continue;
        lost += member.worth;
        ++lost_items;
      }
      if (unit.question && unit.question->points) points = parse_points(*unit.question->points);
      sum.lost += lost_items == unit.members.size() ? points : lost;
      if (unit.by_shares) sum.silent.push_back(unit.id);
      sum.written += points;
    }
    return sum;
  }

  void inspect(const fixtures::Section& section) {
    const Sum sum = sum_of(section);
    if (sum.lost > 0)
      add(section.place,
          fmt::format("section {}: {} of lost items, which nobody can reach", section.id,
                      points_word(sum.lost)),
          true);
    if (!sum.silent.empty()) {
      std::string names;
      for (const std::string& id : sum.silent) names += (names.empty() ? "" : ", ") + id;
      add(section.place,
          fmt::format("section {}: nothing says how many points {} {}", section.id, names,
                      sum.silent.size() == 1 ? "has" : "have"),
          !section.acknowledged.empty());
    }
    if (!section.points) return;
    if (const Points stated = parse_points(*section.points); stated != sum.written)
      add(section.place,
          fmt::format("section {} has {}, its questions {}{}{}", section.id, points_word(stated),
                      exact_text(sum.written),
                      sum.written < stated
                          ? fmt::format(": {} that nobody can reach", points_word(stated - sum.written))
                          : "",
                      section.acknowledged.empty() ? "" : "; " + section.acknowledged),
          !section.acknowledged.empty());
  }

  void inspect_total() {
    if (!exam_.points) return;
    Points sum = 0;
    for (const fixtures::Section& section : exam_.sections)
      sum += section.points ? parse_points(*section.points) : sum_of(section).written;
    if (const Points stated = parse_points(*exam_.points); stated != sum)
      add({1, 1},
          fmt::format("the paper has {}, its sections {}{}", points_word(stated), exact_text(sum),
                      exam_.acknowledged.empty() ? "" : "; " + exam_.acknowledged),
          !exam_.acknowledged.empty());
  }

  /// Sections, settings and networks that nothing uses.
  void inspect_parts() {
    std::set<std::string> sections, settings;
    for (const Unit& unit : units_) sections.insert(unit.section);
    for (const Item& item : exam_.items) {
      if (const auto* formula = std::get_if<fixtures::FormulaKey>(&item.key))
        settings.insert(formula->setting);
      if (const auto* names = std::get_if<fixtures::NamesKey>(&item.key)) settings.insert(names->setting);
    }
    for (const fixtures::Section& section : exam_.sections)
      if (!sections.contains(section.id))
        add(section.place, fmt::format("section {} has no items", section.id));
    for (const fixtures::Setting& setting : exam_.settings)
      if (!settings.contains(setting.id))
        add(setting.place, fmt::format("no item uses setting {}", setting.id));
  }

  const Exam& exam_;
  const DerivedKeys& keys_;
  std::vector<Unit> units_;
  std::vector<PackProblem> problems_;
};

}  // namespace

std::vector<PackProblem> pack_problems(const Exam& exam, const DerivedKeys& keys) {
  return Inspector(exam, keys).run();
}

}  // namespace assay::graders::exams
