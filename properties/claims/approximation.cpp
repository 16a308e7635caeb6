/// What perceptrons with one hidden layer, or with narrow ones, can approximate.
#include <fmt/format.h>

#include <algorithm>

#include "properties/claims/words.hpp"

namespace assay::properties::topics {
namespace {

// ---- Narrow and deep ------------------------------------------------------------------------------------

/// The scores of the corners (0,0), (1,1), (0,1), (1,0) of a square: L hidden ReLU layers of H units each, by
/// the weights W (first), M (between, one matrix for all) and v (last).
template <class T>
Tensor<T> corner_scores(const Point<T>& at, const Subject<T>& subject) {
  const std::size_t hidden = at["b"].shape[0];
  std::vector<Layer<T>> layers{{at["W"], at["b"]}};
  for (std::size_t l = 1; l < at.extent("L"); ++l) layers.push_back({at["M"], Tensor<T>(Shape{hidden})});
  layers.push_back({at["v"], at["c"]});
  const Tensor<T> corners(Shape{4, 2}, {T(0), T(0), T(1), T(1), T(0), T(1), T(1), T(0)});
  return Mlp<T>(std::move(layers), "relu", subject).scores(corners);
}

/// Within less than 1/2 of exclusive or at all four corners.
constexpr auto approximates_xor = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
  const Tensor<T> scores = corner_scores(at, subject);
  Truth all = Truth::yes;
  for (int i = 0; i < 4; ++i)
    all = all && less(T(abs(T(scores[static_cast<std::size_t>(i)] - T(i / 2)))), T(T(1) / T(2)));
  return all;
};

Space deep_networks(const std::string& width) {
  return {.variables = {fractions("W", -2, 2, 0.5, {"2", width}), fractions("b", -1, 1, 0.5, {width}),
                        fractions("M", -2, 2, 0.5, {width, width}), fractions("v", -2, 2, 0.5, {width, "1"}),
                        fractions("c", -1, 1, 0.5, {"1"})},
          .whole_numbers = {{"L", {1, 5}}},
          .text = "hidden layers of " + width + " ReLU units each, two inputs, exclusive or"};
}

/// A chain of single units is a monotone function F of s = w0 x0 + w1 x1 + b. Some odd corner lies no higher
/// than some even one, and some odd corner no lower: whichever way F runs, an odd corner scores no more than
/// an even one. Order types of 0, w0 + w1, w0 and w1 depend on signs that -3 .. 3 exhaust.
ProofOutcome one_unit_a_layer_is_monotone() {
  const auto caught_between = [](const std::vector<std::int64_t>& w) {
    const auto even = std::minmax({std::int64_t{0}, w[0] + w[1]}), odd = std::minmax({w[0], w[1]});
    return odd.first <= even.second && odd.second >= even.first;
  };
  return together(
      {{"each layer of one unit is monotone, and so is their chain", {Truth::yes, {}}},
       {"whichever way it runs, an odd corner scores no more than an even one, and one of the two is "
        "off by 1/2 or more",
        exhaust({{"w0", -3, 3}, {"w1", -3, 3}}, caught_between)}});
}

Question narrow_networks_suffice() {
  return {.statement =
              "Under any limit on the width of its layers (here 1), a deep enough network approximates "
              "every function (here exclusive or).",
          .test = Exists{.space = deep_networks("1"),
                         .holds = on_fractions_only(approximates_xor),
                         .never = {{"ReLU networks of width 1 and any depth", one_unit_a_layer_is_monotone}},
                         .cases = 200},
          .because =
              "A layer narrower than the input loses what depth cannot bring back; a limit of the number of "
              "inputs plus one would do."};
}

Question two_units_suffice() {
  Case modulus = instance({{"W", Tensor<double>({2, 2}, {1, -1, -1, 1})},
                           {"b", Tensor<double>({2})},
                           {"M", Tensor<double>({2, 2}, {1, 0, 0, 1})},
                           {"v", Tensor<double>({2, 1}, {1, 1})},
                           {"c", Tensor<double>({1})}},
                          "relu(x0 - x1) + relu(x1 - x0)");
  modulus.extents["L"] = 3;
  return {.statement = "Under a limit of 2 on the width of its layers, a network computes exclusive or.",
          .test = Exists{.space = deep_networks("2"),
                         .holds = on_fractions_only(approximates_xor),
                         .pinned = {std::move(modulus)}}};
}

// ---- Wide and shallow -----------------------------------------------------------------------------------

/// A network of n ReLU units through the points (k / n, values[k]): unit k bends at k / n.
class Interpolant {
 public:
  explicit Interpolant(std::vector<Rational> values) : values_(std::move(values)) {}

  Rational operator()(const Rational& x) const {
    const Subject<Rational> subject;
    const Rational n(values_.size() - 1);
    Rational y = values_[0], slope = 0;
    for (std::size_t k = 0; k + 1 < values_.size(); ++k) {
      const Rational next = (values_[k + 1] - values_[k]) * n;
      y += (next - slope) * subject.at("relu", Rational(x - Rational(k) / n));
      slope = next;
    }
    return y;
  }

 private:
  std::vector<Rational> values_;
};

/// Values without a pattern: squares modulo 17.
std::vector<Rational> scattered(std::int64_t points) {
  std::vector<Rational> values;
  for (std::int64_t k = 0; k < points; ++k) values.emplace_back((k * k + 3 * k) % 17);
  return values;
}

ProofOutcome interpolates() {
  return exhaust({{"n", 1, 24}}, [](const std::vector<std::int64_t>& numbers) {
    const std::vector<Rational> values = scattered(numbers[0] + 1);
    const Interpolant network(values);
    for (std::size_t k = 0; k < values.size(); ++k)
      if (network(Rational(k) / Rational(numbers[0])) != values[k]) return false;
    return true;
  });
}

/// Between kinks a network is a line: its second differences are 0, those of x^2 are 2 h^2.
ProofOutcome squares_have_no_straight_piece() {
  const auto of_square = []<class T>(const std::vector<T>& v) {
    const auto f = [](const T& x) { return T(x * x); };
    return T(f(T(v[0] + v[1])) - T(2) * f(v[0]) + f(T(v[0] - v[1])));
  };
  const auto twice = []<class T>(const std::vector<T>& v) { return T(T(2) * v[1] * v[1]); };
  const auto of_line = []<class T>(const std::vector<T>& v) {
    const auto f = [&](const T& x) { return T(v[2] * x + v[3]); };
    return T(f(T(v[0] + v[1])) - T(2) * f(v[0]) + f(T(v[0] - v[1])));
  };
  const auto zero = []<class T>(const std::vector<T>&) { return T(0); };
  return together(
      {{"n units have at most n kinks, and between two of them the network is a line, with second "
        "differences 0",
        identity(4, of_line, zero)},
       {"those of x^2 are 2h^2 everywhere", identity(2, of_square, twice)}});
}

Derived squares_are_represented() {
  const ProofOutcome proof = squares_have_no_straight_piece();
  return {!proof.proved, "x^2 on [0, 1] equals no network of n ReLU units, for any n: " + proof.method};
}

Question wide_networks_are_exact() {
  return {.statement = "One hidden layer, however wide, can model every real function exactly.",
          .test = Derivation{.derive = squares_are_represented},
          .because =
              "Width brings any accuracy, not equality: every network has kinks, or the bends of its own "
              "activation, and x^2 has none."};
}

Question wide_networks_interpolate() {
  return {.statement = "One hidden layer of n ReLU units passes exactly through any n + 1 points on a line.",
          .test = Derivation{.derive = [] {
            const ProofOutcome found = interpolates();
            return Derived{found.proved, "scattered values at 0, 1/n ... 1, exactly met: " + found.method};
          }}};
}

/// A continuous F at the jump of a step from 0 to 1 is off by |F| on one side and |1 - F| on the other.
Derived steps_are_approximated() {
  const auto sum = []<class T>(const std::vector<T>& v) { return T(v[0] + (T(1) - v[0])); };
  const auto one = []<class T>(const std::vector<T>&) { return T(1); };
  const ProofOutcome proof = identity(1, sum, one);
  return {!proof.proved,
          "networks are continuous, so at the jump of a step from 0 to 1 the output F misses by F on "
          "one side and by 1 - F on the other, which make 1 together: one is at least 1/2 (" +
              proof.method + ")"};
}

/// The largest error of the interpolant of x^2 with n units, at the middles of its pieces: 1 / (4 n^2).
bool error_is_a_quarter_of_a_square(std::int64_t n) {
  std::vector<Rational> values;
  for (std::int64_t k = 0; k <= n; ++k) values.push_back(Rational(k * k) / Rational(n * n));
  const Interpolant network(values);
  Rational worst = 0;
  for (std::int64_t k = 0; k < n; ++k) {
    const Rational x = Rational(2 * k + 1) / Rational(2 * n);
    worst = std::max(worst, Rational(oracles::abs(Rational(network(x) - x * x))));
  }
  return worst == Rational(1) / Rational(4 * n * n);
}

Derived squares_are_approximated() {
  const ProofOutcome found = exhaust({{"n", 1, 32}}, [](const std::vector<std::int64_t>& numbers) {
    return error_is_a_quarter_of_a_square(numbers[0]);
  });
  return {found.proved, "n ReLU units come within exactly 1/(4n^2) of x^2 on [0, 1]: " + found.method};
}

/// Through n + 1 points, and a line between neighbours: no further from a continuous function than it varies
/// over 1/n.
Derived continuous_functions_are_approximated() {
  const ProofOutcome points = interpolates();
  const Derived squares = squares_are_approximated();
  return {points.proved && squares.holds, "met at n + 1 points, with lines between them: " + points.method};
}

Question wide_networks_approximate() {
  return {.statement = "One hidden layer, if only wide enough, approximates every real function.",
          .test =
              Derivation{
                  .derive = steps_are_approximated,
                  .assumptions = {{"continuous",
                                   "the function is continuous and its inputs fill a closed and bounded "
                                   "interval",
                                   {}}},
                  .derive_under = [](const std::string&) { return continuous_functions_are_approximated(); }},
          .because =
              "A network with n units runs through n + 1 points of the function and straight between them; a "
              "continuous function strays little from that, a jump does not fit."};
}

Question wide_networks_approximate_squares() {
  return {.statement = "One hidden layer, if only wide enough, approximates x^2 on [0, 1].",
          .test = Derivation{.derive = squares_are_approximated}};
}

}  // namespace

std::vector<Claim> approximation() {
  return {
      {.id = "cmu24788-2025.mc.3.i.A",
       .quantifier = Quantifier::existential,
       .source = "CMU 24-788 midterm, spring 2025, multiple choice 3 i A",
       .question = narrow_networks_suffice(),
       .foil = two_units_suffice()},
      {.id = "cmu24788-2025.mc.3.i.B",
       .quantifier = Quantifier::universal,
       .source = "CMU 24-788 midterm, spring 2025, multiple choice 3 i B",
       .question = wide_networks_are_exact(),
       .foil = wide_networks_interpolate()},
      {.id = "cmu24788-2025.mc.3.i.C",
       .quantifier = Quantifier::universal,
       .source = "CMU 24-788 midterm, spring 2025, multiple choice 3 i C",
       .question = wide_networks_approximate(),
       .foil = wide_networks_approximate_squares()},
  };
}

}  // namespace assay::properties::topics
