/// From a function template over the scalar to an OwnFunction. Included by what graders/own/ generates around
/// a file of an assignment's author, and by nothing else: see own.hpp for what such a file may hold.
#pragma once

#include <concepts>
#include <cstdint>
#include <exception>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "oracles/own_function.hpp"
#include "oracles/tape.hpp"

namespace assay::oracles {
namespace own {

template <class S>
using Given = std::variant<Tensor<S>, IndexTensor>;

template <class>
inline constexpr bool never = false;

[[noreturn]] inline void refuse(std::size_t place, const std::string& needs, const std::string& got) {
  throw ShapeError("argument " + std::to_string(place + 1) + " needs " + needs + ", not " + got);
}

/// How one parameter is read: P without reference and const.
template <class P, class S>
struct Parameter {
  static_assert(
      never<P>,
      "a parameter of an oracle must be Tensor<Scalar>, Scalar, Labels or a whole number, by value or "
      "const reference");
};

template <class S>
struct Parameter<Tensor<S>, S> {
  static const Tensor<S>& read(const Given<S>& given, std::size_t place) {
    const auto* const real = std::get_if<Tensor<S>>(&given);
    if (!real) refuse(place, "real numbers", "labels");
    return *real;
  }
};

template <class S>
struct Parameter<S, S> {
  static const S& read(const Given<S>& given, std::size_t place) {
    const Tensor<S>& tensor = Parameter<Tensor<S>, S>::read(given, place);
    if (!tensor.shape.empty()) refuse(place, "a single number", "shape " + to_string(tensor.shape));
    return tensor.data[0];
  }
};

template <class S>
struct Parameter<IndexTensor, S> {
  static const IndexTensor& read(const Given<S>& given, std::size_t place) {
    const auto* const labels = std::get_if<IndexTensor>(&given);
    if (!labels) refuse(place, "labels", "real numbers");
    return *labels;
  }
};

template <std::integral P, class S>
struct Parameter<P, S> {
  static P read(const Given<S>& given, std::size_t place) {
    const IndexTensor& labels = Parameter<IndexTensor, S>::read(given, place);
    if (!labels.shape.empty()) refuse(place, "a single whole number", "shape " + to_string(labels.shape));
    if (!std::in_range<P>(labels.data[0]))
      refuse(place, "a whole number that fits", std::to_string(labels.data[0]));
    return static_cast<P>(labels.data[0]);
  }
};

/// What a template returns: one result, or a tuple of them.
template <class R, class S>
struct Results {
  static constexpr std::size_t count = 1;
  static Tensors<S> listed(R result) {
    if constexpr (std::same_as<R, Tensor<S>>) {
      return {std::move(result)};
    } else {
      static_assert(std::same_as<R, S>,
                    "an oracle must return Tensor<Scalar>, Scalar, or a std::tuple of those");
      return {Tensor<S>::scalar(std::move(result))};
    }
  }
};
template <class... R, class S>
struct Results<std::tuple<R...>, S> {
  static constexpr std::size_t count = sizeof...(R);
  static Tensors<S> listed(std::tuple<R...> results) {
    Tensors<S> all;
    std::apply([&](auto&... one) { (all.push_back(Results<R, S>::listed(std::move(one))[0]), ...); },
               results);
    return all;
  }
};

template <class S, class R, class... P, std::size_t... I>
Tensors<S> call(R (*function)(P...), const std::vector<Given<S>>& given, std::index_sequence<I...>) {
  return Results<std::remove_cvref_t<R>, S>::listed(
      function(Parameter<std::remove_cvref_t<P>, S>::read(given.at(I), I)...));
}
template <class S, class R, class... P>
Tensors<S> call(R (*function)(P...), const std::vector<Given<S>>& given) {
  return call<S>(function, given, std::index_sequence_for<P...>());
}

template <class R, class... P>
constexpr std::size_t parameter_count(R (*)(P...)) {
  return sizeof...(P);
}
template <class R, class... P>
constexpr std::size_t result_count(R (*)(P...)) {
  return Results<std::remove_cvref_t<R>, Ball>::count;
}

}  // namespace own

/// `F` has `name`, and `function<Scalar>`: the address of the template's instance for a scalar.
template <class F>
class OwnTemplate final : public OwnFunction {
 public:
  std::string name() const override { return F::name; }
  std::size_t inputs() const override { return own::parameter_count(F::template function<Ball>); }
  std::size_t outputs() const override { return own::result_count(F::template function<Ball>); }

  Values values(const Arguments& arguments) const override {
    return guarded([&] { return own::call<Ball>(F::template function<Ball>, arguments); });
  }

  Values gradients(const Arguments& arguments, const Values& upstream) const override {
    return guarded([&] { return swept(arguments, upstream); });
  }

 private:
  using Scalar = Var<Ball>;

  /// Whatever the author's code throws, with the function's name in front.
  template <class Compute>
  static Values guarded(const Compute& compute) {
    try {
      return compute();
    } catch (const ShapeError& error) {
      throw OwnFunctionError(std::string(F::name) + ": " + error.what());
    } catch (const std::exception& error) {
      throw OwnFunctionError(std::string(F::name) + " threw an exception: " + error.what());
    } catch (...) {
      throw OwnFunctionError(std::string(F::name) + " threw something that is no std::exception");
    }
  }

  static Values swept(const Arguments& arguments, const Values& upstream) {
    Tape<Ball> tape;
    std::vector<own::Given<Scalar>> variables;
    for (const Argument& argument : arguments) {
      if (const auto* const labels = std::get_if<IndexTensor>(&argument)) {
        variables.emplace_back(*labels);
        continue;
      }
      const auto& real = std::get<Tensor<Ball>>(argument);
      Tensor<Scalar> copy(real.shape);
      for (std::size_t i = 0; i < real.size(); ++i) copy[i] = tape.variable(real[i]);
      variables.emplace_back(std::move(copy));
    }
    std::vector<Scalar> outputs;
    std::vector<Ball> seeds;
    const Tensors<Scalar> results = own::call<Scalar>(F::template function<Scalar>, variables);
    for (std::size_t k = 0; k < results.size(); ++k) {
      if (results[k].shape != upstream.at(k).shape)
        throw ShapeError("the gradient needs shape " + to_string(upstream[k].shape) +
                         ", but on the tape result " + std::to_string(k + 1) + " has shape " +
                         to_string(results[k].shape));
      outputs.insert(outputs.end(), results[k].data.begin(), results[k].data.end());
      seeds.insert(seeds.end(), upstream[k].data.begin(), upstream[k].data.end());
    }
    const std::vector<Ball> cotangents = tape.cotangents(outputs, seeds);
    Values gradients;
    for (const own::Given<Scalar>& variable : variables) {
      const auto* const real = std::get_if<Tensor<Scalar>>(&variable);
      Tensor<Ball>& gradient = gradients.emplace_back(real ? real->shape : Shape{0});
      for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] = cotangents[real->data[i].node];
    }
    return gradients;
  }
};

}  // namespace assay::oracles
