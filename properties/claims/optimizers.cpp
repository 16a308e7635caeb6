/// Rules around the gradient step: clipping, and Adam's correction.
#include "properties/claims/words.hpp"

namespace assay::properties::topics {
namespace {

// ---- Clipping -------------------------------------------------------------------------------------------

template <class T>
T squared_length(const Tensor<T>& gradient) {
  T total = T(0);
  for (const T& g : gradient.data) total += square(g);
  return total;
}

/// A gradient of norm n > m keeps the norm m n/(n + eps), which is m less a positive share of it.
ProofOutcome clipped_norm_is_below_the_limit() {
  return identity(
      3, []<class T>(const std::vector<T>& v) { return T(v[0] * v[1] / (v[1] + v[2])); },
      []<class T>(const std::vector<T>& v) { return T(v[0] - v[0] * v[2] / (v[1] + v[2])); });
}

Question clipping_bounds_the_norm() {
  return {
      .statement = "However a gradient explodes, clipping its norm at 1 leaves one of norm at most 1.",
      .test =
          ForAll{.space = {{reals("g", {"3"})}},
                 .holds = on_reals_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                   return less_equal(squared_length(subject.value("clip_grad_norm", {at["g"]})), T(1));
                 }),
                 .proofs = {{"all gradients, all limits", clipped_norm_is_below_the_limit}},
                 .cases = 400},
      .because = "A longer gradient is divided by its own norm; the direction stays."};
}

Question clipping_entries_bounds_the_norm() {
  return {.statement =
              "However a gradient explodes, clipping each of its entries to [-1, 1] leaves one of norm at "
              "most 1.",
          .test = ForAll{
              .space = {{reals("g", {"3"})}},
              .holds = on_reals_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                return less_equal(squared_length(subject.value("clip_grad_value", {at["g"]})), T(1));
              }),
              .pinned = {instance({{"g", Tensor<double>({3}, {1, 1, 0})}})},
              .cases = 400}};
}

// ---- Adam's bias correction -----------------------------------------------------------------------------

/// The steps of Adam from rest for a sequence of gradients; betas in thousandths.
template <class T>
std::vector<T> adam_steps(const Point<T>& at, const Subject<T>& subject, bool corrected) {
  const std::string betas =
      std::to_string(at.extent("beta1")) + "/1000," + std::to_string(at.extent("beta2")) + "/1000";
  Tensor<T> p({1}), m({1}), v({1});
  std::vector<T> sizes;
  for (const T& g : at["gradients"].data) {
    const auto next = subject.values("adam", {{p, Tensor<T>({1}, {g}), m, v}, {}},
                                     {{"betas", betas},
                                      {"eps", "0"},
                                      {"lr", "1"},
                                      {"step", std::to_string(sizes.size() + 1)},
                                      {"bias_correction", corrected ? "true" : "false"}});
    sizes.push_back(abs(T(next[0][0] - p[0])));
    p = next[0], m = next[1], v = next[2];
  }
  return sizes;
}

constexpr auto correction_makes_steps_smaller = []<class T>(const Point<T>& at,
                                                            const Subject<T>& subject) -> Truth {
  const std::vector<T> with = adam_steps(at, subject, true), without = adam_steps(at, subject, false);
  Truth all = Truth::yes;
  for (std::size_t k = 0; k < with.size(); ++k) all = all && less(with[k], without[k]);
  return all;
};

Space adam_space(fixtures::Dimension beta1, fixtures::Dimension beta2) {
  return {.variables = {fractions("gradients", 0.25, 4, 0.25, {"5"})},
          .whole_numbers = {{"beta1", beta1}, {"beta2", beta2}},
          .text = "five gradients above 0; betas in thousandths; eps 0"};
}

Case unusual_betas() {
  Case result =
      instance({{"gradients", Tensor<double>({5}, {1, 1, 1, 1, 1})}},
               "betas 0.99 and 0.9, with which the first step is 0.03 rates long without the correction "
               "and one rate with it");
  result.extents = {{"beta1", 990}, {"beta2", 900}};
  return result;
}

Assumption usual_betas() {
  return {"usual_betas", "the betas are the usual 0.9 and 0.999", [](Case& drawn) {
            drawn.extents["beta1"] = 900;
            drawn.extents["beta2"] = 999;
            return true;
          }};
}

/// Whatever the gradients, the correction divides step t by (1 - beta1^t)/sqrt(1 - beta2^t): 3.16 at first
/// for the usual betas.
Question correction_tames_the_first_steps() {
  return {.statement =
              "Adam's bias correction keeps the first steps from being very large: each of them would be "
              "larger without it.",
          .test = ForAll{.space = adam_space({0, 999}, {0, 999}),
                         .holds = on_reals_only(correction_makes_steps_smaller),
                         .pinned = {unusual_betas()},
                         .assumptions = {usual_betas()},
                         .cases = 300},
          .because =
              "Both averages start at 0; the second one fills more slowly, and its root is what the step is "
              "divided by. Where (1 - beta1)^2 < 1 - beta2 it is the other way round."};
}

Question correction_tames_the_usual_first_steps() {
  return {.statement =
              "With the usual betas 0.9 and 0.999, each of Adam's first five steps would be larger "
              "without the bias correction.",
          .test = ForAll{.space = adam_space({900, 900}, {999, 999}),
                         .holds = on_reals_only(correction_makes_steps_smaller),
                         .cases = 300}};
}

}  // namespace

std::vector<Claim> optimizers() {
  return {
      {.id = "cs230-2021.mc.b.iii",
       .quantifier = Quantifier::structural,
       .source = "CS230 midterm, spring 2021, multiple choice (b)(iii)",
       .question = clipping_bounds_the_norm(),
       .foil = clipping_entries_bounds_the_norm()},
      {.id = "eecs498-2019.mc.2.3.B",
       .quantifier = Quantifier::universal,
       .source = "EECS 498 midterm, fall 2019, multiple choice 2.3 B",
       .question = correction_tames_the_first_steps(),
       .foil = correction_tames_the_usual_first_steps()},
  };
}

}  // namespace assay::properties::topics
