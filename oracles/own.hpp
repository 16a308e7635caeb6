/// What the C++ file of an oracle of one's own includes, and nothing else needs to: a template over the
/// scalar,
///
///   #include "oracles/own.hpp"
///
///   /// L = 1/N sum_n (1 - p_n)^2, of shape ().
///   template <class Scalar>
///   Scalar squared_gap(const Tensor<Scalar>& p) {
///     Scalar total = 0;
///     for (const Scalar& x : p.data) total += square(1 - x);
///     return total / Scalar(p.size());
///   }
///
/// Parameters are Tensor<Scalar>, Scalar, Labels or a whole number; results are a Tensor<Scalar>, a Scalar,
/// or a std::tuple of those. Scalar is a ball, or a ball on the tape that derives the gradient: it has + - *
/// /, the functions of numeric/functions.hpp, `dot` and `sum`, and no comparison that could be branched on (a
/// ball may not know): write max, relu, abs or select(less(a, b), x, y). A real constant is
/// number<Scalar>("0.1").
#pragma once

#include <string_view>
#include <tuple>

#include "oracles/attribute_access.hpp"
#include "oracles/numeric/numbers.hpp"
#include "oracles/tape.hpp"
#include "oracles/tensor.hpp"

namespace assay::oracles {

/// Whole numbers: labels, masks, indices.
using Labels = IndexTensor;

/// Exactly the number that the text says: "0.1" is one tenth, "1/3" a third.
template <class Scalar>
Scalar number(std::string_view text) {
  return real_from_text<Scalar>(text);
}

}  // namespace assay::oracles

// The one header that is made for such files alone, each of which is a program of its own.
using namespace assay::oracles;
