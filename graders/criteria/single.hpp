/// What the kinds have in common whose criteria are groups of their own.
#pragma once

#include <utility>

#include "graders/criteria/kind.hpp"

namespace assay::graders {

/// Grades one criterion. Where the harness fails, once more.
class SingleJudge : public Judge {
 public:
  std::vector<CriterionResult> grade(const Subject& subject, const CaseGroup& group,
                                     std::optional<Session>&) const final {
    const PreparedCriterion& criterion = subject.prepared.criteria[group.criteria.front()];
    CriterionResult result = grade_one(subject, group, criterion);
    if (result.verdict == Verdict::harness_error) result = grade_one(subject, group, criterion);
    if (!result.points && !needs_a_person(result.verdict))
      result.points = result.verdict == Verdict::accepted ? criterion.points : Points(0);
    return {std::move(result)};
  }

 protected:
  /// Points are set only where they are neither all nor none.
  virtual CriterionResult grade_one(const Subject& subject, const CaseGroup& group,
                                    const PreparedCriterion& criterion) const = 0;
};

/// The program stopped answering.
inline void stopped(CriterionResult& result, Ending ending) {
  result.verdict = ending.verdict;
  result.message = std::move(ending.message);
  result.signal = std::move(ending.signal);
  result.standard_error = std::move(ending.standard_error);
}

/// Nothing can be told, and that costs nothing.
inline CriterionResult untold(CriterionResult result, const std::string& why) {
  result.message = why + "; a person must look";
  return result;  // cannot_tell
}

/// The case as it was drawn, which fails.
inline Counterexample example_of(const CaseGroup& group, std::size_t number, std::string result_name) {
  Counterexample example;
  example.case_number = number;
  example.one = group.cases[number];
  example.confirmed = true;
  example.result = std::move(result_name);
  return example;
}

}  // namespace assay::graders
