#pragma once

#include <cstddef>
#include <string>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/shapes.hpp"

namespace assay::oracles::ops {

/// Dropout with a given mask: m = 1 keeps an element, 0 drops it; p is the probability to drop.
///
///   inverted: y = m x / (1 − p) in training, x in inference
///   classic:  y = m x in training, (1 − p) x in inference
///   ∂L/∂x = ∂L/∂y times the same factor
///
/// With p = 1 everything is dropped: 0, whatever the mask, as in PyTorch. The mask is an input because an
/// oracle draws nothing: whether a student's masks have the right distribution is another question.
struct Dropout {
  static constexpr std::string_view name = "dropout";
  static constexpr AttributeSpec p_attribute{"p", "0.5", "probability to drop an element, 0 to 1"};
  static constexpr AttributeSpec mode_attribute{
      "mode", "inverted", "scale in training (inverted: PyTorch) or in inference (classic: the paper)",
      AttributeKind::choice, "inverted|classic"};
  static constexpr AttributeSpec training_attribute{"training", "true", "drop elements", AttributeKind::flag};

  static Operation spec() {
    return {
        .name = name,
        .formula =
            "Y = mask X / (1 - p); dX = mask dY / (1 - p); in inference Y = X; classic: no division, "
            "and (1 - p) X in inference",
        .domain = "all real X; mask 0 or 1; 0 <= p <= 1",
        .source = "Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, Dropout, 2014",
        .inputs = {{"X", "(...)"}, {.name = "mask", .shape = "(like X)", .index = true, .values = {0, 1}}},
        .outputs = {{"Y", "(like X)"}},
        .attributes = {p_attribute, mode_attribute, training_attribute},
        .samples = {{{{2, 3}, {2, 3}}},
                    {{{4}, {4}}, {{"p", "1/3"}}},
                    {{{2, 2}, {2, 2}}, {{"p", "0.2"}, {"mode", "classic"}}},
                    {{{5}, {5}}, {{"p", "0.3"}, {"mode", "classic"}, {"training", "false"}}},
                    {{{3}, {3}}, {{"training", "false"}}},
                    {{{}, {}}, {{"p", "0"}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    const Rational p = rational_attribute(attributes, p_attribute);
    if (p < 0 || p > 1) refuse_attribute(attributes, p_attribute, "a number from 0 to 1");
    detail::require_shape(name, "mask", inputs[1], inputs[0], "like input \"X\"");
    return {inputs[0]};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    return {scaled(arguments.real[0], arguments.index[0], attributes)};
  }

  /// The map is linear and diagonal: its own transpose.
  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    return {scaled(upstream[0], arguments.index[0], attributes)};
  }

 private:
  static void check_mask(const IndexTensor& mask) {
    for (std::size_t i = 0; i < mask.size(); ++i)
      if (mask[i] != 0 && mask[i] != 1)
        throw ShapeError(std::string(name) + ": input \"mask\" holds " + std::to_string(mask[i]) +
                         " at index " + std::to_string(i) + "; it needs 0 or 1");
  }

  /// Dropped elements are products with 0: a NaN stays one, as in PyTorch. Honest: dividing by 1 − p, and
  /// multiplying by its inverse.
  template <class T>
  static Tensor<T> scaled(const Tensor<T>& x, const IndexTensor& mask, const Attributes& attributes) {
    check_mask(mask);
    const bool training = flag_attribute(attributes, training_attribute);
    const bool inverted = choice_attribute(attributes, mode_attribute) == 0;
    const Rational p = rational_attribute(attributes, p_attribute), kept = 1 - p;
    const T probability = from_rational<T>(p);
    Tensor<T> y(x.shape);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const T m = T(p == 1 ? 0 : static_cast<int>(mask[i]));
      if (training)
        y[i] = inverted && kept != 0 ? divided(T(m * x[i]), kept, probability) : T(m * x[i]);
      else
        y[i] = inverted ? x[i]
                        : either([&] { return T(from_rational<T>(kept) * x[i]); },
                                 [&] { return T((T(1) - probability) * x[i]); });
    }
    return y;
  }

  template <class T>
  static T divided(const T& x, const Rational& kept, const T& p) {
    return either([&] { return T(x / from_rational<T>(kept)); },
                  [&] { return T(x * from_rational<T>(Rational(1 / kept))); },
                  [&] { return T(x / (T(1) - p)); }, [&] { return T(x * (T(1) / (T(1) - p))); });
  }
};

}  // namespace assay::oracles::ops
