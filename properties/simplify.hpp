/// Simpler variants of a case: the children of a node in the shrink tree.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "fixtures/inputs.hpp"
#include "properties/case.hpp"

namespace assay::properties {

/// Strictly simpler cases inside the declared ranges, the boldest first: fewer rows, then whole inputs at 0,
/// then single numbers nearer to 0 or with fewer binary digits. Finite descent: no chain of them is endless.
std::vector<Case> simpler_cases(const Case& current, const std::vector<fixtures::InputSpec>& inputs,
                                const std::map<std::string, fixtures::Dimension>& dimensions);

/// Numbers simpler than `x` in [low, high], the boldest first. Simpler: fewer binary digits after the point,
/// then smaller, then positive. Multiples of `grid` where it is not 0.
std::vector<double> simpler_numbers(double x, double low, double high, double grid);

}  // namespace assay::properties
