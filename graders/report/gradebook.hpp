/// A graded class in the gradebooks of Canvas and Moodle, from its results document.
#pragma once

#include <string>
#include <vector>

#include "graders/report/fields.hpp"
#include "graders/report/sheets_roster.hpp"

namespace assay::graders::report {

struct Gradebook {
  std::string csv;
  std::string warning;                  ///< what the other system would make of it; empty if nothing odd
  std::vector<std::string> not_listed;  ///< submissions that the roster does not know; left out
};

/// Without a roster, the id stands for the student. A score that waits for a person, or that a harness error
/// prevents, is left blank, never lower.
Gradebook canvas_gradebook(const Json& results, const Roster* roster);

/// With feedback, as far as each criterion's visibility allows.
Gradebook moodle_gradebook(const Json& results, const Roster* roster);

}  // namespace assay::graders::report
