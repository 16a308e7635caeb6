#include "oracles/unstable_losses.hpp"

#include <cmath>
#include <cstddef>

#include "oracles/ops/gan_discriminator.hpp"
#include "oracles/ops/gan_generator.hpp"
#include "oracles/ops/smooth_hinge.hpp"

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

/// log(1 + sum of exp(s_j - s_y + margin)).
Tensors<double> naive_smooth_hinge(const Arguments<double>& arguments, const Attributes& attributes) {
  const Tensor<double>& scores = arguments.real[0];
  const double margin = real_attribute<double>(attributes, ops::detail::margin_attribute);
  Tensor<double> rows(Shape{scores.shape[0]});
  for (std::size_t n = 0; n < rows.size(); ++n) {
    const auto label = static_cast<std::size_t>(arguments.index[0][n]);
    double sum = 1;
    for (std::size_t j = 0; j < scores.shape[1]; ++j)
      if (j != label) sum += std::exp(scores(n, j) - scores(n, label) + margin);
    rows[n] = std::log(sum);
  }
  return {ops::detail::reduced(rows, ops::detail::reduction_of(ops::SmoothHinge::name, attributes))};
}

}  // namespace assay::oracles
