#include "oracles/misconceptions/losses.hpp"
#include "oracles/ops/hinge.hpp"
#include "oracles/ops/huber_hinge.hpp"
#include "oracles/ops/smooth_hinge.hpp"
#include "oracles/ops/squared_hinge.hpp"

namespace assay::oracles::mistakes {

namespace {

using namespace ops;
namespace detail = ops::detail;

template <class Op>
struct NoMargin {
  static constexpr std::string_view operation = Op::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    return Op::forward(a, with(s, "margin", "0"));
  }
};

struct MarginOfOne {
  static constexpr std::string_view operation = "hinge";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    return Hinge::forward(a, with(s, "margin", "1"));
  }
};

/// The sum runs over the label too, whose term is max(0, Δ).
struct LabelCounted {
  static constexpr std::string_view operation = "hinge";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    const auto classes = static_cast<int>(a.real[0].shape[1]);
    const bool shared = choice_attribute(s, detail::over_classes_attribute) == 1;
    Rational extra = rational_attribute(s, detail::margin_attribute) / (shared ? classes : 1);
    if (s.contains("reduction") && s.at("reduction") == "sum") extra *= static_cast<int>(a.real[0].shape[0]);
    Tensor<T> loss = Hinge::forward(a, s)[0];
    for (T& element : loss.data) element += from_rational<T>(extra);
    return {loss};
  }
};

/// Of the label −1 (or −1/N), however many classes violate the margin, none among them.
Tensors<Ball> label_minus_one(In a, Up u, Set s) {
  Tensors<Ball> right = right_vjp("hinge", a, u, s);
  const std::size_t rows = right[0].shape[0];
  const bool shared = choice_attribute(s, detail::over_classes_attribute) == 1;
  const Ball each = Ball(-1) / (shared ? static_cast<int>(right[0].shape[1]) : 1);
  for (std::size_t n = 0; n < rows; ++n)
    right[0](n, static_cast<std::size_t>(a.index[0][n])) =
        detail::row_cotangent(each, u[0], detail::reduction_of("hinge", s), n, rows);
  return right;
}

template <class Op>
Tensors<Ball> label_untouched(In a, Up u, Set s) {
  Tensors<Ball> right = right_vjp(Op::name, a, u, s);
  for (std::size_t n = 0; n < right[0].shape[0]; ++n)
    right[0](n, static_cast<std::size_t>(a.index[0][n])) = Ball(0);
  return right;
}

/// Huber hinges of another shape.
template <class Op>
struct OtherHuberHinge : detail::MarginLoss<Op> {
  static constexpr std::string_view name = "huber_hinge", operation = name;
  template <class T>
  static std::tuple<T, T, T> parameters(const Attributes& attributes) {
    return HuberHinge::parameters<T>(attributes);
  }
};

/// a (d + Δ)² below the margin too, as a student once answered.
struct NoMaximum : OtherHuberHinge<NoMaximum> {
  template <class T>
  static T value(const T& d, const T& a, const T& b, const T& margin) {
    return select(less_equal(d, T(0)), T(a * square(T(d + margin))), T(b * (d + margin / T(2))));
  }
};

/// b (d + Δ) for b (d + Δ/2).
struct WholeMargin : OtherHuberHinge<WholeMargin> {
  template <class T>
  static T value(const T& d, const T& a, const T& b, const T& margin) {
    return select(less_equal(d, T(0)), T(a * square(T(relu(T(d + margin))))), T(b * (d + margin)));
  }
};

struct SquareOnly {
  static constexpr std::string_view operation = "huber_hinge";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    Attributes settings = s;
    settings.erase("a");
    settings.erase("b");
    return {scaled(SquaredHinge::forward(a, settings)[0], rational_attribute(s, HuberHinge::a_attribute))};
  }
};

/// (Σ max(0, ·))² of each row.
struct SquareOfTheSum {
  static constexpr std::string_view operation = "squared_hinge";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    Tensor<T> rows = Hinge::forward(a, with(s, "reduction", "none"))[0];
    for (T& row : rows.data) row = square(row);
    return {detail::reduced(rows, detail::reduction_of("squared_hinge", s))};
  }
};

/// The margin is added to the label as well, and cancels.
struct MarginCancels {
  static constexpr std::string_view operation = "smooth_hinge";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    return SmoothHinge::forward(a, with(s, "margin", "0"));
  }
};

/// Σⱼ over all classes beside exp(s_y − Δ): the label is counted twice.
struct LabelCountedTwice {
  static constexpr std::string_view operation = "smooth_hinge";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    const Tensor<T>& scores = a.real[0];
    const T margin = real_attribute<T>(s, detail::margin_attribute);
    Tensor<T> rows(Shape{scores.shape[0]});
    for (std::size_t n = 0; n < rows.size(); ++n) {
      const T& own = scores(n, static_cast<std::size_t>(a.index[0][n]));
      T total = exp(own - margin);
      for (std::size_t j = 0; j < scores.shape[1]; ++j) total += exp(scores(n, j));
      rows[n] = log(total) - own + margin;
    }
    return {detail::reduced(rows, detail::reduction_of("smooth_hinge", s))};
  }
};

}  // namespace

std::vector<Misconception> margin_losses() {
  return {
      wrong_gradient(
          "hinge.gradient.label_minus_one",
          "subtracts one from the label's gradient, not one for each class that violates the margin",
          label_minus_one),
      wrong_gradient("hinge.gradient.label_untouched", "gives the label's score no gradient",
                     label_untouched<Hinge>),
      wrong_gradient("hinge.gradient.no_mean", "forgets the 1/N of the mean", without_mean<Hinge>),
      wrong_operation<LabelCounted>(
          "hinge.label_counted", "counts the label as a wrong class: each loss is too large by the margin"),
      wrong_operation<MeanIsSum<Hinge>>("hinge.mean_is_sum",
                                        "sums over the batch where the mean is asked for"),
      wrong_operation<MarginOfOne>("hinge.margin_of_one", "has a margin of 1, whatever is asked for"),
      wrong_operation<NoMargin<Hinge>>("hinge.no_margin", "forgets the margin"),
      wrong_gradient("huber_hinge.gradient.no_mean", "forgets the 1/N of the mean", without_mean<HuberHinge>),
      wrong_operation<MeanIsSum<HuberHinge>>("huber_hinge.mean_is_sum",
                                             "sums over the batch where the mean is asked for"),
      wrong_operation<WholeMargin>("huber_hinge.whole_margin",
                                   "adds the whole margin in the line, not half of it"),
      wrong_gradient("huber_hinge.gradient.label_untouched", "gives the label's score no gradient",
                     label_untouched<HuberHinge>),
      wrong_operation<NoMaximum>("huber_hinge.no_maximum",
                                 "squares below the margin too, where nothing should be lost"),
      wrong_operation<SquareOnly>("huber_hinge.square_only", "squares beyond the tie of scores too"),
      wrong_gradient("smooth_hinge.gradient.label_untouched", "gives the label's score no gradient",
                     label_untouched<SmoothHinge>),
      wrong_operation<LabelCountedTwice>("smooth_hinge.label_counted_twice",
                                         "sums over all classes beside the label's own term"),
      wrong_operation<MarginCancels>("smooth_hinge.margin_cancels",
                                     "adds the margin to the label's score too, so that it cancels"),
      wrong_gradient("squared_hinge.gradient.label_untouched", "gives the label's score no gradient",
                     label_untouched<SquaredHinge>),
      wrong_gradient("squared_hinge.gradient.no_two", "forgets the factor 2 of the square",
                     halved_gradient<SquaredHinge>),
      wrong_operation<NoMargin<SquaredHinge>>("squared_hinge.no_margin", "forgets the margin"),
      wrong_operation<SquareOfTheSum>("squared_hinge.square_of_sum",
                                      "squares the sum over the classes, not each term"),
  };
}

}  // namespace assay::oracles::mistakes
