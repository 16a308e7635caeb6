/// What stands on a sheet for each item of a question, and what a person decided about it.
#pragma once

#include <string>
#include <vector>

#include "graders/exams/answer.hpp"
#include "graders/exams/mark.hpp"

namespace assay::graders::exams {

struct Written {
  std::string text;  ///< raw bytes
  Answer answer;
  bool marked = false;  ///< of an option
};

/// One for each member of the unit: from the question's own cell ("A, C") or from the items' cells.
/// Options written in both are ambiguous. Where the scheme takes options together, those not marked were
/// left; a question with nothing marked is blank where the scheme says that some option is right.
std::vector<Written> read_unit(const fixtures::Exam& exam, const Unit& unit, const fixtures::Sheet& sheet);

/// Puts a person's decision in the place of `mark`'s judgement. One that cannot be used (an unknown line,
/// more points than the item has) leaves the item waiting and says why.
void take_persons_mark(const fixtures::Item& item, const Points& worth, const fixtures::PersonsMark& persons,
                       ItemMark& mark);

}  // namespace assay::graders::exams
