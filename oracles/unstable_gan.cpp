#include "oracles/unstable_gan.hpp"

#include <cmath>
#include <cstddef>

#include "oracles/ops/gan_discriminator.hpp"
#include "oracles/ops/gan_generator.hpp"

namespace assay::oracles {

namespace {

double probability(double logit) {
  return 1 / (1 + std::exp(-logit));
}

/// -log D of each logit, or -log(1 - D), summed up or averaged.
double surprise(const Tensor<double>& logits, bool at_real, ops::detail::Reduction reduction) {
  Tensor<double> each = logits;
  for (double& z : each.data) z = -std::log(at_real ? probability(z) : 1 - probability(z));
  return ops::detail::reduced(each, reduction)[0];
}

}  // namespace

Tensors<double> naive_discriminator(const Arguments<double>& arguments, const Attributes& attributes) {
  if (ops::detail::are_probabilities(attributes))
    return ops::GanDiscriminator::forward(arguments, attributes);
  const auto reduction = ops::detail::batch_reduction_of(attributes);
  const double loss =
      surprise(arguments.real[0], true, reduction) + surprise(arguments.real[1], false, reduction);
  return {Tensor<double>::scalar(ops::detail::is_maximised(attributes) ? -loss : loss)};
}

Tensors<double> naive_generator(const Arguments<double>& arguments, const Attributes& attributes) {
  const auto reduction = ops::detail::reduction_of(ops::GanGenerator::name, attributes);
  const bool minimax = choice_attribute(attributes, ops::GanGenerator::form_attribute) == 0;
  if (ops::detail::are_probabilities(attributes) || reduction == ops::detail::Reduction::none)
    return ops::GanGenerator::forward(arguments, attributes);
  const double loss = surprise(arguments.real[0], !minimax, reduction);
  return {Tensor<double>::scalar(minimax ? -loss : loss)};
}

}  // namespace assay::oracles
