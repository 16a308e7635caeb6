/// Programs in Python that stand beside Assay, where Python has what they need.
#pragma once

#include <optional>
#include <string>

namespace assay::bench {

/// Why no Python here can run the tanh claim in Hypothesis and mpmath; empty where one can.
const std::string& why_no_hypothesis();

/// Seconds of processor time for so many instances, by its own clock: the start of Python does not count.
std::optional<double> hypothesis_seconds(std::size_t cases);

/// Registers the tanh claim: by Assay, and in Python if that can run.
void register_tanh_claim();

/// Instances of one measurement.
inline constexpr std::size_t tanh_cases_here = 20000, tanh_cases_in_python = 500;

}  // namespace assay::bench
