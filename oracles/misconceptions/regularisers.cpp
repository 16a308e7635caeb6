#include "oracles/attribute_access.hpp"
#include "oracles/misconceptions/normalisation.hpp"
#include "oracles/ops/detail/euclidean_norm.hpp"
#include "oracles/ops/detail/shrink.hpp"
#include "oracles/ops/diagonal_lasso.hpp"
#include "oracles/ops/dropout.hpp"
#include "oracles/ops/l1_penalty.hpp"
#include "oracles/ops/l2_penalty.hpp"
#include "oracles/ops/soft_threshold.hpp"

namespace assay::oracles::mistakes {

namespace {

struct DropsInInference {
  static constexpr std::string_view operation = "dropout";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, Attributes attributes) {
    attributes["training"] = "true";
    return ops::Dropout::forward(a, attributes);
  }
};

/// Scaled in training for classic, in inference for inverted.
struct ScaledAtTheOtherTime {
  static constexpr std::string_view operation = "dropout";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, Attributes attributes) {
    const bool inverted = choice_attribute(attributes, ops::Dropout::mode_attribute) == 0;
    attributes["mode"] = inverted ? "classic" : "inverted";
    return ops::Dropout::forward(a, attributes);
  }
};

struct NeverScaled {
  static constexpr std::string_view operation = "dropout";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& attributes) {
    const bool training = flag_attribute(attributes, ops::Dropout::training_attribute);
    return ops::Dropout::forward(a, with(attributes, "mode", training ? "classic" : "inverted"));
  }
};

struct ProbabilityToKeep {
  static constexpr std::string_view operation = "dropout";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, Attributes attributes) {
    attributes["p"] = Rational(1 - rational_attribute(attributes, ops::Dropout::p_attribute)).str();
    return ops::Dropout::forward(a, attributes);
  }
};

Tensors<Ball> mask_forgotten(In a, Up u, Set s) {
  Arguments<Ball> kept = a;
  for (std::size_t i = 0; i < kept.index[0].size(); ++i) kept.index[0][i] = 1;
  return right_vjp("dropout", kept, u, s);
}

/// The first gradient is the upstream one, also where the value is 0.
Tensors<Ball> passes_everywhere(std::string_view operation, In a, Up u, Set s) {
  Tensors<Ball> right = right_vjp(operation, a, u, s);
  right[0] = u[0];
  return right;
}

/// Beyond the threshold as it is.
struct HardThreshold {
  static constexpr std::string_view operation = "soft_threshold";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes&) {
    Tensor<T> y = a.real[0];
    for (T& x : y.data) x = select(less(a.real[1][0], T(abs(x))), x, T(0));
    return {y};
  }
};

/// The threshold is the strength itself.
struct StrengthNotDivided {
  static constexpr std::string_view operation = "diagonal_lasso";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes&) {
    Tensor<T> w = a.real[0];
    for (T& x : w.data) x = ops::detail::shrunk(x, a.real[2][0]);
    return {w};
  }
};

struct SquaresForMagnitudes {
  static constexpr std::string_view operation = "l1_penalty";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes&) {
    const Tensor<T>& w = a.real[0];
    return {Tensor<T>::scalar(T(a.real[1][0] * dot(w.data, w.data)))};
  }
};

struct LeftOut {
  static constexpr std::string_view operation = "l2_penalty";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes&) {
    return {Tensor<T>::scalar(T(a.real[1][0] * T(0)))};
  }
};

struct SumForMagnitudes {
  static constexpr std::string_view operation = "l1_penalty";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes&) {
    return {Tensor<T>::scalar(T(a.real[1][0] * sum(a.real[0].data)))};
  }
};

struct LengthForSquares {
  static constexpr std::string_view operation = "l2_penalty";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    const Tensor<T>& w = a.real[0];
    const T scale = real_attribute<T>(s, ops::L2Penalty::scale_attribute);
    return {Tensor<T>::scalar(T(scale * a.real[1][0] * sqrt(T(dot(w.data, w.data)))))};
  }
};

}  // namespace

std::vector<Misconception> regularisers() {
  constexpr std::string_view everywhere = "lets the gradient pass below the threshold, where the value is 0";
  return {
      wrong_gradient("diagonal_lasso.gradient.passes_everywhere", everywhere,
                     [](In a, Up u, Set s) { return passes_everywhere("diagonal_lasso", a, u, s); }),
      wrong_operation<StrengthNotDivided>("diagonal_lasso.strength_not_divided",
                                          "does not divide the strength by the curvature"),
      wrong_operation<DropsInInference>("dropout.drops_in_inference", "drops elements in inference too"),
      wrong_gradient("dropout.gradient.mask_forgotten",
                     "lets the gradient pass to elements that were dropped", mask_forgotten),
      wrong_operation<NeverScaled>("dropout.not_scaled",
                                   "forgets to scale: what is kept has another mean than without dropout"),
      wrong_operation<ProbabilityToKeep>("dropout.probability_to_keep",
                                         "takes p for the probability to keep an element, not to drop it"),
      wrong_operation<ScaledAtTheOtherTime>(
          "dropout.scaled_at_the_other_time",
          "scales in inference where training should, or in training where inference should"),
      wrong_gradient("l1_penalty.gradient.no_sign", "forgets the sign: every weight gets the strength",
                     [](In a, Up u, Set s) {
                       Tensors<Ball> right = right_vjp("l1_penalty", a, u, s);
                       for (Ball& element : right[0].data) element = a.real[1][0] * u[0][0];
                       return right;
                     }),
      wrong_operation<SumForMagnitudes>("l1_penalty.no_magnitude",
                                        "sums the weights, where their magnitudes are asked for"),
      wrong_operation<SquaresForMagnitudes>("l1_penalty.squares",
                                            "sums squares, where magnitudes are asked for"),
      wrong_gradient("l2_penalty.gradient.no_two", "forgets the factor 2 of the square",
                     [](In a, Up u, Set s) {
                       Tensors<Ball> right = right_vjp("l2_penalty", a, u, s);
                       for (Ball& element : right[0].data) element /= 2;
                       return right;
                     }),
      wrong_operation<LeftOut>("l2_penalty.left_out", "leaves the penalty out"),
      wrong_operation<LengthForSquares>("l2_penalty.length",
                                        "takes the length, where its square is asked for"),
      wrong_gradient("soft_threshold.gradient.passes_everywhere", everywhere,
                     [](In a, Up u, Set s) { return passes_everywhere("soft_threshold", a, u, s); }),
      wrong_operation<HardThreshold>("soft_threshold.hard",
                                     "leaves numbers beyond the threshold as they are"),
  };
}

}  // namespace assay::oracles::mistakes
