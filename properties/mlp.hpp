/// A small fully connected network in exact arithmetic, put together from operations of the catalogue.
///
///   A_0 = X,  S_l = A_{l-1} W_l + b_l,  A_l = f(S_l),  scores = S_L        rows are examples
///
/// Every claim about training steps uses it: its gradient is the chain of the operations' own.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "properties/point.hpp"
#include "properties/subject.hpp"

namespace assay::properties {

template <class T>
struct Layer {
  oracles::Tensor<T> weight;  ///< (inputs, outputs)
  oracles::Tensor<T> bias;    ///< (outputs)
};

template <class T>
class Mlp {
 public:
  using Tensor = oracles::Tensor<T>;

  Mlp(std::vector<Layer<T>> layers, std::string activation, Subject<T> subject = {})
      : layers_(std::move(layers)), activation_(std::move(activation)), subject_(subject) {}

  const std::vector<Layer<T>>& layers() const { return layers_; }
  const Layer<T>& layer(std::size_t l) const { return layers_.at(l); }

  /// Every S_l, for inputs (N, D).
  std::vector<Tensor> pre_activations(const Tensor& inputs) const {
    std::vector<Tensor> all;
    Tensor activation = inputs;
    for (const Layer<T>& layer : layers_) {
      if (!all.empty()) activation = subject_.value(activation_, {all.back()});
      all.push_back(subject_.value("affine", {activation, layer.weight, layer.bias}));
    }
    return all;
  }
  Tensor scores(const Tensor& inputs) const { return pre_activations(inputs).back(); }

  /// The gradient of the loss, layer by layer, for the gradient of the scores.
  std::vector<Layer<T>> gradients(const Tensor& inputs, const Tensor& upstream) const {
    const std::vector<Tensor> before = pre_activations(inputs);
    std::vector<Layer<T>> result(layers_.size());
    Tensor back = upstream;
    for (std::size_t l = layers_.size(); l-- > 0;) {
      const Tensor in = l == 0 ? inputs : subject_.value(activation_, {before[l - 1]});
      auto cotangents = subject_.gradients("affine", {in, layers_[l].weight, layers_[l].bias}, back);
      result[l] = {cotangents[1], cotangents[2]};
      if (l > 0) back = subject_.gradients(activation_, {before[l - 1]}, cotangents[0])[0];
    }
    return result;
  }

  /// Half the sum of squared errors: its gradient is scores - targets.
  std::vector<Layer<T>> squared_error_gradients(const Tensor& inputs, const Tensor& targets) const {
    Tensor difference = scores(inputs);
    for (std::size_t i = 0; i < difference.size(); ++i) difference[i] -= targets[i];
    return gradients(inputs, difference);
  }

  /// One step of gradient descent on half the sum of squared errors.
  void step(const Tensor& inputs, const Tensor& targets, const T& rate) {
    const auto slopes = squared_error_gradients(inputs, targets);
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      descend(layers_[l].weight, slopes[l].weight, rate);
      descend(layers_[l].bias, slopes[l].bias, rate);
    }
  }

 private:
  static void descend(Tensor& parameters, const Tensor& slopes, const T& rate) {
    for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i] -= rate * slopes[i];
  }

  std::vector<Layer<T>> layers_;
  std::string activation_;
  Subject<T> subject_;
};

}  // namespace assay::properties
