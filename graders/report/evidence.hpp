/// A failing case in words: the same in the terminal and on the page.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graders/report/fields.hpp"
#include "graders/report/figures.hpp"

namespace assay::graders::report {

/// Every text is escaped for one line; what the document does not say is empty.
struct Evidence {
  std::string heading;  ///< "Smallest failing input found (from case 4)"
  std::vector<JsonRef> inputs;
  std::string shapes;   ///< "dW has shape 3 x 2, and should have 2 x 3"; empty where they agree
  std::string element;  ///< "dW[1, 2]"
  std::string got, expected, radius;
  DigitSplit digits;
  std::string error;      ///< "6.24e15 ulps"
  std::string allowance;  ///< "3.5 ulps"
  std::string ratio;      ///< "the error is 1.78e15 times the allowance"
};

/// nullopt where the criterion has no counterexample.
std::optional<Evidence> evidence_of(const Json& criterion);

}  // namespace assay::graders::report
