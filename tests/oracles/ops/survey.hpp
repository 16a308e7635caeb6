/// How much of the allowance honest implementations use up, over many random floating-point calls: the
/// operation's own formula in floats, and the styles of honest.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "oracles/catalogue.hpp"
#include "oracles/numeric/allowance.hpp"
#include "tests/oracles/ops/honest.hpp"

namespace assay::oracles::testing {

inline constexpr long truth_bits = 256;

template <class T, class F>
Tensors<T> converted(const Tensors<F>& tensors) {
  Tensors<T> result;
  for (const Tensor<F>& tensor : tensors) {
    auto& copy = result.emplace_back(tensor.shape);
    for (std::size_t i = 0; i < tensor.size(); ++i) copy[i] = T(static_cast<double>(tensor[i]));
  }
  return result;
}

template <class F>
struct FloatCase {
  Arguments<F> arguments;
  Attributes attributes = {};
  Tensors<F> upstream = {};
};

/// Which magnitudes inputs have. Wild: 10^−3 .. 10^2.7, logits sometimes around 1000, exponentials just below
/// the overflow threshold of F. Ordinary: 10^−3 .. 1.
enum class Magnitudes { ordinary, wild };

template <class F>
class FloatCaseGenerator {
 public:
  FloatCaseGenerator(std::uint64_t seed, Magnitudes magnitudes) : random_(seed), magnitudes_(magnitudes) {}

  std::size_t integer(std::size_t low, std::size_t high) {
    return std::uniform_int_distribution<std::size_t>(low, high)(random_);
  }

  /// Normal numbers of one random scale, sometimes around a common offset.
  Tensor<F> tensor(const Shape& shape, bool with_offset = false) {
    const bool wild = magnitudes_ == Magnitudes::wild;
    const double scale = std::pow(10, std::uniform_real_distribution<>(-3, wild ? 2.7 : 0)(random_));
    const double offset = wild && with_offset && integer(0, 3) == 0 ? 1000 : 0;
    const double largest = std::is_same_v<F, float> ? 85 : 700;
    Tensor<F> result(shape);
    for (F& element : result.data)
      element = static_cast<F>(offset +
                               std::clamp(std::normal_distribution<>(0, scale)(random_), -largest, largest));
    return result;
  }

  FloatCase<F> call(const Operation& operation) {
    FloatCase<F> result = drawn_by_hand(operation.name) ? inputs_of(operation.name) : sampled(operation);
    Shapes shapes;
    std::size_t reals = 0, indices = 0;
    for (const InputSpec& input : operation.inputs)
      shapes.push_back(input.index ? result.arguments.index[indices++].shape
                                   : result.arguments.real[reals++].shape);
    for (const Shape& output : operation.output_shapes(shapes, result.attributes))
      result.upstream.push_back(magnitudes_ == Magnitudes::wild && integer(0, 1) ? ones(output)
                                                                                 : tensor(output));
    return result;
  }

 private:
  static Tensor<F> ones(const Shape& shape) { return {shape, std::vector<F>(element_count(shape), F(1))}; }

  static bool drawn_by_hand(std::string_view operation) {
    constexpr std::string_view names[] = {
        "add",     "affine",      "l2_penalty", "leaky_relu",           "relu", "sigmoid", "tanh",
        "softmax", "log_softmax", "logsumexp",  "softmax_cross_entropy"};
    return std::ranges::find(names, operation) != std::end(names);
  }

  /// Shapes and attributes of a sample; wild numbers only where every number is sensible.
  FloatCase<F> sampled(const Operation& operation) {
    const Sample& sample = operation.samples.at(integer(0, operation.samples.size() - 1));
    FloatCase<F> result{{}, sample.attributes, {}};
    for (std::size_t k = 0; k < operation.inputs.size(); ++k) {
      const InputSpec& input = operation.inputs[k];
      if (input.index)
        result.arguments.index.push_back(indices(input, sample, sample.inputs[k]));
      else
        result.arguments.real.push_back(is_default(input.range) ? tensor(sample.inputs[k])
                                                                : within(input.range, sample.inputs[k]));
    }
    return result;
  }

  static bool is_default(const Range& range) {
    return range.low == Range{}.low && range.high == Range{}.high;
  }

  Tensor<F> within(const Range& range, const Shape& shape) {
    Tensor<F> result(shape);
    for (F& element : result.data)
      element = static_cast<F>(std::uniform_real_distribution<>(range.low, range.high)(random_));
    return result;
  }

  IndexTensor indices(const InputSpec& input, const Sample& sample, const Shape& shape) {
    IndexTensor result(shape);
    for (auto& index : result.data)
      index = input.values.empty()
                  ? static_cast<std::int64_t>(integer(0, static_cast<std::size_t>(sample.classes) - 1))
                  : input.values[integer(0, input.values.size() - 1)];
    return result;
  }

  FloatCase<F> inputs_of(std::string_view operation) {
    const std::size_t fewest =
        magnitudes_ == Magnitudes::wild ? 1 : 2;  // one class has gradient 0 everywhere
    const std::size_t n = integer(1, 4), c = integer(0, 9) ? integer(fewest, 8) : integer(20, 60);
    if (operation == "add") return {{{tensor({n, c}), tensor({n, c})}, {}}};
    if (operation == "affine") {
      const std::size_t d = c, columns = integer(1, 3);
      return {{{tensor({n, d}), tensor({d, columns}), tensor({columns})}, {}}};
    }
    if (operation == "l2_penalty")
      return {{{tensor({n, c}), tensor({})}, {}}, {{"scale", integer(0, 1) ? "1" : "1/2"}}};
    if (operation == "softmax_cross_entropy") {
      IndexTensor labels(Shape{n});
      for (auto& label : labels.data) label = static_cast<std::int64_t>(integer(0, c - 1));
      const std::vector<std::string> reductions = {"none", "mean", "sum"};
      return {{{tensor({n, c}, true), Tensor<F>(absent)}, {labels}},
              {{"reduction", reductions[integer(0, 2)]}}};
    }
    const bool exponential = operation.find("softmax") != operation.npos || operation == "logsumexp";
    return {{{tensor({n, c}, exponential)}, {}}};
  }

  std::mt19937_64 random_;
  Magnitudes magnitudes_;
};

struct Usage {
  double largest_ratio = 0;
  std::string style = {};
  std::size_t elements = 0, vacuous = 0;
};

/// Truth and allowance of each element of one call.
class Judge {
 public:
  /// `evaluate` must compute its balls anew on every call.
  Judge(const auto& evaluate, const Format& format) {
    Tensors<Ball> evaluation;
    {
      const FormatScope scope(format);
      evaluation = evaluate();
    }
    const PrecisionScope scope(truth_bits);
    truth_ = evaluate();
    for (std::size_t k = 0; k < truth_.size(); ++k)
      for (std::size_t i = 0; i < truth_[k].size(); ++i)
        allowances_.push_back(allowance(evaluation[k][i], truth_[k][i], Rational(2), format));
  }

  /// Adds what one result uses of the allowance; the largest ratio of its elements is returned.
  template <class F>
  double add(const Tensors<F>& result, const std::string& style, Usage& usage) const {
    const PrecisionScope scope(truth_bits);
    double largest = 0;
    auto bound = allowances_.begin();
    for (std::size_t k = 0; k < truth_.size(); ++k)
      for (std::size_t i = 0; i < truth_[k].size(); ++i, ++bound) {
        ++usage.elements;
        usage.vacuous += bound->vacuous;
        largest = std::max(largest, judged(static_cast<double>(result[k][i]), truth_[k][i], *bound));
      }
    if (largest > usage.largest_ratio) {
      usage.largest_ratio = largest;
      usage.style = style;
    }
    return largest;
  }

 private:
  /// Where inputs tie, as clamped ones do, every number of a subdifferential is right.
  static double judged(double got, const Ball& truth, const Allowance& bound) {
    const bool is_set = radius_double(truth) > std::ldexp(std::fabs(midpoint_double(truth)), -100);
    return is_set ? judge_set(got, truth, bound).ratio : judge(got, truth, bound).ratio;
  }

  Tensors<Ball> truth_;
  std::vector<Allowance> allowances_;
};

template <class F>
const Evaluator<F>& float_evaluator(const Operation& operation) {
  if constexpr (std::is_same_v<F, float>)
    return operation.float32;
  else
    return operation.float64;
}

/// Per operation and direction ("softmax", "softmax'"): the honest style that used the largest share.
template <class F>
std::map<std::string, Usage> survey(std::uint64_t seed, std::size_t cases, Magnitudes magnitudes) {
  const HonestList<F> honest;
  std::map<std::string, Usage> result;
  for (const Operation& operation : catalogue()) {
    FloatCaseGenerator<F> generator(seed, magnitudes);
    for (std::size_t i = 0; i < cases; ++i) {
      const FloatCase<F> c = generator.call(operation);
      const Arguments<Ball> exact{converted<Ball>(c.arguments.real), c.arguments.index};
      const auto upstream = converted<Ball>(c.upstream);
      const std::string name(operation.name);
      const Judge forward([&] { return operation.ball.forward(exact, c.attributes); }, format_of<F>);
      const Evaluator<F>& textbook = float_evaluator<F>(operation);
      forward.add(textbook.forward(c.arguments, c.attributes), "textbook", result[name]);
      for (const Honest<F>& way : honest.all)
        if (way.operation == operation.name && way.forward)
          forward.add(way.forward(c.arguments, c.attributes), way.style, result[name]);
      if (!textbook.vjp) continue;
      const Judge vjp([&] { return operation.ball.vjp(exact, upstream, c.attributes); }, format_of<F>);
      vjp.add(textbook.vjp(c.arguments, c.upstream, c.attributes), "textbook", result[name + "'"]);
      for (const Honest<F>& way : honest.all)
        if (way.operation == operation.name && way.vjp)
          vjp.add(way.vjp(c.arguments, c.upstream, c.attributes), way.style, result[name + "'"]);
    }
  }
  return result;
}

}  // namespace assay::oracles::testing
