/// Losses that compare two tensors element by element.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/reduction.hpp"
#include "oracles/ops/detail/shapes.hpp"

namespace assay::oracles::ops::detail {

/// The shape of a loss that has one value for each element of `shape` before its reduction.
inline Shape reduced_shape(Reduction reduction, const Shape& shape) {
  return reduction == Reduction::none ? shape : Shape{};
}

/// Throws ShapeError where a mean would be one of nothing.
inline void require_elements(std::string_view operation, std::string_view input, const Shape& got) {
  if (element_count(got) == 0) refuse_shape(operation, input, got, "at least one element");
}

/// A number greater than 0, or at least 0. Throws ShapeError for any other.
inline Rational positive_attribute(const Attributes& attributes, const AttributeSpec& spec) {
  const Rational value = rational_attribute(attributes, spec);
  if (value <= 0) refuse_attribute(attributes, spec, "a number greater than 0");
  return value;
}
inline Rational nonnegative_attribute(const Attributes& attributes, const AttributeSpec& spec) {
  const Rational value = rational_attribute(attributes, spec);
  if (value < 0) refuse_attribute(attributes, spec, "a number of at least 0");
  return value;
}

inline constexpr AttributeSpec elementwise_reduction{
    "reduction", "mean", "none, mean or sum over the elements", AttributeKind::choice, "none|mean|sum"};

/// Targets −1 and 1. Throws ShapeError for any other.
inline std::vector<std::int64_t> checked_signs(std::string_view operation, std::string_view input,
                                               const IndexTensor& targets) {
  for (std::size_t i = 0; i < targets.size(); ++i)
    if (targets[i] != 1 && targets[i] != -1)
      throw ShapeError(std::string(operation) + ": input \"" + std::string(input) + "\" holds " +
                       std::to_string(targets[i]) + " at index " + std::to_string(i) + "; it needs -1 or 1");
  return targets.data;
}

/// ℓᵢ = f(xᵢ, tᵢ), reduced. `Op` states f as `value(x, t, parameters...)` and (∂f/∂x, ∂f/∂t) as
/// `slopes(x, t, parameters...)`; its `parameters<T>` reads the attributes, and refuses those out of range.
template <class Op>
struct ElementwiseLoss {
  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    require_elements(Op::name, "input", inputs[0]);
    require_shape(Op::name, "target", inputs[1], inputs[0], "like input \"input\"");
    Op::template parameters<double>(attributes);
    return {reduced_shape(reduction_of(Op::name, attributes), inputs[0])};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static std::tuple<> parameters(const Attributes&) {
    return {};
  }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const auto parameters = Op::template parameters<T>(attributes);
    const Tensor<T>&x = arguments.real[0], &t = arguments.real[1];
    Tensor<T> loss(x.shape);
    for (std::size_t i = 0; i < x.size(); ++i)
      loss[i] = std::apply([&](const auto&... p) { return Op::value(x[i], t[i], p...); }, parameters);
    return {reduced(loss, reduction_of(Op::name, attributes))};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const auto parameters = Op::template parameters<T>(attributes);
    const Reduction reduction = reduction_of(Op::name, attributes);
    const Tensor<T>&x = arguments.real[0], &t = arguments.real[1];
    Tensor<T> dx(x.shape), dt(t.shape);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::pair<T, T> slopes =
          std::apply([&](const auto&... p) { return Op::slopes(x[i], t[i], p...); }, parameters);
      dx[i] = row_cotangent(slopes.first, upstream[0], reduction, i, x.size());
      dt[i] = row_cotangent(slopes.second, upstream[0], reduction, i, x.size());
    }
    return {dx, dt};
  }

 protected:
  static inline const std::vector<InputSpec> two_inputs = {{"input", "(...)"}, {"target", "(...)"}};
  static inline const std::vector<OutputSpec> one_output = {{"loss", "() or (...)"}};
  /// One for each reduction, a scalar and a size-1 axis among them.
  static std::vector<Sample> two_input_samples(const Attributes& first = {}, const Attributes& other = {}) {
    const auto with = [](Attributes attributes, const std::string& reduction) {
      attributes["reduction"] = reduction;
      return attributes;
    };
    return {{{{2, 3}, {2, 3}}, first},
            {{{4}, {4}}, with(other, "none")},
            {{{3, 1, 2}, {3, 1, 2}}, with(first, "sum")},
            {{{1}, {1}}, other},
            {{{}, {}}, first}};
  }
};

}  // namespace assay::oracles::ops::detail
