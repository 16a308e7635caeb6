/// What grading again has changed, for each student and criterion.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "graders/report/fields.hpp"

namespace assay::graders::report {

/// One submission's part of a results document before and after; no `before`: it is new.
struct Regraded {
  std::optional<Json> before;
  Json after;
};

/// {"submissions": [{"id", "before", "after", "criteria": [{"id", "before", "after"}]}], "changed", "up",
/// "down", "unchanged"}. A submission is listed if its score, or a verdict or the points of a criterion
/// changed; of its criteria, those that did. A side that is not there is null.
Json changes_document(const std::vector<Regraded>& submissions);

/// The same as a table of at most 80 columns.
std::string changes_text(const Json& changes, bool colour = false);

}  // namespace assay::graders::report
