/// Seeded random calls of operations, with the shapes and attributes of their samples.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "oracles/catalogue.hpp"
#include "oracles/operation.hpp"

namespace assay::oracles::testing {

/// One call: inputs, attributes, and an upstream gradient for each output.
struct Case {
  Arguments<Rational> arguments;
  Attributes attributes = {};
  Tensors<Rational> upstream = {};
};

template <class T>
Tensor<T> as(const Tensor<Rational>& exact) {
  Tensor<T> result(exact.shape);
  for (std::size_t i = 0; i < exact.size(); ++i) result[i] = from_rational<T>(exact[i]);
  return result;
}

template <class T>
Tensors<T> as(const Tensors<Rational>& exact) {
  Tensors<T> result;
  for (const Tensor<Rational>& tensor : exact) result.push_back(as<T>(tensor));
  return result;
}

template <class T>
Arguments<T> as(const Arguments<Rational>& exact) {
  return {as<T>(exact.real), exact.index};
}

inline Shapes input_shapes(const Operation& operation, const Arguments<Rational>& arguments) {
  Shapes shapes;
  std::size_t reals = 0, indices = 0;
  for (const InputSpec& input : operation.inputs)
    shapes.push_back(input.index ? arguments.index[indices++].shape : arguments.real[reals++].shape);
  return shapes;
}

/// Numbers of an input's range that become Rational, Ball, double and float exactly. All those of one call
/// differ, and none is 0: no kink and no tie is met by chance.
class CaseGenerator {
 public:
  explicit CaseGenerator(std::uint64_t seed) : random_(seed) {}

  /// low .. high, both included.
  std::size_t integer(std::size_t low, std::size_t high) {
    return std::uniform_int_distribution<std::size_t>(low, high)(random_);
  }

  /// An odd multiple of a power of two within the range; a 16th of its width over 2^16 apart.
  Rational number(const Range& range = {}) {
    const int exponent = static_cast<int>(std::floor(std::log2((range.high - range.low) / (1 << 17))));
    const double step = std::ldexp(1, exponent);
    const auto low = static_cast<std::int64_t>(std::ceil(range.low / step / 2));
    const auto high = static_cast<std::int64_t>(std::floor(range.high / step / 2)) - 1;
    for (;;) {
      const std::int64_t half = std::uniform_int_distribution<std::int64_t>(low, high)(random_);
      const double value = static_cast<double>(2 * half + 1) * step;
      if (used_.insert(std::fabs(value)).second) return Rational(value);
    }
  }

  Tensor<Rational> tensor(const Shape& shape, const Range& range = {}) {
    Tensor<Rational> result(shape);
    for (Rational& element : result.data) element = number(range);
    return result;
  }

  /// A call with the shapes and attributes of a sample, and an upstream gradient.
  Case call(const Operation& operation, const Sample& sample) {
    used_.clear();
    Case result{{}, sample.attributes, {}};
    for (std::size_t k = 0; k < operation.inputs.size(); ++k) {
      const InputSpec& input = operation.inputs[k];
      if (input.index)
        result.arguments.index.push_back(indices(input, sample, sample.inputs.at(k)));
      else
        result.arguments.real.push_back(tensor(sample.inputs.at(k), input.range));
    }
    for (const Shape& output : operation.output_shapes(sample.inputs, sample.attributes))
      result.upstream.push_back(tensor(output));
    return result;
  }

  /// The i-th of a round through the samples of an operation.
  Case call(const Operation& operation, std::size_t i) {
    return call(operation, operation.samples.at(i % operation.samples.size()));
  }

 private:
  IndexTensor indices(const InputSpec& input, const Sample& sample, const Shape& shape) {
    IndexTensor result(shape);
    for (std::int64_t& index : result.data)
      index = input.values.empty()
                  ? static_cast<std::int64_t>(integer(0, static_cast<std::size_t>(sample.classes - 1)))
                  : input.values[integer(0, input.values.size() - 1)];
    return result;
  }

  std::mt19937_64 random_;
  std::set<double> used_;  // magnitudes
};

}  // namespace assay::oracles::testing
