/// A function of an assignment's own, given by a formula: the truth of what no catalogue knows, without C++.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "oracles/program.hpp"

namespace assay::properties {

/// The value of `text` (docs/formulas.md) as a function of `inputs`, real numbers or labels, evaluated on
/// balls; its gradients by the tape. Throws formula::FormulaError where the text is no formula of these
/// names, and std::invalid_argument where it is a statement instead of a number.
std::shared_ptr<const oracles::OwnFunction> own_formula(std::string name, std::vector<std::string> inputs,
                                                        const std::string& text);

}  // namespace assay::properties
