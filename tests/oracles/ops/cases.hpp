/// Seeded random calls of operations: dyadic numbers, so that each becomes a Rational, Ball, double or float
/// exactly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
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

class CaseGenerator {
 public:
  explicit CaseGenerator(std::uint64_t seed) : random_(seed) {}

  /// low .. high, both included.
  std::size_t integer(std::size_t low, std::size_t high) {
    return std::uniform_int_distribution<std::size_t>(low, high)(random_);
  }

  /// An odd multiple of 1/16 in (-5, 5): never 0, so no kink is met by chance.
  Rational number() { return Rational(2 * static_cast<int>(integer(0, 79)) - 79) / 16; }

  Tensor<Rational> tensor(const Shape& shape) {
    Tensor<Rational> result(shape);
    for (Rational& element : result.data) element = number();
    return result;
  }

  Shape shape(std::size_t lowest_rank, std::size_t highest_rank) {
    Shape result(integer(lowest_rank, highest_rank));
    for (std::size_t& extent : result) extent = integer(1, 4);
    return result;
  }

  /// A random call of any operation of the catalogue.
  Case call(const Operation& operation) {
    Case result = inputs_of(operation.name);
    const Shapes outputs =
        operation.output_shapes(input_shapes(operation, result.arguments), result.attributes);
    for (const Shape& output : outputs) result.upstream.push_back(tensor(output));
    return result;
  }

 private:
  Case inputs_of(std::string_view operation) {
    if (operation == "add") {
      const Shape both = shape(0, 3);
      return {{{tensor(both), tensor(both)}, {}}};
    }
    if (operation == "affine") {
      const std::size_t n = integer(1, 4), d = integer(1, 4), c = integer(1, 4);
      return {{{tensor({n, d}), tensor({d, c}), tensor({c})}, {}}};
    }
    if (operation == "l2_penalty")
      return {{{tensor(shape(0, 3)), tensor({})}, {}}, {{"scale", integer(0, 1) ? "1" : "1/2"}}};
    if (operation == "leaky_relu")
      return {{{tensor(shape(0, 3))}, {}}, {{"alpha", integer(0, 1) ? "0.01" : "1/3"}}};
    if (operation == "softmax_cross_entropy") return cross_entropy();
    if (operation == "softmax" || operation == "log_softmax" || operation == "logsumexp") return along_axis();
    return {{{tensor(shape(0, 3))}, {}}};
  }

  Case along_axis() {
    const Shape extents = shape(1, 3);
    const auto axis = static_cast<std::int64_t>(integer(0, 2 * extents.size() - 1));
    return {{{tensor(extents)}, {}},
            {{"axis", std::to_string(axis - static_cast<std::int64_t>(extents.size()))}}};
  }

  Case cross_entropy() {
    const std::size_t rows = integer(1, 4), classes = integer(1, 5);
    IndexTensor labels(Shape{rows});
    for (std::int64_t& label : labels.data) label = static_cast<std::int64_t>(integer(0, classes - 1));
    const std::vector<std::string> reductions = {"none", "mean", "sum"};
    return {{{tensor({rows, classes})}, {labels}}, {{"reduction", reductions[integer(0, 2)]}}};
  }

  std::mt19937_64 random_;
};

}  // namespace assay::oracles::testing
