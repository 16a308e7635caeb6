#include "graders/exams/mark.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "graders/exams/mark_answers.hpp"

namespace assay::graders::exams {
namespace {

using fixtures::AnswerKind;
using fixtures::Exam;
using fixtures::Floor;
using fixtures::Item;

Judgement without_answer(Outcome outcome, const std::string& why) {
  Judgement judgement;
  judgement.outcome = outcome;
  judgement.credit = outcome == Outcome::voided ? 1 : 0;
  judgement.message = why;
  return judgement;
}

/// Essays and drawings are often not in the file at all: that is no blank yet. A dash is one.
bool may_be_on_paper(const Item& item, const ItemMark& mark) {
  return item.answer == AnswerKind::text && mark.judgement.outcome == Outcome::blank && mark.written.empty();
}

void wait_for_paper(Judgement& judgement) {
  judgement.outcome = Outcome::for_person;
  judgement.message = "nothing is written here; it may be on paper";
}

/// One sheet on its way through the paper.
class OneSheet {
 public:
  OneSheet(const Exam& exam, const DerivedKeys& keys, const Judge& judge, const FollowThrough& follow_through,
           const fixtures::Sheet& sheet)
      : exam_(exam), keys_(keys), judge_(judge), follow_through_(follow_through), sheet_(sheet) {
    result_.id = sheet.id;
    result_.name = sheet.name;
    result_.email = sheet.email;
    result_.items.resize(exam.items.size());
    for (std::size_t i = 0; i < exam.items.size(); ++i) result_.items[i].item = exam.items[i].id;
  }

  MarkedSheet through(const std::vector<Unit>& units) && {
    std::vector<std::vector<Written>> written;
    for (const Unit& unit : units) written.push_back(read_unit(exam_, unit, sheet_));
    judge_all(units, written);
    for (const Unit& unit : units) score_unit(unit);
    add_up();
    return std::move(result_);
  }

 private:
  /// In the exam's order, so that what is earlier is known when something follows from it.
  void judge_all(const std::vector<Unit>& units, std::vector<std::vector<Written>>& written) {
    struct Turn {
      const Unit* unit;
      const Unit::Member* member;
      Written* written;
    };
    std::vector<Turn> turns(exam_.items.size());
    for (std::size_t u = 0; u < units.size(); ++u)
      for (std::size_t m = 0; m < units[u].members.size(); ++m)
        turns[units[u].members[m].item] = {&units[u], &units[u].members[m], &written[u][m]};
    for (std::size_t i = 0; i < turns.size(); ++i) {
      ItemMark& mark = result_.items[i];
      mark.written = std::move(turns[i].written->text);
      mark.marked = turns[i].written->marked;
      mark.judgement = judgement_of(exam_.items[i], turns[i].written->answer);
      if (may_be_on_paper(exam_.items[i], mark)) wait_for_paper(mark.judgement);
      ask_person(exam_.items[i], turns[i].member->worth, mark);
    }
  }

  Judgement judgement_of(const Item& item, const Answer& answer) {
    if (!item.lost.empty()) return without_answer(Outcome::lost, item.lost);
    if (!item.voided.empty()) return without_answer(Outcome::voided, item.voided);
    Judgement judgement = judge_(item, answer);
    const bool failed = judgement.outcome == Outcome::wrong || judgement.outcome == Outcome::partly;
    if (failed && earlier_wrong_) follow(item, answer, judgement);
    remember(item, answer, judgement.outcome);
    return judgement;
  }

  /// Again, with the student's own earlier values in the place of the key's.
  void follow(const Item& item, const Answer& answer, Judgement& judgement) const {
    const FollowThrough::Key key = follow_through_(item, earlier_);
    if (!key) return;
    Judgement again = judge_.against(item, *key, answer);
    if (again.outcome != Outcome::right) return;
    again.outcome = Outcome::followed;
    again.credit = 1;
    again.message =
        fmt::format("not the key's value, and right after your earlier answer: {} follows from it",
                    key->text.empty() ? again.understood : key->text);
    judgement = std::move(again);
  }

  void remember(const Item& item, const Answer& answer, Outcome outcome) {
    if (const auto* number = std::get_if<NumberAnswer>(&answer))
      earlier_[item.id] = NumberKey{number->value};
    else if (const auto* shape = std::get_if<ShapeAnswer>(&answer))
      earlier_[item.id] = ShapeKey{shape->extents};
    else
      return;
    earlier_wrong_ = earlier_wrong_ || (outcome != Outcome::right && outcome != Outcome::voided);
  }

  void ask_person(const Item& item, const Points& worth, ItemMark& mark) const {
    const auto found = sheet_.marks.find(item.id);
    if (found == sheet_.marks.end()) return;
    if (mark.judgement.outcome == Outcome::lost || mark.judgement.outcome == Outcome::voided) return;
    take_persons_mark(item, worth, found->second, mark);
    if (mark.by_person && item.answer == AnswerKind::option) mark.marked = persons_option(item, mark);
  }

  /// An option that a person calls right was marked as in the key.
  bool persons_option(const Item& item, const ItemMark& mark) const {
    const DerivedKey* key = keys_.find(item.id);
    const auto* truth = key ? std::get_if<TruthKey>(&key->value) : nullptr;
    if (!truth || truth->holds == oracles::Truth::unknown) return mark.marked;
    return (truth->holds == oracles::Truth::yes) == (mark.judgement.outcome == Outcome::right);
  }

  Part part_of(const Unit::Member& member) const {
    const Item& item = exam_.items[member.item];
    const ItemMark& mark = result_.items[member.item];
    Part part{
        .label = item.id.substr(item.id.rfind('.') + 1), .judgement = mark.judgement, .worth = member.worth};
    part.option = item.answer == AnswerKind::option;
    part.marked = mark.marked;
    if (item.answer == AnswerKind::true_false) part.choices = 2;
    if (const auto* word = std::get_if<fixtures::WordKey>(&item.key)) part.choices = word->choices.size();
    return part;
  }

  void score_unit(const Unit& unit) {
    std::vector<Part> parts;
    std::vector<std::size_t> places;
    for (const Unit::Member& member : unit.members) {
      if (!exam_.items[member.item].scored) continue;
      parts.push_back(part_of(member));
      places.push_back(member.item);
    }
    Score scored = score(unit.rules, parts);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      ItemMark& mark = result_.items[places[i]];
      mark.points = scored.parts[i].points;
      mark.possible = scored.parts[i].possible;
      mark.charged_elsewhere = scored.parts[i].charged_elsewhere;
      if (waits(mark.judgement.outcome)) waiting_[unit.section] += !scored.points;
      if (waits(mark.judgement.outcome)) result_.for_person += !scored.points;
    }
    if (parts.empty()) return;  // premises: nothing is scored
    result_.questions.push_back({unit.id, unit.section, std::move(scored.points), std::move(scored.sure),
                                 std::move(scored.possible), std::move(scored.explanation)});
  }

  void add_up() {
    for (const fixtures::Section& section : exam_.sections) {
      SectionMark mark{section.id, 0, 0, waiting_[section.id]};
      for (const QuestionMark& question : result_.questions) {
        if (question.section != section.id) continue;
        mark.sure += question.sure;
        mark.possible += question.possible;
      }
      if (section.floor != Floor::none) mark.sure = std::max(mark.sure, Points(0));
      result_.score += mark.sure;
      result_.possible += mark.possible;
      result_.sections.push_back(std::move(mark));
    }
    if (exam_.floor == Floor::sheet) result_.score = std::max(result_.score, Points(0));
  }

  const Exam& exam_;
  const DerivedKeys& keys_;
  const Judge& judge_;
  const FollowThrough& follow_through_;
  const fixtures::Sheet& sheet_;
  MarkedSheet result_;
  EarlierValues earlier_;
  bool earlier_wrong_ = false;
  std::map<std::string, std::size_t, std::less<>> waiting_;
};

}  // namespace

Marker::Marker(const Exam& exam, const DerivedKeys& keys, const Judge& judge)
    : exam_(exam), keys_(keys), judge_(judge), follow_through_(exam), units_(worth(exam)) {}

MarkedSheet Marker::operator()(const fixtures::Sheet& sheet) const {
  return OneSheet(exam_, keys_, judge_, follow_through_, sheet).through(units_);
}

Points Marker::possible() const {
  return (*this)(fixtures::Sheet{}).possible;
}

}  // namespace assay::graders::exams
