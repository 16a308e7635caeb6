/// Known unstable forms: formulas that are right in the reals and lose everything in floating point.
///
/// They are evaluated in IEEE double, so that the floating-point exception flags (<cfenv>) tell how they
/// fail. No oracle uses them; they name what a rejected result did wrong.
#pragma once

#include <span>
#include <string_view>

#include "oracles/operation.hpp"

namespace assay::oracles {

struct UnstableForm {
  std::string_view id;         ///< "softmax.without_shift"
  std::string_view operation;  ///< name in the catalogue
  std::string_view sentence;   ///< what is done, and what it costs; for a student
  /// The arguments must fit the operation (`Operation::output_shapes` says so): nothing is checked here.
  Evaluator<double>::Forward forward = nullptr;
  Evaluator<double>::Vjp vjp = nullptr;  ///< null: the gradient has no form of its own
};

/// All forms, sorted by operation, then id.
std::span<const UnstableForm> unstable_forms();

}  // namespace assay::oracles
