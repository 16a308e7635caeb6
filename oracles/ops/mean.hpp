#pragma once

#include <vector>

#include "oracles/ops/detail/axes.hpp"
#include "oracles/ops/detail/reduction.hpp"

namespace assay::oracles::ops {

/// Mean over axes, of N elements each.
///
///   y = (1/N) Σᵢ xᵢ        ∂L/∂xᵢ = (1/N) ∂L/∂y
struct Mean {
  static constexpr std::string_view name = "mean";

  static Operation spec() {
    return {.name = name,
            .formula = "Y = sum of X over the axes / N; dX = dY / N, broadcast",
            .domain = "all real X; every axis reduced has at least one element",
            .source = "Goodfellow, Bengio and Courville, Deep Learning, 2016, section 5.4.1",
            .inputs = {{"X", "(...)"}},
            .outputs = {{"Y", "(... without the axes)"}},
            .attributes = {detail::axes_attribute, detail::keepdim_attribute},
            .samples = detail::axes_samples()};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    return {detail::reduced_shape(name, inputs[0], attributes, detail::Empty::refused)};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  /// Honest: dividing the sum, or each element first.
  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    return detail::reduced(name, arguments.real[0], attributes, [](const std::vector<T>& x) {
      return either([&] { return T(detail::divided(T(sum(x)), x.size())); },
                    [&] {
                      std::vector<T> shares = x;
                      for (T& share : shares) share = detail::divided(share, x.size());
                      return T(sum(shares));
                    });
    });
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    return detail::reduced_vjp(name, arguments.real[0], upstream[0], attributes,
                               [](const std::vector<T>& x, const T& g) {
                                 return std::vector<T>(x.size(), detail::divided(g, x.size()));
                               });
  }
};

}  // namespace assay::oracles::ops
