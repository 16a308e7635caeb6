#pragma once

#include <cstddef>

#include "oracles/ops/detail/adversarial.hpp"

namespace assay::oracles::ops {

/// Loss of the critic of a Wasserstein GAN, from its scores of N real and M generated samples. The scores are
/// no probabilities.
///
///   L = (1/M) Σ fₘ − (1/N) Σ rₙ        ∂L/∂rₙ = −1/N        ∂L/∂fₘ = 1/M
///
/// The objective that a critic maximises is −L (sign = maximised).
struct WganCritic {
  static constexpr std::string_view name = "wgan_critic";

  static Operation spec() {
    return {.name = name,
            .formula = "loss = mean(fake) - mean(real); dreal_n = -dloss / N; dfake_m = dloss / M",
            .domain = "all real scores",
            .source = "Arjovsky, Chintala and Bottou, Wasserstein GAN, 2017, algorithm 1",
            .inputs = {{"real", "(N)"}, {"fake", "(M)"}},
            .outputs = {{"loss", "()"}},
            .attributes = {detail::batch_reduction, detail::sign_attribute},
            .samples = {{{{3}, {3}}},
                        {{{2}, {4}}, {{"reduction", "sum"}}},
                        {{{4}, {3}}, {{"sign", "maximised"}}},
                        {{{1}, {1}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes&) {
    return detail::require_batches(name, inputs);
  }
  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const detail::Reduction reduction = detail::batch_reduction_of(attributes);
    const T real = detail::reduced(arguments.real[0], reduction)[0];
    const T fake = detail::reduced(arguments.real[1], reduction)[0];
    return {Tensor<T>::scalar(detail::is_maximised(attributes) ? T(real - fake) : T(fake - real))};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const detail::Reduction reduction = detail::batch_reduction_of(attributes);
    const T towards_fake = detail::is_maximised(attributes) ? T(-1) : T(1);
    const auto constant = [&](const Shape& shape, const T& d) {
      Tensor<T> result(shape);
      for (T& element : result.data)
        element = detail::row_cotangent(d, upstream[0], reduction, 0, result.size());
      return result;
    };
    return {constant(arguments.real[0].shape, T(-towards_fake)),
            constant(arguments.real[1].shape, towards_fake)};
  }
};

}  // namespace assay::oracles::ops
