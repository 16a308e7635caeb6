/// Parts of the results document (docs/results-schema.md): what pictures are drawn from, and what mistakes
/// cost.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "graders/outcome.hpp"
#include "graders/points.hpp"

namespace assay::graders {

nlohmann::json error_map_json(const ErrorMap& map);
/// Six digits, which a picture does not need either; null where a loss is not finite.
nlohmann::json loss_curve_json(const LossCurve& curve);

nlohmann::json points_json(const Points& points);
/// Arrays; see "prices" and "unpriced" of a submission.
nlohmann::json prices_json(const SubmissionResult& result);
nlohmann::json unpriced_json(const SubmissionResult& result);

}  // namespace assay::graders
