/// Scores that a discriminator or critic gives to real and generated samples.
#pragma once

#include <cstddef>
#include <span>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/log_odds.hpp"
#include "oracles/ops/detail/loss.hpp"

namespace assay::oracles::ops::detail {

inline constexpr AttributeSpec scores_attribute{
    "scores", "logits", "what the discriminator's numbers are: logits, or probabilities of being real",
    AttributeKind::choice, "logits|probabilities"};
inline constexpr AttributeSpec batch_reduction{"reduction", "mean",
                                               "mean or sum over each batch, before both are added",
                                               AttributeKind::choice, "mean|sum"};
inline constexpr AttributeSpec sign_attribute{
    "sign", "minimised", "minimised: the loss; maximised: its negative, as the objective is often printed",
    AttributeKind::choice, "minimised|maximised"};

/// Two batches (N) and (M), one number.
inline Shapes require_batches(std::string_view operation, const Shapes& inputs) {
  require_rank(operation, "real", inputs[0], 1, "(N)");
  require_rank(operation, "fake", inputs[1], 1, "(M)");
  return {Shape{}};
}

inline Reduction batch_reduction_of(const Attributes& attributes) {
  return choice_attribute(attributes, batch_reduction) == 0 ? Reduction::mean : Reduction::sum;
}
inline bool is_maximised(const Attributes& attributes) {
  return choice_attribute(attributes, sign_attribute) == 1;
}
inline bool are_probabilities(const Attributes& attributes) {
  return choice_attribute(attributes, scores_attribute) == 1;
}

/// −log D, of a logit: log(1 + e^−x).
template <class T>
T surprise_at_real(const T& score, bool probability) {
  return probability ? T(-log(score)) : softplus(T(-score));
}
/// −log(1 − D), of a logit: log(1 + e^x).
template <class T>
T surprise_at_fake(const T& score, bool probability) {
  return probability ? T(-log_of_rest(score)) : softplus(score);
}

/// Their derivatives.
template <class T>
T slope_at_real(const T& score, bool probability) {
  return probability ? T(T(-1) / score) : T(-sigmoid(T(-score)));
}
template <class T>
T slope_at_fake(const T& score, bool probability) {
  return probability ? T(T(1) / (T(1) - score)) : T(sigmoid(score));
}

}  // namespace assay::oracles::ops::detail
