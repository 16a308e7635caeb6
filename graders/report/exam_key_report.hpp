/// Derived keys beside the published ones: for a terminal, as JSON.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "fixtures/exam.hpp"
#include "graders/exams/key.hpp"

namespace assay::graders::report {

/// What a paper's check found.
struct ExamKeyCounts {
  std::size_t items = 0;
  std::size_t bound = 0;        ///< a key was derived, or a program decides
  std::size_t rubric_only = 0;  ///< a person decides
  std::size_t lost = 0;
  std::size_t undecided = 0;    ///< bound to a claim that is open
  std::size_t compared = 0;     ///< with a published key
  std::size_t disagreeing = 0;  ///< and not acknowledged
  std::size_t acknowledged = 0;
  std::size_t problems = 0;  ///< of the pack, not acknowledged
};
ExamKeyCounts count_keys(const fixtures::Exam& exam, const exams::DerivedKeys& keys,
                         const std::vector<exams::PackProblem>& problems);

/// Item, derived key, published key, whether they agree; below it why not. At most `width` columns.
std::string exam_key_table(const fixtures::Exam& exam, const exams::DerivedKeys& keys,
                           std::size_t width = 80);

/// "file:line:column: what", one problem after the other.
std::string pack_problem_text(const fixtures::Exam& exam, const std::vector<exams::PackProblem>& problems);

/// "eecs498-2019: 98 items: 81 bound, 12 by a person, 5 lost; ..."
std::string exam_key_summary(const fixtures::Exam& exam, const ExamKeyCounts& counts, std::size_t width = 80);

/// docs/exams.md lists the fields.
nlohmann::json exam_key_json(const fixtures::Exam& exam, const exams::DerivedKeys& keys,
                             const std::vector<exams::PackProblem>& problems);

}  // namespace assay::graders::report
