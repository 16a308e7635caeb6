/// Practice: splits, statistics and when to stop.
#include "properties/claims/words.hpp"

namespace assay::properties::topics {
namespace {

// ---- Statistics and the split ---------------------------------------------------------------------------

/// Mean and variance of the numbers that the statistics are taken from.
template <class T>
std::pair<T, T> statistics(std::vector<T> numbers) {
  const T count = T(static_cast<int>(numbers.size()));
  T mean = T(0), variance = T(0);
  for (const T& x : numbers) mean += x / count;
  for (const T& x : numbers) variance += square(T(x - mean)) / count;
  return {mean, variance};
}

/// Whether training sees the same numbers when a test example changes.
template <bool before_the_split>
constexpr auto test_set_stays_out = []<class T>(const Point<T>& at, const Subject<T>&) -> Truth {
  const auto seen_with = [&](const T& test) {
    std::vector<T> numbers = at["training"].data;
    if (before_the_split) numbers.push_back(test);
    return statistics(std::move(numbers));
  };
  const auto one = seen_with(at("test")), other = seen_with(at("changed"));
  return equal(one.first, other.first) && equal(one.second, other.second);
};

template <bool before_the_split>
Question statistics_of(std::string statement) {
  ForAll test{.space = {.variables = {fractions("training", -4, 4, 0.5, {"N"}), fractions("test", -4, 4, 0.5),
                                      fractions("changed", -4, 4, 0.5)},
                        .whole_numbers = {{"N", {1, 5}}},
                        .text = "a feature of up to five training examples and one test example"},
              .holds = on_fractions_only(test_set_stays_out<before_the_split>),
              .cases = 400};
  if (before_the_split)
    test.pinned = {instance({{"training", Tensor<double>({2}, {0, 2})},
                             {"test", Tensor<double>::scalar(1)},
                             {"changed", Tensor<double>::scalar(4)}},
                            "training values 0 and 2: a test value of 1 or of 4 makes the mean 1 or 2")};
  return {.statement = std::move(statement),
          .test = std::move(test),
          .because =
              "What is computed from the test set must not reach training; the statistics come from the "
              "training split and are applied to the others."};
}

// ---- When to stop ---------------------------------------------------------------------------------------

constexpr std::size_t patience = 2;

/// The epoch that early stopping keeps of a validation score to be raised: the best so far, once `patience`
/// epochs in a row have not improved on it or the epochs are used up. Drawn scores are exact: each comparison
/// is decided.
template <class T>
std::size_t kept_epoch(const Tensor<T>& scores, std::size_t epochs) {
  std::size_t best = 0;
  for (std::size_t epoch = 1; epoch < epochs && epoch <= best + patience; ++epoch)
    if (less(scores[best], scores[epoch]) == Truth::yes) best = epoch;
  return best;
}

Space curves() {
  return {.variables = {fractions("accuracy", 0, 1, 0.125, {"8"})},
          .text = "accuracies of eight epochs, patience 2"};
}

/// Budgets of 6 and of 8 epochs end with the same parameters, and running to their ends would not have.
Question budget_matters_less() {
  return {
      .statement =
          "Early stopping can spare one the tuning of the number of epochs: two budgets can end with the "
          "same parameters, though their last epochs differ.",
      .test =
          Exists{.space = curves(),
                 .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>&) -> Truth {
                   const Tensor<T>& scores = at["accuracy"];
                   return oracles::truth(kept_epoch(scores, 6) == kept_epoch(scores, 8)) &&
                          !equal(scores[5], scores[7]);
                 }),
                 .pinned = {instance(
                     {{"accuracy", Tensor<double>({8}, {0.25, 0.5, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125})}},
                     "accuracies 1/4, 1/2, 3/4, 5/8, 1/2 ...: with 6 epochs or 8, the third is "
                     "kept")}},
      .because = "It picks the epoch from the curve; what is left to choose is the patience."};
}

Question budget_never_matters() {
  return {.statement =
              "With early stopping the number of epochs never matters: budgets of 6 and of 8 always end with "
              "the same parameters.",
          .test = ForAll{
              .space = curves(),
              .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>&) -> Truth {
                const Tensor<T>& scores = at["accuracy"];
                return oracles::truth(kept_epoch(scores, 6) == kept_epoch(scores, 8));
              }),
              .pinned = {instance(
                  {{"accuracy", Tensor<double>({8}, {0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875})}},
                  "an accuracy that still rises at the end")}}};
}

template <bool lowest>
Question keeps_the_epoch_of(std::string statement) {
  return {
      .statement = std::move(statement),
      .test =
          ForAll{.space = curves(),
                 .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>&) -> Truth {
                   const Tensor<T>& scores = at["accuracy"];
                   const std::size_t kept = kept_epoch(scores, scores.size());
                   Truth extreme = Truth::yes;
                   for (std::size_t e = 0; e < scores.size() && e <= kept + patience; ++e)
                     extreme = extreme && (lowest ? less_equal(scores[kept], scores[e])
                                                  : less_equal(scores[e], scores[kept]));
                   return extreme;
                 }),
                 .pinned = {instance(
                     {{"accuracy", Tensor<double>({8}, {0.25, 0.5, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125})}},
                     "accuracies 1/4, 1/2, 3/4, 5/8, 1/2 ...: the third, the highest, is "
                     "kept")}},
      .because = "It stops once the accuracy no longer rises: at a peak, where the loss is at a trough."};
}

Claim cs230(const std::string& item, Question question, Question foil) {
  return {.id = "cs230-2021.mc." + item,
          .quantifier = Quantifier::definitional,
          .source = "CS230 midterm, spring 2021, multiple choice " + item,
          .question = std::move(question),
          .foil = std::move(foil)};
}

}  // namespace

std::vector<Claim> practice() {
  return {
      cs230("d.iv",
            statistics_of<true>(
                "Taking mean and standard deviation for normalising from the whole data set, before "
                "the split, keeps the test set out of training."),
            statistics_of<false>(
                "Taking mean and standard deviation for normalising from the training split keeps "
                "the test set out of training.")),
      cs230("g.i", budget_matters_less(), budget_never_matters()),
      cs230("g.iii",
            keeps_the_epoch_of<true>(
                "Early stopping acts when the validation accuracy is at its lowest so far."),
            keeps_the_epoch_of<false>(
                "Early stopping keeps the epoch of the highest validation accuracy that it "
                "has seen.")),
  };
}

}  // namespace assay::properties::topics
