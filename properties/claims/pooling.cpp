/// Pooling: where gradients go, and what stays of their size.
#include <algorithm>

#include "properties/claims/words.hpp"

namespace assay::properties::topics {
namespace {

// ---- One 2x2 window after the other ---------------------------------------------------------------------

const Attributes two_by_two = {{"kernel_size", "2"}};

/// A map of 4x4 and a gradient for each of its four windows.
Space four_windows() {
  return {.variables = {fractions("X", -4, 4, 0.5, {"1", "1", "4", "4"}),
                        fractions("G", -4, 4, 0.5, {"1", "1", "2", "2"})},
          .text = "2x2 windows on a 4x4 map"};
}

/// 1 2 / 3 4 in the first window, and a gradient of 1 for it; 0 elsewhere.
Case one_two_three_four(std::string note) {
  Tensor<double> x({1, 1, 4, 4}), g({1, 1, 2, 2}, {1, 0, 0, 0});
  x[0] = 1, x[1] = 2, x[4] = 3, x[5] = 4;
  return instance({{"X", std::move(x)}, {"G", std::move(g)}}, std::move(note));
}

/// One input of a window: its value, what came back to it, and the numbers of its window.
template <class T>
struct Place {
  T value, back, upstream, largest, total;
};

/// Every input of every window, with the gradient that `pooling` sends back to it.
template <class T>
std::vector<Place<T>> places(const char* pooling, const Point<T>& at, const Subject<T>& subject) {
  const Tensor<T>&x = at["X"], &g = at["G"];
  const Tensor<T> back = subject.gradients(pooling, {x}, g, two_by_two)[0];
  std::vector<Place<T>> all;
  for (std::size_t row = 0; row < g.shape[2]; ++row)
    for (std::size_t column = 0; column < g.shape[3]; ++column) {
      const std::size_t width = x.shape[3], first = 2 * row * width + 2 * column;
      const std::size_t inside[] = {first, first + 1, first + width, first + width + 1};
      T largest = x[first], total = T(0);
      for (const std::size_t i : inside) {
        largest = max(largest, x[i]);
        total += x[i];
      }
      for (const std::size_t i : inside)
        all.push_back({x[i], back[i], g[row * g.shape[3] + column], largest, total});
    }
  return all;
}

// ---- Max pooling: inputs below the maximum --------------------------------------------------------------

template <auto expected>
constexpr auto below_the_maximum_gets = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
  Truth all = Truth::yes;
  for (const Place<T>& place : places("max_pool2d", at, subject))
    all = all && (!less(place.value, place.largest) || equal(place.back, T(expected(place))));
  return all;
};

constexpr auto upstream = []<class T>(const Place<T>& place) { return place.upstream; };
constexpr auto largest = []<class T>(const Place<T>& place) { return place.largest; };
constexpr auto own_value = []<class T>(const Place<T>& place) { return place.value; };
constexpr auto nothing = []<class T>(const Place<T>&) { return T(0); };

/// The gradient is linear in the one that arrives, and its way depends on the order of the window's four
/// numbers only: the numbers 0 to 3 take every order, ties included.
ProofOutcome nothing_below_the_maximum() {
  const auto tried = [](const std::vector<std::int64_t>& n) {
    Point<Rational> at;
    Tensor<Rational> x({1, 1, 2, 2});
    for (std::size_t i = 0; i < 4; ++i) x[i] = n[i];
    at.set("X", x);
    at.set("G", Tensor<Rational>({1, 1, 1, 1}, {Rational(1)}));
    return below_the_maximum_gets<nothing>(at, Subject<Rational>()) == Truth::yes;
  };
  return exhaust({{"a", 0, 3}, {"b", 0, 3}, {"c", 0, 3}, {"d", 0, 3}}, tried);
}

template <auto expected>
Question below_the_maximum(std::string statement, std::string note, std::vector<Proof> proofs = {}) {
  return {.statement = std::move(statement),
          .test = ForAll{.space = four_windows(),
                         .holds = on_fractions(below_the_maximum_gets<expected>),
                         .pinned = {one_two_three_four(std::move(note))},
                         .proofs = std::move(proofs)},
          .because = "A small change of an input below the maximum changes no output."};
}

Question nothing_comes_back() {
  return below_the_maximum<nothing>(
      "Behind max pooling an input below its window's maximum gets the gradient 0.", "",
      {{"2x2 windows, ties included", nothing_below_the_maximum}});
}

Question the_maximum_gets_all() {
  return {.statement =
              "Behind max pooling the maximum of a window without ties gets the whole gradient that "
              "arrives.",
          .test = ForAll{
              .space = four_windows(),
              .holds = on_fractions([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                const auto all = places("max_pool2d", at, subject);
                Truth whole = Truth::yes;
                for (std::size_t i = 0; i < all.size(); ++i) {
                  Truth alone = Truth::yes;
                  for (std::size_t j = i / 4 * 4; j < i / 4 * 4 + 4; ++j)
                    alone = alone && (j == i ? Truth::yes : less(all[j].value, all[i].value));
                  whole = whole && (!alone || equal(all[i].back, all[i].upstream));
                }
                return whole;
              })}};
}

// ---- Mean pooling ---------------------------------------------------------------------------------------

template <auto holds>
constexpr auto everywhere = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
  Truth all = Truth::yes;
  for (const Place<T>& place : places("avg_pool2d", at, subject)) all = all && holds(place);
  return all;
};

constexpr auto a_quarter = []<class T>(const Place<T>& place) -> Truth {
  return equal(T(T(4) * place.back), place.upstream);
};
constexpr auto all_to_the_maximum = []<class T>(const Place<T>& place) -> Truth {
  const Truth below = less(place.value, place.largest);
  return (!below || equal(place.back, T(0))) && (below || equal(place.back, place.upstream));
};
constexpr auto zero = []<class T>(const Place<T>& place) -> Truth { return equal(place.back, T(0)); };
constexpr auto some_if_some = []<class T>(const Place<T>& place) -> Truth {
  return equal(place.upstream, T(0)) || !equal(place.back, T(0));
};
constexpr auto in_proportion = []<class T>(const Place<T>& place) -> Truth {
  return equal(T(place.back * place.total), T(place.upstream * place.value));
};

/// Mean pooling is linear: how it answers to a single 1, at each of the 16 inputs, is all there is to know.
/// Its gradient is the transpose.
ProofOutcome every_input_weighs_a_quarter() {
  return exhaust({{"input", 0, 15}, {"window", 0, 3}}, [](const std::vector<std::int64_t>& n) {
    const auto input = static_cast<std::size_t>(n[0]), window = static_cast<std::size_t>(n[1]);
    Tensor<Rational> unit({1, 1, 4, 4}), seed({1, 1, 2, 2});
    unit[input] = seed[window] = 1;
    const Subject<Rational> subject;
    const bool inside = input / 8 == window / 2 && input % 4 / 2 == window % 2;
    const Rational share = inside ? Rational(1) / 4 : Rational(0);
    return subject.value("avg_pool2d", {unit}, two_by_two)[window] == share &&
           subject.gradients("avg_pool2d", {unit}, seed, two_by_two)[0][input] == share;
  });
}

template <auto holds>
Question mean_pooling(std::string statement, std::string note, std::vector<Proof> proofs = {}) {
  return {.statement = std::move(statement),
          .test = ForAll{.space = four_windows(),
                         .holds = on_fractions_only(everywhere<holds>),
                         .pinned = {one_two_three_four(std::move(note))},
                         .proofs = std::move(proofs)},
          .because = "The mean has the same slope, 1/4, in each of its four inputs."};
}

Question equal_shares() {
  return mean_pooling<a_quarter>(
      "Mean pooling spreads the gradient that arrives in equal shares over the "
      "window.",
      "", {{"2x2 windows on a 4x4 map", every_input_weighs_a_quarter}});
}

Question equal_shares_behind_max_pooling() {
  return {.statement = "Max pooling spreads the gradient that arrives in equal shares over the window.",
          .test = ForAll{
              .space = four_windows(),
              .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                Truth all = Truth::yes;
                for (const Place<T>& place : places("max_pool2d", at, subject)) all = all && a_quarter(place);
                return all;
              }),
              .pinned = {one_two_three_four("")}}};
}

Question in_proportion_where_all_are_equal() {
  return {
      .statement = "Over a window of equal values mean pooling spreads the gradient in proportion to them.",
      .test = ForAll{
          .space = {{fractions("x", -4, 4, 0.5), fractions("g", -4, 4, 0.5)}},
          .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
            Point<T> window;
            const T x = at("x");
            window.set("X", Tensor<T>({1, 1, 2, 2}, {x, x, x, x}));
            window.set("G", Tensor<T>({1, 1, 1, 1}, {at("g")}));
            return everywhere<in_proportion>(window, subject);
          })}};
}

// ---- The size of what comes back ------------------------------------------------------------------------

/// Sums of magnitudes and of squares, and the largest magnitude.
template <class T>
struct Norms {
  T one = T(0), two_squared = T(0), largest = T(0);
  explicit Norms(const Tensor<T>& tensor) {
    for (const T& number : tensor.data) {
      one += abs(number);
      two_squared += number * number;
      largest = max(largest, T(abs(number)));
    }
  }
};

/// `per_entry` 0: measured by its length; 1: by its mean magnitude for each entry.
constexpr auto gets_smaller = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
  const Tensor<T>& g = at["G"];
  const Tensor<T> back = subject.gradients("max_pool2d", {at["X"]}, g, two_by_two)[0];
  const Norms<T> before(g), after(back);
  const auto count = [](const Tensor<T>& tensor) { return T(static_cast<int>(tensor.size())); };
  const Truth shorter = less(after.two_squared, before.two_squared);
  const Truth thinner = less(T(after.one / count(back)), T(before.one / count(g)));
  return equal(before.largest, T(0)) || (at.extent("per_entry") == 1 ? thinner : shorter);
};

Assumption measured_per_entry() {
  return {"per_entry", "a gradient is measured by its mean magnitude for each entry", [](Case& drawn) {
            drawn.extents["per_entry"] = 1;
            return true;
          }};
}

/// The paper's reason is that 3 of 4 entries are 0. But none of the others gets smaller.
Question makes_gradients_smaller() {
  Space space = four_windows();
  space.whole_numbers = {{"per_entry", {0, 1}}};
  Case telling =
      one_two_three_four("the window 1 2 / 3 4 and the gradient 1: back come 0 0 / 0 1, of length 1");
  telling.extents["per_entry"] = 0;
  return {.statement =
              "Max pooling with separate windows makes a gradient smaller on its way back, and so can "
              "contribute to vanishing gradients.",
          .test = ForAll{.space = std::move(space),
                         .holds = on_fractions_only(gets_smaller),
                         .pinned = {std::move(telling)},
                         .assumptions = {measured_per_entry()},
                         .cases = 400},
          .because =
              "The same numbers come back with zeros between them: every norm stays, and the mean for "
              "each entry falls to 1/k^2 for k x k windows. (Where windows overlap, gradients that meet "
              "at one maximum add up, and may cancel.)"};
}

/// Wherever the four windows have their maxima: the four numbers that arrive come back, and zeros.
ProofOutcome nothing_is_lost() {
  return exhaust({{"a", 0, 3}, {"b", 0, 3}, {"c", 0, 3}, {"d", 0, 3}},
                 [](const std::vector<std::int64_t>& n) {
                   Tensor<Rational> x({1, 1, 4, 4});
                   const Tensor<Rational> g({1, 1, 2, 2}, {1, 3, -9, 27});
                   for (std::size_t window = 0; window < 4; ++window) {
                     const auto place = static_cast<std::size_t>(n[window]);
                     x[(window / 2 * 2 + place / 2) * 4 + window % 2 * 2 + place % 2] = 1;
                   }
                   Tensor<Rational> back = Subject<Rational>().gradients("max_pool2d", {x}, g, two_by_two)[0];
                   std::erase(back.data, Rational(0));
                   std::ranges::sort(back.data);
                   return back.data == std::vector<Rational>{-9, 1, 3, 27};
                 });
}

Question keeps_every_norm() {
  return {.statement =
              "Max pooling with separate windows keeps the 1-norm, the 2-norm and the largest magnitude of "
              "a gradient.",
          .test = ForAll{
              .space = four_windows(),
              .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                const Norms<T> before(at["G"]);
                const Norms<T> after(subject.gradients("max_pool2d", {at["X"]}, at["G"], two_by_two)[0]);
                return equal(before.one, after.one) && equal(before.two_squared, after.two_squared) &&
                       equal(before.largest, after.largest);
              }),
              .proofs = {{"2x2 windows on a 4x4 map, each with one maximum", nothing_is_lost}},
              .cases = 400}};
}

// ---- The size of what goes forward ----------------------------------------------------------------------

Question pooling_normalises() {
  Case telling = one_two_three_four("1 2 / 3 4 gives 4, and 1024 times that gives 4096");
  telling.inputs = {{"X", telling.inputs.at("X")}, {"c", Tensor<double>::scalar(1024)}};
  return {
      .statement =
          "Max pooling brings activations of any scale into a similar range, as batch "
          "normalisation does: at most twice as large, however the input is scaled.",
      .test =
          ForAll{
              .space = {{fractions("X", -4, 4, 0.5, {"1", "1", "4", "4"}), fractions("c", 1, 1024, 1)}},
              .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                const Tensor<T>& x = at["X"];
                Tensor<T> scaled = x;
                for (T& number : scaled.data) number *= at("c");
                const T before = Norms<T>(subject.value("max_pool2d", {x}, two_by_two)).largest;
                const T after = Norms<T>(subject.value("max_pool2d", {scaled}, two_by_two)).largest;
                return less_equal(after, T(T(2) * before));
              }),
              .pinned = {std::move(telling)}},
      .because = "The maximum of scaled numbers is the scaled maximum."};
}

/// y = (x - mean)/sqrt(var + eps), and no number of N is further than sqrt(N - 1) deviations from their mean.
Question batch_norm_normalises() {
  return {.statement =
              "Batch normalisation of 4 examples leaves no magnitude above the square root of 3, "
              "however the input is scaled.",
          .test = ForAll{
              .space = {{fractions("X", -4, 4, 0.5, {"4", "1"}), fractions("c", 1, 1024, 1)}},
              .holds = on_reals_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                Tensor<T> x = at["X"];
                const Tensor<T> absent(oracles::absent);
                for (T& number : x.data) number *= at("c");
                const Tensor<T> y = subject.value("batch_norm", {x, absent, absent, absent, absent});
                return less_equal(T(square(Norms<T>(y).largest)), T(3));
              }),
              .cases = 300}};
}

// ---- The papers -----------------------------------------------------------------------------------------

Claim cmu24788(const std::string& item, Question question, Question foil) {
  return {.id = "cmu24788-2025.mc.3." + item,
          .quantifier = Quantifier::universal,
          .source = "CMU 24-788 midterm, spring 2025, multiple choice 3 " + item,
          .question = std::move(question),
          .foil = std::move(foil)};
}

std::vector<Claim> of_cmu24788() {
  return {
      cmu24788(
          "a.A",
          below_the_maximum<upstream>("Behind max pooling an input below its window's maximum gets the "
                                      "gradient that the maximum gets.",
                                      "the window 1 2 / 3 4 and the gradient 1: the inputs 1, 2, 3 get 0"),
          equal_shares()),
      cmu24788(
          "a.B",
          below_the_maximum<largest>("Behind max pooling an input below its window's maximum gets the value "
                                     "of the maximum as its gradient.",
                                     "the window 1 2 / 3 4 and the gradient 1: the inputs 1, 2, 3 get 0, "
                                     "not 4"),
          the_maximum_gets_all()),
      cmu24788(
          "a.C",
          below_the_maximum<own_value>("Behind max pooling an input below its window's maximum gets its own "
                                       "value as its gradient.",
                                       "the window 1 2 / 3 4 and the gradient 1: the inputs 1, 2, 3 get 0"),
          nothing_comes_back()),
      cmu24788("a.D", nothing_comes_back(),
               mean_pooling<zero>("Behind mean pooling the inputs of a window get the gradient 0.", "")),
      cmu24788("b.A", equal_shares(), equal_shares_behind_max_pooling()),
      cmu24788(
          "b.B",
          mean_pooling<all_to_the_maximum>("Mean pooling sends the gradient that arrives to the maximum of "
                                           "the window.",
                                           "the window 1 2 / 3 4 and the gradient 1: each input gets 1/4"),
          the_maximum_gets_all()),
      cmu24788("b.C",
               mean_pooling<zero>("Mean pooling sends back the gradient 0.",
                                  "the window 1 2 / 3 4 and the gradient 1: each input gets 1/4"),
               mean_pooling<some_if_some>("Mean pooling sends back 0 only where 0 arrives.", "")),
      cmu24788(
          "b.D",
          mean_pooling<in_proportion>("Mean pooling spreads the gradient over the window in proportion to "
                                      "its values.",
                                      "the window 1 2 / 3 4 and the gradient 1: each input gets 1/4"),
          in_proportion_where_all_are_equal()),
  };
}

}  // namespace

std::vector<Claim> pooling() {
  std::vector<Claim> all = of_cmu24788();
  all.push_back({.id = "cs231n-2019.mc.3.B",
                 .quantifier = Quantifier::universal,
                 .published = "false",
                 .source = "CS231n midterm, spring 2019, multiple choice 3 B",
                 .question = pooling_normalises(),
                 .foil = batch_norm_normalises()});
  all.push_back({.id = "cs231n-2019.mc.3.D",
                 .quantifier = Quantifier::universal,
                 .published = "true",
                 .source = "CS231n midterm, spring 2019, multiple choice 3 D",
                 .question = makes_gradients_smaller(),
                 .foil = keeps_every_norm()});
  return all;
}

}  // namespace assay::properties::topics
