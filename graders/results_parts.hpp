/// Parts of the results document (docs/results-schema.md): what pictures are drawn from, and what mistakes
/// cost.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "graders/outcome.hpp"

namespace assay::graders {

nlohmann::json error_map_json(const ErrorMap& map);
/// Six digits, which a picture does not need either; null where a loss is not finite.
nlohmann::json loss_curve_json(const LossCurve& curve);

}  // namespace assay::graders
