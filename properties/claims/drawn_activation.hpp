/// Claims in which the activation is part of the instance: labels("activation", {}, "2") or "3".
#pragma once

#include "properties/claims/words.hpp"

namespace assay::properties::topics {

inline constexpr const char* activations_drawn[] = {"relu", "tanh", "sigmoid"};

template <class T>
const char* activation_of(const Point<T>& at) {
  return activations_drawn[at.labels("activation")[0]];
}

/// The instance with that activation: 0 for ReLU, 1 for tanh, 2 for sigmoid.
inline Case with_activation(Case drawn, std::int64_t activation) {
  drawn.inputs["activation"] = IndexTensor(Shape{}, {activation});
  return drawn;
}
inline Assumption smooth_activation(std::string text) {
  return {"smooth_activation", std::move(text), [](Case& drawn) {
            drawn = with_activation(std::move(drawn), 1);
            return true;
          }};
}

template <class T>
Truth all_zero(const Tensor<T>& tensor) {
  Truth all = Truth::yes;
  for (const T& number : tensor.data) all = all && equal(number, T(0));
  return all;
}

}  // namespace assay::properties::topics
