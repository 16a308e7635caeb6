/// What the sandbox found on this machine, for people and for machines.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "graders/sandbox/box.hpp"

namespace assay::graders {

/// A table of the layers, at most 80 columns wide.
std::string doctor_text(const SandboxReport& report);

/// {"tier": "S4", "summary": ..., "layers": [{"name", "state", "detail"}]}; stored with results.
nlohmann::json to_json(const SandboxReport& report);

}  // namespace assay::graders
