/// Compares one answer with its key.
#pragma once

#include <optional>
#include <string>

#include "fixtures/exam.hpp"
#include "graders/exams/answer.hpp"
#include "graders/exams/key.hpp"
#include "graders/points.hpp"

namespace assay::graders::exams {

enum class Outcome {
  right,
  wrong,
  partly,    ///< a known mistake with credit, or a person's mark in between
  followed,  ///< wrong, but right after the student's own earlier answer
  blank,
  unreadable,   ///< no marks lost: a person reads it
  ambiguous,    ///< two marks; the same
  for_person,   ///< an essay, a drawing: waits for a person's mark
  cannot_tell,  ///< key or comparison undecided; the same
  voided,       ///< full points for everybody
  lost,         ///< the question was lost: not marked
};

/// "right", "for-person" ...
std::string_view to_text(Outcome outcome);

struct Judgement {
  Outcome outcome = Outcome::blank;
  Points credit = 0;       ///< share of the item's points, 0 to 1
  std::string understood;  ///< the answer as it was read: "224 (8*3*3*3+8)"
  std::string message;     ///< to the student: where it differs, with both exact values; what was expected
  std::string mistake;     ///< id of a known mistake; empty
  std::string mistake_text;
  int certainty = 0;
};

/// What judging shares between the sheets of a class: parsed keys, points of formulas. Safe to share between
/// threads.
class Judge {
 public:
  Judge(const fixtures::Exam& exam, const DerivedKeys& keys, std::uint64_t seed);
  ~Judge();
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;

  /// `answer` as read_answer gave it. Never throws for anything a student wrote.
  Judgement operator()(const fixtures::Item& item, const Answer& answer) const;
  /// The same against another key: in a follow-through.
  Judgement against(const fixtures::Item& item, const DerivedKey& key, const Answer& answer) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace assay::graders::exams
