/// What a class comes to: the same sentences and lists in the terminal and on the page.
#pragma once

#include <string>
#include <vector>

#include "graders/report/fields.hpp"

namespace assay::graders::report {

struct ClassView {
  std::string scores;                   ///< "mean 5.5, median 6 of 20 points; 21 of 22 submissions graded"
  std::string hardest;                  ///< "loss-extreme: 12 of 22 accepted"; empty where none was missed
  std::vector<JsonRef> for_a_person;    ///< submissions with a criterion that could not be decided
  std::vector<JsonRef> harness_errors;  ///< submissions that the grader failed on
};

ClassView look_at_class(const Json& results);

/// How many graded submissions score in each tenth of `max`; full marks count in the last.
std::vector<std::size_t> score_histogram(const Json& results);

}  // namespace assay::graders::report
