#pragma once

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/optimizer.hpp"

namespace assay::oracles::ops {

/// Clips every element of a gradient.
///
///   g′ = min(max(g, −c), c)        c: clip_value
struct ClipGradValue {
  static constexpr std::string_view name = "clip_grad_value";
  static constexpr AttributeSpec clip_value_attribute{"clip_value", "1",
                                                      "the largest magnitude that is left"};

  static Operation spec() {
    return {.name = name,
            .formula = "g' = min(max(g, -clip_value), clip_value)",
            .domain = "all real gradients",
            .source = "Goodfellow, Bengio and Courville, Deep Learning, 2016, section 10.11.1",
            .inputs = {{.name = "gradient", .shape = "(...)", .differentiable = false}},
            .outputs = {{"clipped", "(...)"}},
            .attributes = {clip_value_attribute},
            .samples = {{{{2, 3}}}, {{{4}}, {{"clip_value", "2.5"}}}, {{{}}, {{"clip_value", "0.5"}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::require_not_negative(attributes, {clip_value_attribute});
    return {inputs[0]};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const T limit = real_attribute<T>(attributes, clip_value_attribute);
    Tensor<T> g = arguments.real[0];
    for (T& element : g.data) element = min(max(element, T(-limit)), limit);
    return {g};
  }
};

}  // namespace assay::oracles::ops
