/// Marks one sheet: reads each answer, judges it, gives points under the paper's rules.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "fixtures/exam.hpp"
#include "fixtures/sheet.hpp"
#include "graders/exams/follow_through.hpp"
#include "graders/exams/judge.hpp"
#include "graders/exams/score.hpp"
#include "graders/points.hpp"

namespace assay::graders::exams {

struct ItemMark {
  std::string item;
  std::string written;  ///< raw bytes of the answer
  Judgement judgement;
  bool marked = false;             ///< of an option
  std::optional<Points> points;    ///< absent where a person must look, or where only the question has points
  Points possible = 0;             ///< 0 where only the question has points
  bool charged_elsewhere = false;  ///< the same mistake costs points in another item of the question
  bool by_person = false;
  std::string comment;  ///< of the person who marked it
};

/// A question or a single item: what carries points.
struct QuestionMark {
  std::string id;
  std::string section;
  std::optional<Points> points;  ///< absent where a part of it waits for a person
  Points sure = 0;               ///< what is certain already
  Points possible = 0;
  std::string explanation;  ///< "2 of 4 options as in the key: 2 of 4 points"
};

struct SectionMark {
  std::string id;
  Points sure = 0;  ///< after floors
  Points possible = 0;
  std::size_t for_person = 0;
};

struct MarkedSheet {
  std::string id, name, email;
  std::vector<ItemMark> items;  ///< in the exam's order
  std::vector<QuestionMark> questions;
  std::vector<SectionMark> sections;
  Points score = 0;  ///< what is certain, after floors; less may become of it only by negative marks
  Points possible = 0;
  std::size_t for_person = 0;  ///< items that wait
};

/// A question, or an item that stands alone, with what it is worth.
struct Unit {
  std::string id;
  std::string section;
  const fixtures::Question* question = nullptr;  ///< null: an item alone
  fixtures::Scheme scheme;
  QuestionRules rules;
  struct Member {
    std::size_t item = 0;  ///< its place in the exam
    Points worth = 0;
  };
  std::vector<Member> members;
  bool by_shares = false;  ///< nothing in the pack says what it is worth: an equal share, or one point
};

/// What the questions of a paper are worth, in its order. Items and questions without points get an equal
/// share of what their question or section has left; where that prints none either, one point.
std::vector<Unit> worth(const fixtures::Exam& exam);

/// One paper, ready to mark. Safe to share between threads; the exam, keys and judge must outlive it.
class Marker {
 public:
  Marker(const fixtures::Exam& exam, const DerivedKeys& keys, const Judge& judge);

  /// Deterministic; throws for nothing that a sheet may hold.
  MarkedSheet operator()(const fixtures::Sheet& sheet) const;
  const std::vector<Unit>& units() const { return units_; }
  Points possible() const;

 private:
  const fixtures::Exam& exam_;
  const DerivedKeys& keys_;
  const Judge& judge_;
  FollowThrough follow_through_;
  std::vector<Unit> units_;
};

}  // namespace assay::graders::exams
