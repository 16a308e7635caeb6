/// The self-test of a tier: hostile programs run in real boxes, and what came of it, layer by layer.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "graders/sandbox/box.hpp"
#include "graders/sandbox/command.hpp"

namespace assay::graders {

/// Runs the prober in boxes of `machine.tier`. `folder` is empty, ours, and readable by all: only the sandbox
/// keeps what is in it from the prober.
std::vector<Layer> self_test(const Machine& machine, const std::filesystem::path& folder);

/// The layers without which a tier would not deserve its name.
std::vector<std::string> required_layers(Tier tier);

}  // namespace assay::graders
