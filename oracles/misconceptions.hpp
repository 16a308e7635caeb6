/// The mistakes that students make, as operations: what a result means when it is wrong in a known way.
///
/// To add one: its entry in the list of its family in oracles/misconceptions/. The tests demand that it is
/// told apart from the right operation, and that every operation has at least one.
#pragma once

#include <span>
#include <string_view>

#include "oracles/operation.hpp"

namespace assay::oracles {

struct Misconception {
  std::string_view id;         ///< "affine.weight_gradient_transposed": the operation, a point, the mistake
  std::string_view operation;  ///< of the catalogue
  std::string_view mistake;    ///< one sentence, continuing "the submission ..."
  /// The mistaken evaluators on balls; a null one is that of the operation itself.
  Evaluator<Ball>::Forward forward = nullptr;
  Evaluator<Ball>::Vjp vjp = nullptr;
};

/// All of them, sorted by id. They live as long as the program.
std::span<const Misconception> misconceptions();

}  // namespace assay::oracles
