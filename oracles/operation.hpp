/// What the catalogue knows of one operation: names, shapes, costs, and evaluators for each number type.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "oracles/attributes.hpp"
#include "oracles/numeric/numbers.hpp"
#include "oracles/tensor.hpp"

namespace assay::oracles {

template <class T>
using Tensors = std::vector<Tensor<T>>;
using Shapes = std::vector<Shape>;

/// The inputs of one call: real tensors and index tensors (labels), each in the order of `Operation::inputs`.
template <class T>
struct Arguments {
  Tensors<T> real;
  std::vector<IndexTensor> index;
};

struct InputSpec {
  std::string_view name;
  std::string_view shape;  ///< symbolic, for people: "(N, C)"
  bool index = false;      ///< labels: integers, never differentiated
};

struct OutputSpec {
  std::string_view name;
  std::string_view shape;
};

struct AttributeSpec {
  std::string_view name;
  std::string_view fallback;  ///< the default, as text
  std::string_view meaning;
};

/// Exact counts for one call.
struct Cost {
  std::uint64_t multiply_adds = 0;  ///< one multiplication feeding one addition
  std::uint64_t parameters = 0;     ///< learnable scalars
};

/// Plain function pointers: an absent evaluator is null (no rational exp exists).
template <class T>
struct Evaluator {
  using Forward = Tensors<T> (*)(const Arguments<T>&, const Attributes&);
  /// One cotangent per real input, in order; `upstream` holds one tensor per output.
  using Vjp = Tensors<T> (*)(const Arguments<T>&, const Tensors<T>& upstream, const Attributes&);

  Forward forward = nullptr;
  Vjp vjp = nullptr;
  Vjp tape_vjp = nullptr;  ///< the same gradient, derived from `forward` by the reverse-mode tape
};

struct Operation {
  std::string_view name;
  std::string_view formula;
  std::string_view domain;
  std::string_view source;
  std::vector<InputSpec> inputs = {};
  std::vector<OutputSpec> outputs = {};
  std::vector<AttributeSpec> attributes = {};

  /// Output shapes for input shapes (index inputs included, in the order of `inputs`); throws ShapeError.
  Shapes (*output_shapes)(const Shapes& inputs, const Attributes&) = nullptr;
  Cost (*cost)(const Shapes& inputs, const Attributes&) = nullptr;

  Evaluator<Ball> ball = {};
  Evaluator<Rational> rational = {};
  Evaluator<double> float64 = {};
  Evaluator<float> float32 = {};
};

}  // namespace assay::oracles
