#include "oracles/attribute_access.hpp"
#include "oracles/misconceptions/mistaken.hpp"
#include "oracles/ops/detail/axes.hpp"
#include "oracles/ops/mean.hpp"
#include "oracles/ops/norm.hpp"
#include "oracles/ops/prod.hpp"
#include "oracles/ops/sum.hpp"
#include "oracles/ops/var.hpp"

namespace assay::oracles::mistakes {

namespace {

using Line = std::vector<Ball>;

/// The gradient of each reduced line x with upstream g is `f(x, g)`.
template <class F>
Tensors<Ball> by_line(std::string_view operation, In a, Up u, Set s, const F& f) {
  return ops::detail::reduced_vjp(operation, a.real[0], u[0], s, f);
}

Line times(Line x, const Ball& factor) {
  for (Ball& element : x) element *= factor;
  return x;
}

Line same(const Line& x, const Ball& g) {
  return Line(x.size(), g);
}

Line share(const Line& x, const Ball& g) {
  return Line(x.size(), Ball(g / Ball(x.size())));
}

struct AlwaysBiased {
  static constexpr std::string_view operation = "var";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, Attributes attributes) {
    attributes["correction"] = "0";
    return ops::Var::forward(a, attributes);
  }
};

/// The result and the gradient of another reduction over the same axes.
template <class Right, class Wrong>
struct OtherReduction {
  static constexpr std::string_view operation = Right::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    return Wrong::forward(a, s);
  }
};

}  // namespace

std::vector<Misconception> reductions() {
  return {
      wrong_gradient("max.gradient.shared_by_all",
                     "shares the gradient among all elements, where only the maximum gets it",
                     [](In a, Up u, Set s) { return by_line("max", a, u, s, share); }),
      wrong_gradient("max.gradient.times_value", "multiplies the gradient by the maximum",
                     [](In a, Up u, Set s) {
                       Tensors<Ball> right = right_vjp("max", a, u, s);
                       for (std::size_t i = 0; i < right[0].size(); ++i) right[0][i] *= a.real[0][i];
                       return right;
                     }),
      wrong_gradient("max.gradient.to_all",
                     "gives the whole gradient to all elements, not to the maximum alone",
                     [](In a, Up u, Set s) { return by_line("max", a, u, s, same); }),
      wrong_gradient("mean.gradient.not_divided", "does not divide the gradient by the number of elements",
                     [](In a, Up u, Set s) { return by_line("mean", a, u, s, same); }),
      wrong_operation<OtherReduction<ops::Mean, ops::Sum>>("mean.is_sum",
                                                           "does not divide by the number of elements"),
      wrong_gradient("norm.gradient.not_divided",
                     "does not divide by the norm: the gradient of half its square",
                     [](In a, Up u, Set s) {
                       if (text_attribute(s, ops::Norm::p_attribute) != "2")
                         return right_vjp("norm", a, u, s);
                       return by_line("norm", a, u, s, times);
                     }),
      changed_output<ops::Norm>("norm.squared", "forgets the root: the square of the norm",
                                []<class T>(Tensor<T>& y, const Arguments<T>&, Set s) {
                                  if (text_attribute(s, ops::Norm::p_attribute) != "2") return;
                                  for (T& element : y.data) element *= element;
                                }),
      wrong_gradient("prod.gradient.own_factor_left_in",
                     "multiplies by the whole product, where an element's own factor is left out",
                     [](In a, Up u, Set s) {
                       return by_line("prod", a, u, s, [](const Line& x, const Ball& g) {
                         Ball all = g;
                         for (const Ball& element : x) all *= element;
                         return same(x, all);
                       });
                     }),
      wrong_operation<OtherReduction<ops::Prod, ops::Sum>>("prod.is_sum", "adds where it should multiply"),
      wrong_gradient("sum.gradient.divided", "divides the gradient by the number of elements, as for a mean",
                     [](In a, Up u, Set s) { return by_line("sum", a, u, s, share); }),
      wrong_operation<OtherReduction<ops::Sum, ops::Mean>>(
          "sum.is_mean", "divides by the number of elements, as for a mean"),
      wrong_operation<AlwaysBiased>("var.correction_ignored", "divides by N whatever the correction"),
      wrong_gradient("var.gradient.mean_not_subtracted",
                     "takes the elements themselves in the gradient, not their deviations from the mean",
                     [](In a, Up u, Set s) {
                       const Ball correction(integer_attribute(s, ops::Var::correction_attribute));
                       return by_line("var", a, u, s, [&](const Line& x, const Ball& g) {
                         return times(x, Ball(2 * g / (Ball(x.size()) - correction)));
                       });
                     }),
      wrong_gradient("var.gradient.no_two", "forgets the factor 2 of the square",
                     [](In a, Up u, Set s) {
                       Tensors<Ball> right = right_vjp("var", a, u, s);
                       for (Ball& element : right[0].data) element /= 2;
                       return right;
                     }),
      changed_output<ops::Var>("var.rooted", "takes the root: the standard deviation",
                               []<class T>(Tensor<T>& y, const Arguments<T>&, Set) {
                                 for (T& element : y.data) element = sqrt(element);
                               }),
  };
}

}  // namespace assay::oracles::mistakes
