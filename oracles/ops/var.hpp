#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/axes.hpp"
#include "oracles/ops/detail/reduction.hpp"

namespace assay::oracles::ops {

/// Variance over axes, of N elements each, with correction c: 1 for the unbiased estimate, 0 for the
/// population.
///
///   y       = Σᵢ dᵢ² / (N − c)        where dᵢ = xᵢ − (1/N) Σⱼ xⱼ
///   ∂L/∂xᵢ  = 2 dᵢ / (N − c) ∂L/∂y        (what comes through the mean is Σᵢ dᵢ = 0)
///
/// Two passes: the difference of the mean square and the squared mean cancels, and is not among the honest
/// forms.
struct Var {
  static constexpr std::string_view name = "var";
  static constexpr AttributeSpec correction_attribute{
      "correction", "1", "subtracted from N: 1 as in PyTorch, 0 as in NumPy", AttributeKind::integer};

  static Operation spec() {
    std::vector<Sample> samples = detail::axes_samples();
    samples[1].attributes["correction"] = "0";
    samples[4].attributes["correction"] = "0";
    return {.name = name,
            .formula =
                "Y = sum of (X - mean(X))^2 over the axes / (N - correction); dX = 2 (X - mean(X)) / (N - "
                "correction) dY",
            .domain = "all real X; more elements along the axes than the correction",
            .source = "Goodfellow, Bengio and Courville, Deep Learning, 2016, section 5.4.2",
            .inputs = {{"X", "(...)"}},
            .outputs = {{"Y", "(... without the axes)"}},
            .attributes = {detail::axes_attribute, detail::keepdim_attribute, correction_attribute},
            .samples = samples};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    const Shape shape = detail::reduced_shape(name, inputs[0], attributes, detail::Empty::refused);
    const std::int64_t correction = integer_attribute(attributes, correction_attribute);
    if (correction < 0) refuse_attribute(attributes, correction_attribute, "an integer of at least 0");
    const std::size_t outputs = element_count(shape);
    const std::size_t each = outputs == 0 ? 0 : element_count(inputs[0]) / outputs;
    if (outputs != 0 && each <= static_cast<std::size_t>(correction))
      refuse_attribute(attributes, correction_attribute,
                       "less than the number of elements, " + std::to_string(each));
    return {shape};
  }

  /// The squares.
  static Cost cost(const Shapes& inputs, const Attributes&) {
    return {.multiply_adds = element_count(inputs[0])};
  }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    return detail::reduced(name, arguments.real[0], attributes, [&](const std::vector<T>& x) {
      const std::vector<T> d = deviations(x);
      return detail::divided(T(dot(d, d)), divisor(x.size(), attributes));
    });
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    return detail::reduced_vjp(
        name, arguments.real[0], upstream[0], attributes, [&](const std::vector<T>& x, const T& g) {
          const std::size_t n = divisor(x.size(), attributes);
          std::vector<T> d = deviations(x);
          for (T& element : d)
            element = either([&] { return detail::divided(T(T(2) * element * g), n); },
                             [&] { return T(element * detail::divided(T(T(2) * g), n)); });
          return d;
        });
  }

 private:
  static std::size_t divisor(std::size_t elements, const Attributes& attributes) {
    return elements - static_cast<std::size_t>(integer_attribute(attributes, correction_attribute));
  }

  template <class T>
  static std::vector<T> deviations(const std::vector<T>& x) {
    const T mean = detail::divided(T(sum(x)), x.size());
    std::vector<T> d = x;
    for (T& element : d) element -= mean;
    return d;
  }
};

}  // namespace assay::oracles::ops
