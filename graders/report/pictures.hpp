/// Small pictures of a finding: where a result is wrong, and how a training run went.
#pragma once

#include <string>

#include "graders/report/fields.hpp"

namespace assay::graders::report {

/// For pictures.html.mustache, of a criterion's result; `id` is unlike all others of the page. What the
/// document does not hold is false.
Json pictures_view(const Json& criterion, const std::string& id);

}  // namespace assay::graders::report
