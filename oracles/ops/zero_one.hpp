#pragma once

#include <cstddef>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/loss.hpp"

namespace assay::oracles::ops {

/// Whether a score has the wrong sign; no gradient.
///
///   ℓᵢ = [yᵢ sᵢ < 0]        y = ±1
///
/// A score of exactly 0 has no sign: `at_zero` counts it as wrong (1), right (0) or half. A ball that meets 0
/// has the hull of the losses it may have.
struct ZeroOne {
  static constexpr std::string_view name = "zero_one";
  static constexpr AttributeSpec at_zero_attribute{"at_zero", "wrong", "what a score of exactly 0 counts as",
                                                   AttributeKind::choice, "wrong|right|half"};

  static Operation spec() {
    return {
        .name = name,
        .formula = "loss_i = 1 where y_i s_i < 0, 0 where y_i s_i > 0; at 0: 1, 0 or 1/2",
        .domain = "all real scores; targets -1 and 1",
        .source =
            "Shalev-Shwartz and Ben-David, Understanding Machine Learning, 2014, section 12.3 (0 is wrong)",
        .inputs = {{.name = "scores", .shape = "(...)", .differentiable = false},
                   {.name = "targets", .shape = "(...)", .index = true, .values = {-1, 1}}},
        .outputs = {{"loss", "() or (...)"}},
        .attributes = {at_zero_attribute, detail::elementwise_reduction},
        .samples = {{{{4}, {4}}},
                    {{{2, 3}, {2, 3}}, {{"at_zero", "right"}, {"reduction", "none"}}},
                    {{{3}, {3}}, {{"at_zero", "half"}, {"reduction", "sum"}}},
                    {{{}, {}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::require_elements(name, "scores", inputs[0]);
    detail::require_shape(name, "targets", inputs[1], inputs[0], "like input \"scores\"");
    return {detail::reduced_shape(detail::reduction_of(name, attributes), inputs[0])};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const auto signs = detail::checked_signs(name, "targets", arguments.index[0]);
    const std::size_t choice = choice_attribute(attributes, at_zero_attribute);
    const T at_zero = choice == 0 ? T(1) : choice == 1 ? T(0) : T(T(1) / T(2));
    Tensor<T> loss = arguments.real[0];
    for (std::size_t i = 0; i < loss.size(); ++i) {
      const T agreement = signs[i] > 0 ? loss[i] : T(-loss[i]);
      loss[i] = select(less(agreement, T(0)), T(1), select(less(T(0), agreement), T(0), at_zero));
    }
    return {detail::reduced(loss, detail::reduction_of(name, attributes))};
  }
};

}  // namespace assay::oracles::ops
