/// From judgements to points: every scheme of docs/exams.md as a pure function, exact.
///
/// What waits for a person has a range of points it may still come to. A question has points as soon as its
/// range is a single number; until then it has none, and `sure` says what nobody can take away but by
/// negative marks.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "fixtures/exam.hpp"
#include "graders/exams/judge.hpp"
#include "graders/points.hpp"

namespace assay::graders::exams {

/// A scheme whose numbers are read.
struct Rules {
  fixtures::Scheme::Kind kind = fixtures::Scheme::Kind::cells;
  Points correct = 1, wrong = 0, blank = 0;
  std::optional<Points> partial;  ///< a share; absent: proportional
  bool complete = false;
  bool some_correct = false;
  std::vector<Points> sure_right = {1, 2, 3}, sure_wrong = {0, -2, -6};
};

/// Throws std::invalid_argument for numbers that are none; the loader lets none through.
Rules read_rules(const fixtures::Scheme& scheme);

/// How one item came out, and what it is worth.
struct Part {
  std::string label;  ///< "A"; for explanations
  Judgement judgement;
  Points worth = 0;         ///< its points, or its share of the question's
  bool option = false;      ///< of a multiple-choice question
  bool marked = false;      ///< of an option
  std::size_t choices = 0;  ///< how many answers there are to choose from: 2 of true or false; 0: any
};

/// How a question's parts become points.
struct QuestionRules {
  Rules rules;
  Points worth = 0;        ///< of its options together, where the scheme takes them together
  std::size_t any_of = 0;  ///< only the best so many parts count; 0: all
  std::vector<std::string> charge_once = {};      ///< mistakes that cost points in one part only
  fixtures::Floor floor = fixtures::Floor::none;  ///< `item` and `question` act here
};

struct PartScore {
  std::optional<Points> points;  ///< absent while a person must look, or where only the question has points
  Points possible = 0;           ///< 0 where only the question has points
  bool charged_elsewhere = false;
};

struct Score {
  std::vector<PartScore> parts;
  std::optional<Points> points;
  Points sure = 0;
  Points possible = 0;
  std::string explanation;  ///< "2 of 4 options as in the key: 2 of 4 points"
};

/// The order of `parts` matters to nothing but the order of the result.
Score score(const QuestionRules& question, const std::vector<Part>& parts);

/// True where nobody but a person can say.
bool waits(Outcome outcome);

/// True where the scheme looks at a question's options together: what is not marked was left, not forgotten.
bool takes_options_together(fixtures::Scheme::Kind kind);

/// The rule in words, for people: "+2 for each right answer, -1 for a wrong one, 0 for none".
std::string in_words(const fixtures::Scheme& scheme);
/// Where negative totals end: "a section's total below 0 counts as 0"; empty for none.
std::string in_words(fixtures::Floor floor);

}  // namespace assay::graders::exams
