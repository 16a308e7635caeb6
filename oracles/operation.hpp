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

/// Where sensible values of an input lie; examples and tests draw from it.
struct Range {
  double low = -5, high = 5;
};

struct InputSpec {
  std::string_view name;
  std::string_view shape;      ///< symbolic, for people: "(N, C)"
  bool index = false;          ///< labels and masks: integers, never differentiated
  bool optional = false;       ///< may be left out: the tensor is then of shape (0)
  bool differentiable = true;  ///< real inputs only: false where no gradient is defined by convention
  Range range = {};
  std::vector<std::int64_t> values = {};  ///< index inputs: the allowed ones; empty: 0 .. classes-1

  bool has_gradient() const { return !index && differentiable; }
};

/// The shape of an optional input that was left out.
inline const Shape absent{0};

struct OutputSpec {
  std::string_view name;
  std::string_view shape;
};

enum class AttributeKind { real, integer, flag, choice, reals, integers };

struct AttributeSpec {
  std::string_view name;
  std::string_view fallback;  ///< the default, as text
  std::string_view meaning;
  AttributeKind kind = AttributeKind::real;
  std::string_view choices = {};  ///< of a choice: "none|mean|sum"
};

/// One call worth trying: shapes of all inputs in order, attributes that differ from their defaults.
struct Sample {
  Shapes inputs;
  Attributes attributes = {};
  std::int64_t classes = 2;  ///< labels are 0 .. classes-1
};

/// Exact counts for one call.
struct Cost {
  std::uint64_t multiply_adds = 0;  ///< one multiplication feeding one addition
  std::uint64_t parameters = 0;     ///< learnable scalars
};

/// What one call returns, forwards and backwards.
template <class T>
struct Evaluated {
  Tensors<T> outputs, cotangents;
};

/// Plain function pointers: an absent evaluator is null (no rational exp exists, no gradient of an accuracy).
template <class T>
struct Evaluator {
  using Forward = Tensors<T> (*)(const Arguments<T>&, const Attributes&);
  /// One cotangent per real input, in order, of shape (0) for those without a gradient; `upstream` holds one
  /// tensor per output.
  using Vjp = Tensors<T> (*)(const Arguments<T>&, const Tensors<T>& upstream, const Attributes&);

  using ForwardAndVjp = Evaluated<T> (*)(const Arguments<T>&, const Tensors<T>& upstream, const Attributes&);

  Forward forward = nullptr;
  Vjp vjp = nullptr;
  Vjp tape_vjp = nullptr;  ///< the same gradient, derived from `forward` by the reverse-mode tape
  /// What `forward` and `vjp` return, with what they share computed once; null where nothing is worth it. Who
  /// replaces one of the two sets it to null.
  ForwardAndVjp forward_and_vjp = nullptr;
};

/// Outputs and cotangents of one call, at once where the operation can. The evaluator must have a `vjp`.
template <class T>
Evaluated<T> evaluated(const Evaluator<T>& evaluator, const Arguments<T>& arguments,
                       const Tensors<T>& upstream, const Attributes& attributes) {
  if (evaluator.forward_and_vjp) return evaluator.forward_and_vjp(arguments, upstream, attributes);
  return {evaluator.forward(arguments, attributes), evaluator.vjp(arguments, upstream, attributes)};
}

struct Operation {
  std::string_view name;
  std::string_view formula;
  std::string_view domain;
  std::string_view source;
  std::vector<InputSpec> inputs = {};
  std::vector<OutputSpec> outputs = {};
  std::vector<AttributeSpec> attributes = {};
  std::vector<Sample> samples = {};  ///< the first is the example of the command line
  std::string_view family = {};      ///< set by the catalogue

  /// Output shapes for input shapes (index inputs included, in the order of `inputs`); throws ShapeError.
  Shapes (*output_shapes)(const Shapes& inputs, const Attributes&) = nullptr;
  Cost (*cost)(const Shapes& inputs, const Attributes&) = nullptr;

  Evaluator<Ball> ball = {};
  Evaluator<Rational> rational = {};
  Evaluator<double> float64 = {};
  Evaluator<float> float32 = {};
};

}  // namespace assay::oracles
