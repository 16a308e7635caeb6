/// Inputs on which the known unstable forms fail, and the smallest share of the allowance by which each does.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "oracles/unstable.hpp"
#include "tests/oracles/ops/survey.hpp"

namespace assay::oracles::testing {

/// A family of extreme inputs: elements are offset + scale · normal.
struct Extreme {
  std::string_view name;
  double offset;
  double scale;
};

inline constexpr std::array logit_extremes = {
    Extreme{"logits around 800", 800, 1}, Extreme{"logits around -800", -800, 1},
    Extreme{"logits of scale 30", 0, 30}, Extreme{"logits of scale 500", 0, 500},
    Extreme{"logits of scale 2000", 0, 2000}};
inline constexpr std::array elementwise_extremes = {
    Extreme{"x around 800", 800, 1}, Extreme{"x around -800", -800, 1}, Extreme{"x of scale 1e-6", 0, 1e-6}};

inline constexpr std::array data_extremes = {Extreme{"x around 1000", 1000, 1},
                                             Extreme{"x around 100000", 1e5, 1}};

inline std::span<const Extreme> extremes_of(std::string_view operation) {
  if (operation == "sigmoid" || operation == "tanh") return elementwise_extremes;
  if (operation == "batch_norm" || operation == "layer_norm") return data_extremes;
  return logit_extremes;
}

/// Four rows of eight; the label of each row is its smallest logit, where cross-entropy has the most to lose.
inline FloatCase<double> extreme_case(const Operation& operation, const Extreme& extreme,
                                      std::mt19937_64& random) {
  FloatCase<double> result{{{Tensor<double>({4, 8})}, {}}};
  Tensor<double>& x = result.arguments.real[0];
  for (double& element : x.data)
    element = extreme.offset + std::normal_distribution<>(0, extreme.scale)(random);
  if (operation.name == "batch_norm" || operation.name == "layer_norm")
    result.arguments.real.resize(operation.inputs.size(), Tensor<double>(absent));
  if (operation.name.starts_with("gan_")) {
    x.shape = {x.size()};
    if (operation.inputs.size() == 2) result.arguments.real.push_back(x);
  }
  if (operation.name.ends_with(
          "attention")) {  // scores of the scale of x: queries, or pixels, of one feature
    const bool patch = operation.name == "patch_attention";
    result.arguments.real = {Tensor<double>(patch ? Shape{1, 1, 1} : Shape{1, 1}, {1.0}),
                             Tensor<double>(patch ? Shape{2, 4, 4, 1} : Shape{32, 1}, x.data),
                             Tensor<double>(patch ? Shape{2, 4, 4} : Shape{32, 1})};
    for (double& value : result.arguments.real[2].data) value = std::normal_distribution<>(0, 1)(random);
    if (!patch) result.arguments.index.push_back(IndexTensor(absent));
  }
  if (operation.name == "softmax_cross_entropy" || operation.name == "smooth_hinge") {
    IndexTensor labels({4});
    for (std::size_t n = 0; n < 4; ++n) {
      const auto z = row(x, n);
      labels[n] = std::ranges::min_element(z) - z.begin();
    }
    result.arguments.index.push_back(labels);
    if (operation.name == "softmax_cross_entropy") result.arguments.real.push_back(Tensor<double>(absent));
  }
  return result;
}

struct Exposure {
  double smallest =
      std::numeric_limits<double>::infinity();  ///< over the cases, of the largest ratio of a case
  double largest = 0;
};

/// NaN and infinities where the truth is finite count as an infinite ratio.
inline Exposure exposure(const UnstableForm& form, const Extreme& extreme, std::uint64_t seed,
                         std::size_t cases) {
  const Operation& operation = operation_named(form.operation);
  std::mt19937_64 random(seed);
  Exposure result;
  for (std::size_t i = 0; i < cases; ++i) {
    const FloatCase<double> c = extreme_case(operation, extreme, random);
    const Arguments<Ball> exact{converted<Ball>(c.arguments.real), c.arguments.index};
    const Judge judge([&] { return operation.ball.forward(exact, c.attributes); }, binary64);
    Usage usage;
    const double ratio = judge.add(form.forward(c.arguments, c.attributes), std::string(form.id), usage);
    result.smallest = std::min(result.smallest, ratio);
    result.largest = std::max(result.largest, ratio);
  }
  return result;
}

/// Variance of data around a mean: two passes over balls are the truth and its allowance, one pass in double
/// is Σx²/n − (Σx/n)², which cancels. No operation of the catalogue yet; it shows that the allowance tells
/// them apart.
inline double one_pass_variance_ratio(double mean, std::mt19937_64& random) {
  constexpr std::size_t n = 50;
  std::vector<double> x;
  for (std::size_t i = 0; i < n; ++i) x.push_back(std::normal_distribution<>(mean, 1)(random));
  const auto two_pass = [&] {
    std::vector<Ball> balls(x.begin(), x.end());
    const Ball centre = sum(std::span<const Ball>(balls)) / Ball(n);
    for (Ball& ball : balls) ball -= centre;
    const std::span<const Ball> deviations(balls);
    return Tensors<Ball>{Tensor<Ball>::scalar(dot(deviations, deviations) / Ball(n))};
  };
  double sum = 0, squares = 0;
  for (const double element : x) {
    sum += element;
    squares += element * element;
  }
  const double one_pass = squares / n - (sum / n) * (sum / n);
  Usage usage;
  return Judge(two_pass, binary64).add(Tensors<double>{Tensor<double>::scalar(one_pass)}, "one pass", usage);
}

}  // namespace assay::oracles::testing
