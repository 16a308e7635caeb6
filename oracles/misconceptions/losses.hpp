/// The mistakes in losses, by kind of loss; each list belongs to the family `losses`.
#pragma once

#include "oracles/misconceptions/mistaken.hpp"

namespace assay::oracles::mistakes {

std::vector<Misconception> classification_losses();
std::vector<Misconception> binary_losses();
std::vector<Misconception> margin_losses();
std::vector<Misconception> regression_losses();
std::vector<Misconception> representation_losses();

inline bool is_mean(const Attributes& attributes) {
  const auto found = attributes.find("reduction");
  return found == attributes.end() || found->second == "mean";
}

/// Every element times a factor.
template <class T>
Tensor<T> scaled(Tensor<T> tensor, const Rational& factor) {
  for (T& element : tensor.data) element *= from_rational<T>(factor);
  return tensor;
}

inline Tensors<Ball> scaled(Tensors<Ball> tensors, const Rational& factor) {
  for (auto& tensor : tensors) tensor = scaled(std::move(tensor), factor);
  return tensors;
}

/// The sum where the mean is asked for.
template <class Op>
struct MeanIsSum {
  static constexpr std::string_view operation = Op::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    return Op::forward(a, is_mean(s) ? with(s, "reduction", "sum") : s);
  }
};

/// The mean over the first extent where it is asked for over all elements.
template <class Op>
struct MeanOverRows {
  static constexpr std::string_view operation = Op::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    const Shape& shape = a.real[0].shape;
    if (!is_mean(s) || shape.empty()) return Op::forward(a, s);
    const Tensors<T> total = Op::forward(a, with(s, "reduction", "sum"));
    return {scaled(total[0], Rational(1) / static_cast<int>(shape[0]))};
  }
};

/// The mean over all elements where it is asked for over the rows of a matrix.
template <class Op>
struct MeanOverElements {
  static constexpr std::string_view operation = Op::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    const Tensors<T> right = Op::forward(a, s);
    if (!is_mean(s)) return right;
    return {scaled(right[0], Rational(1) / static_cast<int>(a.real[0].shape[1]))};
  }
};

template <class Op>
struct Negated {
  static constexpr std::string_view operation = Op::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    return {scaled(Op::forward(a, s)[0], -1)};
  }
};

/// The right gradient without the 1/N of the mean.
template <class Op>
Tensors<Ball> without_mean(In a, Up u, Set s) {
  return right_vjp(Op::name, a, u, is_mean(s) ? with(s, "reduction", "sum") : s);
}

template <class Op>
Tensors<Ball> halved_gradient(In a, Up u, Set s) {
  return scaled(right_vjp(Op::name, a, u, s), Rational(1) / 2);
}

template <class Op>
Tensors<Ball> negated_gradient(In a, Up u, Set s) {
  return scaled(right_vjp(Op::name, a, u, s), -1);
}

}  // namespace assay::oracles::mistakes
