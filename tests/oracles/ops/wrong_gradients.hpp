/// Wrong gradients, each with the mistake in one sentence: what the gradient checks must catch.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/oracles/ops/gradient_checks.hpp"

namespace assay::oracles::testing {

struct WrongGradient {
  std::string_view operation;
  std::string_view mistake;
  Vjp<Ball> vjp;
};

using BallArguments = const Arguments<Ball>&;
using BallUpstream = const Tensors<Ball>&;

/// One input, one output of the same shape: the cotangent u · slope(x).
template <class Slope>
Tensors<Ball> elementwise(BallArguments a, BallUpstream u, const Slope& slope) {
  Tensor<Ball> result = a.real[0];
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = u[0][i] * slope(result[i]);
  return {result};
}

inline Tensors<Ball> right_vjp(std::string_view operation, BallArguments a, BallUpstream u,
                               const Attributes& s) {
  return operation_named(operation).ball.vjp(a, u, s);
}

inline Tensors<Ball> right_forward(std::string_view operation, BallArguments a, const Attributes& s) {
  return operation_named(operation).ball.forward(a, s);
}

inline Tensor<Ball> transposed_data(const Tensor<Ball>& matrix) {
  Tensor<Ball> result(matrix.shape);
  const std::size_t rows = matrix.shape[0], columns = matrix.shape[1];
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) result[c * rows + r] = matrix(r, c);
  return result;
}

inline std::vector<WrongGradient> wrong_gradients() {
  return {
      {"add", "subtracts the second operand's gradient",
       [](BallArguments, BallUpstream u, const Attributes&) {
         Tensor<Ball> minus = u[0];
         for (Ball& element : minus.data) element = -element;
         return Tensors<Ball>{u[0], minus};
       }},
      {"affine", "stores the weight gradient transposed",
       [](BallArguments a, BallUpstream u, const Attributes& s) {
         Tensors<Ball> right = right_vjp("affine", a, u, s);
         right[1] = transposed_data(right[1]);
         return right;
       }},
      {"affine", "takes the bias gradient from the first row only",
       [](BallArguments a, BallUpstream u, const Attributes& s) {
         Tensors<Ball> right = right_vjp("affine", a, u, s);
         for (std::size_t c = 0; c < right[2].size(); ++c) right[2][c] = u[0][c];
         return right;
       }},
      {"l2_penalty", "forgets the 2",
       [](BallArguments a, BallUpstream u, const Attributes& s) {
         Tensors<Ball> right = right_vjp("l2_penalty", a, u, s);
         for (Ball& element : right[0].data) element /= 2;
         return right;
       }},
      {"leaky_relu", "gives the negative side no gradient",
       [](BallArguments a, BallUpstream u, const Attributes&) {
         return elementwise(a, u, [](const Ball& x) { return step(x); });
       }},
      {"log_softmax", "takes each upstream element in place of their sum",
       [](BallArguments a, BallUpstream u, const Attributes& s) {
         const Tensor<Ball> y = right_forward("log_softmax", a, s)[0];
         Tensor<Ball> wrong = u[0];
         for (std::size_t i = 0; i < wrong.size(); ++i) wrong[i] -= exp(y[i]) * u[0][i];
         return Tensors<Ball>{wrong};
       }},
      {"logsumexp", "gives every logit the whole gradient",
       [](BallArguments a, BallUpstream u, const Attributes& s) {
         Tensors<Ball> right = right_vjp("logsumexp", a, u, s);
         for (Ball& element : right[0].data) element = u[0][0];
         return right;
       }},
      {"relu", "swaps the sides",
       [](BallArguments a, BallUpstream u, const Attributes&) {
         return elementwise(a, u, [](const Ball& x) { return step(Ball(-x)); });
       }},
      {"sigmoid", "differentiates by the output: s(y) (1 - s(y))",
       [](BallArguments a, BallUpstream u, const Attributes&) {
         return elementwise(a, u, [](const Ball& x) {
           const Ball again = sigmoid(sigmoid(x));
           return Ball(again * (1 - again));
         });
       }},
      {"softmax", "keeps only the diagonal of the Jacobian",
       [](BallArguments a, BallUpstream u, const Attributes& s) {
         Tensor<Ball> wrong = right_forward("softmax", a, s)[0];
         for (std::size_t i = 0; i < wrong.size(); ++i) wrong[i] = wrong[i] * (1 - wrong[i]) * u[0][i];
         return Tensors<Ball>{wrong};
       }},
      {"softmax_cross_entropy", "forgets the 1/N of the mean",
       [](BallArguments a, BallUpstream u, const Attributes& s) {
         Attributes sum = s;
         if (u[0].shape.empty()) sum["reduction"] = "sum";
         return right_vjp("softmax_cross_entropy", a, u, sum);
       }},
      {"softmax_cross_entropy", "forgets to subtract the one-hot label",
       [](BallArguments a, BallUpstream u, const Attributes& s) {
         Tensors<Ball> right = right_vjp("softmax_cross_entropy", a, u, s);
         right[0][static_cast<std::size_t>(a.index[0][0])] += u[0][0];
         return right;
       }},
      {"tanh", "forgets the square: 1 - t",
       [](BallArguments a, BallUpstream u, const Attributes&) {
         return elementwise(a, u, [](const Ball& x) { return Ball(1 - tanh(x)); });
       }},
  };
}

}  // namespace assay::oracles::testing
