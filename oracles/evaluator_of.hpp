/// The evaluator of an operation on a given number type.
#pragma once

#include <type_traits>

#include "oracles/operation.hpp"

namespace assay::oracles {

template <class T>
const Evaluator<T>& evaluator_of(const Operation& operation) {
  if constexpr (std::is_same_v<T, Ball>)
    return operation.ball;
  else if constexpr (std::is_same_v<T, Rational>)
    return operation.rational;
  else if constexpr (std::is_same_v<T, float>)
    return operation.float32;
  else
    return operation.float64;
}

}  // namespace assay::oracles
