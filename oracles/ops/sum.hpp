#pragma once

#include <vector>

#include "oracles/ops/detail/axes.hpp"

namespace assay::oracles::ops {

/// Sum over axes.
///
///   y = Σᵢ xᵢ        ∂L/∂xᵢ = ∂L/∂y
///
/// A sum of nothing is 0.
struct Sum {
  static constexpr std::string_view name = "sum";

  static Operation spec() {
    return {.name = name,
            .formula = "Y = sum of X over the axes; dX = dY, broadcast",
            .domain = "all real X; a sum of nothing is 0",
            .source = "Goodfellow, Bengio and Courville, Deep Learning, 2016, section 6.5.6",
            .inputs = {{"X", "(...)"}},
            .outputs = {{"Y", "(... without the axes)"}},
            .attributes = {detail::axes_attribute, detail::keepdim_attribute},
            .samples = detail::axes_samples()};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    return {detail::reduced_shape(name, inputs[0], attributes, detail::Empty::allowed)};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    return detail::reduced(name, arguments.real[0], attributes,
                           [](const std::vector<T>& x) { return T(sum(x)); });
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    return detail::reduced_vjp(
        name, arguments.real[0], upstream[0], attributes,
        [](const std::vector<T>& x, const T& g) { return std::vector<T>(x.size(), g); });
  }
};

}  // namespace assay::oracles::ops
