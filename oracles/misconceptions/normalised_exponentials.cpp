#include "oracles/misconceptions/mistaken.hpp"
#include "oracles/ops/detail/shapes.hpp"
#include "oracles/ops/log_softmax.hpp"
#include "oracles/ops/logsumexp.hpp"
#include "oracles/ops/softmax.hpp"

namespace assay::oracles::mistakes {

namespace {

/// Along the axis after the one that is asked for.
template <class Op>
struct OtherAxis {
  static constexpr std::string_view operation = Op::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    const Shape& shape = a.real[0].shape;
    const std::size_t axis = ops::detail::axis_of(Op::name, "logits", shape, s);
    return Op::forward(a, with(s, "axis", std::to_string((axis + 1) % shape.size())));
  }
};

struct OverAllElements {
  static constexpr std::string_view operation = "softmax";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes&) {
    Tensor<T> line(Shape{a.real[0].size()}, a.real[0].data);
    line = ops::Softmax::forward(Arguments<T>{{line}, {}}, {})[0];
    return {Tensor<T>(a.real[0].shape, line.data)};
  }
};

/// log Σ exp(z − max z).
struct PeakNotAddedBack {
  static constexpr std::string_view operation = "logsumexp";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    Tensor<T> y = ops::LogSumExp::forward(a, s)[0];
    const Shape& shape = a.real[0].shape;
    std::size_t k = 0;
    for (const auto& line :
         ops::detail::lines(shape, ops::detail::axis_of("logsumexp", "logits", shape, s))) {
      const std::vector<T> z = ops::detail::take(a.real[0], line);
      T peak = z[0];
      for (const T& element : z) peak = max(peak, element);
      y[k++] -= peak;
    }
    return {y};
  }
};

/// The upstream gradient added at the first of the largest logits of each line.
Tensors<Ball> at_the_peak(In a, Up u, Set s, Tensor<Ball> gradient) {
  const Shape& shape = a.real[0].shape;
  std::size_t k = 0;
  for (const auto& line : ops::detail::lines(shape, ops::detail::axis_of("logsumexp", "logits", shape, s))) {
    const std::vector<Ball> z = ops::detail::take(a.real[0], line);
    std::vector<Ball> g = ops::detail::take(gradient, line);
    std::size_t peak = 0;
    for (std::size_t i = 1; i < z.size(); ++i)
      if (less(z[peak], z[i]) == Truth::yes) peak = i;
    g[peak] += u[0][k++];
    ops::detail::put(gradient, line, g);
  }
  return {gradient};
}

constexpr auto to_base_two = []<class T>(Tensor<T>& y, const Arguments<T>&, Set) {
  for (T& element : y.data) element /= log(T(2));
};

}  // namespace

std::vector<Misconception> normalised_exponentials() {
  using namespace ops;
  constexpr std::string_view base_two = "takes logarithms to base 2";
  constexpr std::string_view other_axis = "normalises along the wrong axis";
  return {
      changed_output<LogSoftmax>("log_softmax.base_two", base_two, to_base_two),
      wrong_gradient("log_softmax.gradient.no_sum", "takes each upstream element in place of their sum",
                     [](In a, Up u, Set s) {
                       const Tensor<Ball> y = right_forward("log_softmax", a, s)[0];
                       Tensor<Ball> wrong = u[0];
                       for (std::size_t i = 0; i < wrong.size(); ++i) wrong[i] -= exp(y[i]) * u[0][i];
                       return Tensors<Ball>{wrong};
                     }),
      wrong_operation<OtherAxis<LogSoftmax>>("log_softmax.other_axis", other_axis),
      changed_output<LogSumExp>("logsumexp.base_two", base_two, to_base_two),
      wrong_gradient("logsumexp.gradient.unweighted", "gives every logit the whole gradient",
                     [](In a, Up u, Set s) {
                       Tensors<Ball> right = right_vjp("logsumexp", a, u, s);
                       for (Ball& element : right[0].data) element = u[0][0];
                       return right;
                     }),
      wrong_gradient(
          "logsumexp.gradient.maximum_counted_twice",
          "adds the whole gradient to the largest logit, which the other terms contain already",
          [](In a, Up u, Set s) { return at_the_peak(a, u, s, right_vjp("logsumexp", a, u, s)[0]); }),
      wrong_gradient("logsumexp.gradient.to_maximum", "sends the whole gradient to the largest logit",
                     [](In a, Up u, Set s) { return at_the_peak(a, u, s, Tensor<Ball>(a.real[0].shape)); }),
      wrong_operation<PeakNotAddedBack>("logsumexp.peak_not_added_back",
                                        "subtracts the largest logit and does not add it again"),
      wrong_gradient("softmax.gradient.diagonal_only", "keeps only the diagonal of the Jacobian",
                     [](In a, Up u, Set s) {
                       Tensor<Ball> wrong = right_forward("softmax", a, s)[0];
                       for (std::size_t i = 0; i < wrong.size(); ++i)
                         wrong[i] = wrong[i] * (1 - wrong[i]) * u[0][i];
                       return Tensors<Ball>{wrong};
                     }),
      wrong_operation<OtherAxis<Softmax>>("softmax.other_axis", other_axis),
      wrong_operation<OverAllElements>("softmax.over_all_elements",
                                       "normalises all elements together, so that all of them sum to 1"),
  };
}

}  // namespace assay::oracles::mistakes
