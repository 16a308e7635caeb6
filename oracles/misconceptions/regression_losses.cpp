#include "oracles/misconceptions/losses.hpp"
#include "oracles/ops/huber.hpp"
#include "oracles/ops/l1.hpp"
#include "oracles/ops/mse.hpp"
#include "oracles/ops/smooth_l1.hpp"

namespace assay::oracles::mistakes {

namespace {

using namespace ops;
namespace detail = ops::detail;

struct Halved {
  static constexpr std::string_view operation = "mse";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    return {scaled(Mse::forward(a, s)[0], Rational(1) / 2)};
  }
};

/// The square root of the mean: RMSE.
struct Rooted {
  static constexpr std::string_view operation = "mse";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    Tensor<T> loss = Mse::forward(a, s)[0];
    for (T& element : loss.data) element = sqrt(element);
    return {loss};
  }
};

/// The other one of Huber and smooth L1: with β = δ they differ by that factor.
struct HuberScaling {
  static constexpr std::string_view operation = "smooth_l1";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    return {scaled(SmoothL1::forward(a, s)[0], rational_attribute(s, SmoothL1::beta_attribute))};
  }
};
struct SmoothL1Scaling {
  static constexpr std::string_view operation = "huber";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    return {scaled(Huber::forward(a, s)[0], 1 / rational_attribute(s, Huber::delta_attribute))};
  }
};

struct BetaNotDivided : detail::ElementwiseLoss<BetaNotDivided> {
  static constexpr std::string_view name = "smooth_l1", operation = name;
  template <class T>
  static std::tuple<T> parameters(const Attributes& attributes) {
    return SmoothL1::parameters<T>(attributes);
  }
  template <class T>
  static T value(const T& x, const T& t, const T& beta) {
    const T d = x - t;
    return select(less(T(abs(d)), beta), T(square(d) / T(2)), T(abs(d) - beta / T(2)));
  }
};

/// Slope 1 beyond δ.
struct LineOfSlopeOne : detail::ElementwiseLoss<LineOfSlopeOne> {
  static constexpr std::string_view name = "huber", operation = name;
  template <class T>
  static std::tuple<T> parameters(const Attributes& attributes) {
    return Huber::parameters<T>(attributes);
  }
  template <class T>
  static T value(const T& x, const T& t, const T& delta) {
    const T d = x - t;
    return select(less_equal(T(abs(d)), delta), T(square(d) / T(2)), T(abs(d) - delta / T(2)));
  }
};

template <class Op>
Tensors<Ball> target_with_same_sign(In a, Up u, Set s) {
  Tensors<Ball> right = right_vjp(Op::name, a, u, s);
  for (Ball& element : right[1].data) element = -element;
  return right;
}

/// x − t for its sign.
Tensors<Ball> difference_for_sign(In a, Up u, Set s) {
  Tensors<Ball> right = right_vjp("l1", a, u, s);
  for (auto& cotangent : right)
    for (std::size_t i = 0; i < cotangent.size(); ++i) cotangent[i] *= abs(Ball(a.real[0][i] - a.real[1][i]));
  return right;
}

}  // namespace

std::vector<Misconception> regression_losses() {
  return {
      wrong_gradient("huber.gradient.no_mean", "forgets the 1/N of the mean", without_mean<Huber>),
      wrong_operation<LineOfSlopeOne>(
          "huber.line_of_slope_one",
          "gives the line slope 1 in place of delta: it jumps where both pieces meet"),
      wrong_operation<SmoothL1Scaling>("huber.smooth_l1_scaling", "divides by delta, as smooth L1 does"),
      wrong_gradient("l1.gradient.difference", "uses the difference where its sign belongs",
                     difference_for_sign),
      wrong_gradient("l1.gradient.target_sign",
                     "gives the target the gradient of the input, not its negative",
                     target_with_same_sign<L1>),
      wrong_operation<MeanIsSum<L1>>("l1.mean_is_sum", "sums over the elements where the mean is asked for"),
      wrong_gradient("mse.gradient.no_mean", "forgets the 1/N of the mean", without_mean<Mse>),
      wrong_gradient("mse.gradient.no_two", "forgets the factor 2 of the square", halved_gradient<Mse>),
      wrong_gradient("mse.gradient.sign", "subtracts the prediction from the target", negated_gradient<Mse>),
      wrong_operation<Halved>("mse.halved", "adds a factor 1/2 that is not asked for"),
      wrong_operation<MeanIsSum<Mse>>("mse.mean_is_sum",
                                      "sums over the elements where the mean is asked for"),
      wrong_operation<MeanOverRows<Mse>>("mse.mean_over_rows",
                                         "divides by the number of rows where the elements are asked for"),
      wrong_operation<Rooted>("mse.rooted", "takes the square root of the mean"),
      wrong_operation<BetaNotDivided>("smooth_l1.beta_not_divided", "forgets to divide the square by beta"),
      wrong_gradient("smooth_l1.gradient.no_mean", "forgets the 1/N of the mean", without_mean<SmoothL1>),
      wrong_operation<HuberScaling>("smooth_l1.huber_scaling",
                                    "is larger by the factor beta, as Huber's loss is"),
  };
}

}  // namespace assay::oracles::mistakes
