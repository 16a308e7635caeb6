/// Dropout at test time.
#include "properties/claims/words.hpp"

namespace assay::properties::topics {
namespace {

constexpr const char* at_test_time = "false";
constexpr const char* in_training = "true";

/// Of the layer with drop probability p = eighths/8 and a mask of ones and zeros.
template <class T>
Tensor<T> dropped_out(const Point<T>& at, const Subject<T>& subject, const char* training,
                      const char* mode = "inverted") {
  return subject.value(
      "dropout", {{at["x"]}, {at.labels("mask")}},
      {{"p", std::to_string(at.extent("eighths")) + "/8"}, {"training", training}, {"mode", mode}});
}

template <class T>
T probability(const Point<T>& at) {
  return T(static_cast<int>(at.extent("eighths"))) / T(8);
}

template <class T>
Truth equals_times(const Tensor<T>& y, const Tensor<T>& x, const T& factor) {
  Truth all = Truth::yes;
  for (std::size_t i = 0; i < y.size(); ++i) all = all && equal(y[i], T(factor * x[i]));
  return all;
}

/// Entries that the mask drops are 0.
template <class T>
Truth drops(const Point<T>& at, const Tensor<T>& y) {
  Truth all = Truth::yes;
  for (std::size_t i = 0; i < y.size(); ++i)
    if (at.labels("mask")[i] == 0) all = all && equal(y[i], T(0));
  return all;
}

Space layers(fixtures::InputSpec input) {
  return {.variables = {std::move(input), labels("mask", {"4"}, "2")},
          .whole_numbers = {{"eighths", {1, 7}}},
          .text = "drop probabilities 1/8, 2/8 ... 7/8, and any mask"};
}

/// Half of all inputs dropped, and x = 1.
Case half_dropped(std::string note) {
  Case result = instance({{"x", Tensor<double>({4}, {1, 1, 1, 1})}}, std::move(note));
  result.inputs["mask"] = IndexTensor({4}, {1, 0, 1, 0});
  result.extents["eighths"] = 4;
  return result;
}

template <class F>
Question layer(std::string statement, F holds, std::string note = {}) {
  ForAll test{.space = layers(fractions("x", -4, 4, 0.25, {"4"})), .holds = on_fractions_only(holds)};
  if (!note.empty()) test.pinned = {half_dropped(std::move(note))};
  return {.statement = std::move(statement),
          .test = std::move(test),
          .because =
              "Inverted dropout pays in training, dividing what is kept by 1 - p, so that nothing is left to "
              "do at test time."};
}

// ---- At test time ---------------------------------------------------------------------------------------

constexpr auto multiplies = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
  return equals_times(dropped_out(at, subject, at_test_time), at["x"], probability(at));
};
constexpr auto leaves_out = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
  return drops(at, dropped_out(at, subject, at_test_time));
};
constexpr auto divides = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
  return equals_times(dropped_out(at, subject, at_test_time), at["x"], T(T(1) / probability(at)));
};
constexpr auto leaves_alone = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
  return equals_times(dropped_out(at, subject, at_test_time), at["x"], T(1));
};

/// The layer is linear and works entry by entry: what it does to 1, kept or dropped, says all.
ProofOutcome one_stays_one() {
  return exhaust({{"8p", 0, 8}, {"mask", 0, 1}}, [](const std::vector<std::int64_t>& n) {
    const Tensor<Rational> y =
        Subject<Rational>().value("dropout", {{Tensor<Rational>::scalar(1)}, {IndexTensor::scalar(n[1])}},
                                  {{"p", std::to_string(n[0]) + "/8"}, {"training", at_test_time}});
    return y[0] == 1;
  });
}

Question does_none_of_them() {
  return {.statement =
              "At test time an inverted dropout layer neither multiplies by p, nor drops, nor divides by p: "
              "it hands its input on.",
          .test = ForAll{.space = layers(reals("x", {"4"})),
                         .holds = on_fractions(leaves_alone),
                         .proofs = {{"all inputs, masks and p = 0, 1/8 ... 1", one_stays_one}}},
          .because = "Inverted dropout pays in training, dividing what is kept by 1 - p."};
}

// ---- Elsewhere ------------------------------------------------------------------------------------------

Question classic_multiplies() {
  return layer("At test time a classic dropout layer multiplies its input by 1 - p.",
               []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                 return equals_times(dropped_out(at, subject, at_test_time, "classic"), at["x"],
                                     T(T(1) - probability(at)));
               });
}

Question drops_in_training() {
  return layer("In training an inverted dropout layer drops the inputs that are drawn.",
               []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                 return drops(at, dropped_out(at, subject, in_training));
               });
}

Question divides_in_training() {
  return layer("In training an inverted dropout layer divides what it keeps by 1 - p.",
               []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                 const Tensor<T> y = dropped_out(at, subject, in_training);
                 Truth all = Truth::yes;
                 for (std::size_t i = 0; i < y.size(); ++i)
                   if (at.labels("mask")[i] == 1)
                     all = all && equal(T(y[i] * (T(1) - probability(at))), at["x"][i]);
                 return all;
               });
}

Question classic_hands_on() {
  return layer(
      "At test time a classic dropout layer hands its input on.",
      []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
        return equals_times(dropped_out(at, subject, at_test_time, "classic"), at["x"], T(1));
      },
      "p = 1/2, where 1 becomes 1/2");
}

Claim cs230(const std::string& option, Question question, Question foil) {
  return {.id = "cs230-2021.mc.e." + option,
          .quantifier = Quantifier::definitional,
          .source = "CS230 midterm, spring 2021, multiple choice (e)(" + option + ")",
          .question = std::move(question),
          .foil = std::move(foil)};
}

}  // namespace

std::vector<Claim> dropout() {
  return {
      cs230("i",
            layer("At test time an inverted dropout layer multiplies its input by the drop probability p.",
                  multiplies, "p = 1/2, where 1 stays 1"),
            classic_multiplies()),
      cs230("ii",
            layer("At test time an inverted dropout layer drops inputs.", leaves_out,
                  "p = 1/2, where 1 stays 1, drawn or not"),
            drops_in_training()),
      cs230("iii",
            layer("At test time an inverted dropout layer divides its input by the drop probability p.",
                  divides, "p = 1/2, where 1 stays 1"),
            divides_in_training()),
      cs230("iv", does_none_of_them(), classic_hands_on()),
  };
}

}  // namespace assay::properties::topics
