/// What the blocks of the catalogue are written in. Included by the files of topics, and by nothing else.
#pragma once

#include "oracles/numeric/numbers.hpp"
#include "properties/claims.hpp"
#include "properties/mlp.hpp"
#include "properties/proof/prove.hpp"

namespace assay::properties::topics {

using oracles::abs, oracles::equal, oracles::exp, oracles::from_rational, oracles::less, oracles::less_equal,
    oracles::log, oracles::max, oracles::min, oracles::pow, oracles::relu, oracles::sigmoid, oracles::sign,
    oracles::sqrt, oracles::square, oracles::sum, oracles::tanh;
using oracles::Attributes, oracles::IndexTensor, oracles::Shape, oracles::Tensor, oracles::Tensors;

/// The vector of these numbers.
template <class T>
Tensor<T> vector_of(std::vector<T> numbers) {
  const Shape shape{numbers.size()};
  return {shape, std::move(numbers)};
}

}  // namespace assay::properties::topics
