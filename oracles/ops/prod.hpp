#pragma once

#include <cstddef>
#include <vector>

#include "oracles/ops/detail/axes.hpp"

namespace assay::oracles::ops {

/// Product over axes.
///
///   y = Πⱼ xⱼ        ∂L/∂xᵢ = ∂L/∂y Π_{j≠i} xⱼ
///
/// The derivative is y / xᵢ only where xᵢ ≠ 0: next to a single zero every derivative but its own is 0. A
/// product of nothing is 1.
struct Prod {
  static constexpr std::string_view name = "prod";

  static Operation spec() {
    return {
        .name = name,
        .formula = "Y = product of X over the axes; dX_i = dY times the product of all others",
        .domain = "all real X; a product of nothing is 1",
        .source = "Griewank and Walther, Evaluating Derivatives, 2008, section 3.3 (Speelpenning's product)",
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
                           [](const std::vector<T>& x) { return product(x); });
  }

  /// Products of all before and of all after: no division. Dividing y is honest where xᵢ is not 0.
  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    return detail::reduced_vjp(
        name, arguments.real[0], upstream[0], attributes, [](const std::vector<T>& x, const T& g) {
          std::vector<T> after(x.size(), T(1)), result;
          for (std::size_t i = x.size(); i-- > 1;) after[i - 1] = x[i] * after[i];
          T before = T(1);
          for (std::size_t i = 0; i < x.size(); ++i) {
            const T others = before * after[i];
            result.push_back(
                either([&] { return T(g * others); },
                       [&] { return contains_zero(x[i]) ? T(g * others) : T(g * (product(x) / x[i])); }));
            before *= x[i];
          }
          return result;
        });
  }

 private:
  template <class T>
  static T product(const std::vector<T>& x) {
    T all = T(1);
    for (const T& element : x) all *= element;
    return all;
  }
};

}  // namespace assay::oracles::ops
