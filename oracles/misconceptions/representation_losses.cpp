#include "oracles/misconceptions/losses.hpp"
#include "oracles/ops/cosine_similarity.hpp"
#include "oracles/ops/glove.hpp"
#include "oracles/ops/hinge_embedding.hpp"
#include "oracles/ops/triplet_margin.hpp"
#include "oracles/ops/zero_one.hpp"

namespace assay::oracles::mistakes {

namespace {

using namespace ops;
namespace detail = ops::detail;

/// Divided by the length of x₁ alone.
struct OneLengthForgotten {
  static constexpr std::string_view operation = "cosine_similarity";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    const Tensor<T>& x2 = a.real[1];
    Tensor<T> result = CosineSimilarity::forward(a, s)[0];
    std::size_t element = 0;
    for (const detail::Line& line :
         detail::lines(x2.shape, detail::axis_of("cosine_similarity", "x2", x2.shape, s))) {
      const std::vector<T> values = detail::take(x2, line);
      result[element++] *= detail::norm_at_least(std::span<const T>(values), T(0));
    }
    return {result};
  }
};

/// x₂ / (‖x₁‖‖x₂‖): the lengths as constants.
struct LengthsDetached {
  static constexpr std::string_view operation = "cosine_similarity";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes&) {
    const Tensor<T>&x1 = a.real[0], &x2 = a.real[1];
    Tensor<T> result(Shape{x1.shape[0]});
    for (std::size_t n = 0; n < x1.shape[0]; ++n) {
      const auto own = std::span(x1.data).subspan(n * x1.shape[1], x1.shape[1]);
      const auto other = std::span(x2.data).subspan(n * x1.shape[1], x1.shape[1]);
      const T lengths = T(detail::norm_at_least(std::span<const T>(own), T(0)) *
                          detail::norm_at_least(std::span<const T>(other), T(0)));
      result[n] = dot(own, other) / detach(lengths);
    }
    return {result};
  }
};

Tensors<Ball> lengths_as_constants(In a, Up u, Set s) {
  if (!s.empty()) return right_vjp("cosine_similarity", a, u, s);
  return tape_vjp<LengthsDetached>(operation_named(LengthsDetached::operation), a, u, s);
}

/// f(x) = (x / x_max)^α for frequent pairs too: that of a larger x_max that no count reaches, scaled back.
struct NotCapped {
  static constexpr std::string_view operation = "glove";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    const Tensors<T> right = Glove::forward(a, s);
    if (choice_attribute(s, Glove::weighting_attribute) == 1) return right;
    const Attributes far = with(s, "x_max", "1000000");
    const T factor = pow(T(T(1000000) / real_attribute<T>(s, Glove::x_max_attribute)),
                         real_attribute<T>(s, Glove::alpha_attribute));
    return {Tensor<T>::scalar(T(Glove::forward(a, far)[0][0] * factor))};
  }
};

struct LogarithmForgotten {
  static constexpr std::string_view operation = "glove";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    const Tensor<T>&words = a.real[0], &contexts = a.real[1];
    T total = T(0);
    for (std::size_t i = 0; i < words.shape[0]; ++i)
      for (std::size_t j = 0; j < contexts.shape[0]; ++j) {
        T error = -a.real[2](i, j);
        for (std::size_t k = 0; k < words.shape[1]; ++k) error += words(i, k) * contexts(j, k);
        if (a.real[3].shape != absent) error += a.real[3][i];
        if (a.real[4].shape != absent) error += a.real[4][j];
        const T share = a.real[2](i, j) / real_attribute<T>(s, Glove::x_max_attribute);
        const T power = pow(share, real_attribute<T>(s, Glove::alpha_attribute));
        const bool capped = choice_attribute(s, Glove::weighting_attribute) == 0;
        total += (capped ? T(min(power, T(1))) : T(1)) * error * error;
      }
    return {Tensor<T>::scalar(total)};
  }
};

struct TargetsSwapped {
  static constexpr std::string_view operation = "hinge_embedding";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    Arguments<T> swapped = a;
    for (std::int64_t& target : swapped.index[0].data) target = -target;
    return HingeEmbedding::forward(swapped, s);
  }
};

Tensors<Ball> dissimilar_without_sign(In a, Up u, Set s) {
  Tensors<Ball> right = right_vjp("hinge_embedding", a, u, s);
  for (std::size_t i = 0; i < right[0].size(); ++i)
    if (a.index[0][i] < 0) right[0][i] = -right[0][i];
  return right;
}

struct MarginSubtracted {
  static constexpr std::string_view operation = "triplet_margin";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    const Rational margin = rational_attribute(s, TripletMargin::margin_attribute);
    return TripletMargin::forward(a, with(s, "margin", Rational(-margin).str()));
  }
};

struct PositiveAndNegativeSwapped {
  static constexpr std::string_view operation = "triplet_margin";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    return TripletMargin::forward(Arguments<T>{{a.real[0], a.real[2], a.real[1]}, {}}, s);
  }
};

struct SquaredDistances {
  static constexpr std::string_view operation = "triplet_margin";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    const Tensor<T>& anchor = a.real[0];
    Tensor<T> rows(Shape{anchor.shape[0]});
    for (std::size_t n = 0; n < rows.size(); ++n) {
      T total = real_attribute<T>(s, TripletMargin::margin_attribute);
      for (std::size_t k = 0; k < anchor.shape[1]; ++k)
        total += square(T(anchor(n, k) - a.real[1](n, k))) - square(T(anchor(n, k) - a.real[2](n, k)));
      rows[n] = relu(total);
    }
    return {detail::reduced(rows, detail::reduction_of("triplet_margin", s))};
  }
};

Tensors<Ball> anchor_only(In a, Up u, Set s) {
  Tensors<Ball> right = right_vjp("triplet_margin", a, u, s);
  for (const std::size_t k : {1u, 2u})
    for (Ball& element : right[k].data) element = Ball(0);
  return right;
}

}  // namespace

std::vector<Misconception> representation_losses() {
  return {
      wrong_gradient("cosine_similarity.gradient.lengths_constant",
                     "takes the lengths of the vectors for constants", lengths_as_constants),
      wrong_operation<OneLengthForgotten>("cosine_similarity.one_length_forgotten",
                                          "divides by the length of one vector only"),
      wrong_gradient("glove.gradient.no_two", "forgets the factor 2 of the square", halved_gradient<Glove>),
      wrong_operation<LogarithmForgotten>("glove.logarithm_forgotten",
                                          "compares with the counts, not with their logarithms"),
      wrong_operation<NotCapped>("glove.not_capped", "lets the weights of frequent pairs grow beyond 1"),
      wrong_gradient("hinge_embedding.gradient.sign_of_dissimilar",
                     "has the wrong sign for dissimilar pairs, which then attract each other",
                     dissimilar_without_sign),
      wrong_operation<TargetsSwapped>("hinge_embedding.targets_swapped",
                                      "takes similar pairs for dissimilar ones and the reverse"),
      wrong_gradient("triplet_margin.gradient.anchor_only",
                     "gives the positives and the negatives no gradient", anchor_only),
      wrong_operation<MarginSubtracted>("triplet_margin.margin_subtracted",
                                        "subtracts the margin where it is added"),
      wrong_operation<PositiveAndNegativeSwapped>("triplet_margin.positive_and_negative_swapped",
                                                  "pulls the negative nearer and pushes the positive away"),
      wrong_operation<SquaredDistances>("triplet_margin.squared_distances", "compares squared distances"),
      wrong_result("zero_one.signs_swapped", "counts the scores of the right sign",
                   [](In a, Set s) {
                     Arguments<Ball> swapped = a;
                     for (Ball& score : swapped.real[0].data) score = -score;
                     return right_forward("zero_one", swapped, s);
                   }),
      wrong_result("zero_one.targets_ignored", "reads the sign of the score alone, as if each target were 1",
                   [](In a, Set s) {
                     Arguments<Ball> positive = a;
                     for (std::int64_t& target : positive.index[0].data) target = 1;
                     return right_forward("zero_one", positive, s);
                   }),
  };
}

}  // namespace assay::oracles::mistakes
