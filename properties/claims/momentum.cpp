/// Momentum: what it keeps, what it needs, and what it does not promise.
#include <fmt/format.h>

#include "properties/claims/pictures.hpp"
#include "properties/claims/words.hpp"
#include "properties/verify.hpp"

namespace assay::properties::topics {
namespace {

/// A parameter and its velocity; both start at rest.
template <class T>
struct Rolling {
  T x, velocity = T(0);
};

/// v' = b v + g, x' = x - rate v'.
template <class T>
Rolling<T> moved(const Subject<T>& subject, const Rolling<T>& now, const T& slope, const std::string& rate,
                 const std::string& coefficient) {
  const Tensors<T> inputs = {Tensor<T>::scalar(now.x), Tensor<T>::scalar(slope),
                             Tensor<T>::scalar(now.velocity)};
  const Tensors<T> next = subject.values("momentum", {inputs, {}}, {{"lr", rate}, {"momentum", coefficient}});
  return {next[0][0], next[1][0]};
}

// ---- What it needs --------------------------------------------------------------------------------------

/// The numbers that a setting has to be given: those of which a step depends on.
std::vector<std::string> settings_that_matter(const char* optimizer) {
  const oracles::Operation& operation = oracles::operation_named(optimizer);
  const Tensors<Rational> inputs(operation.inputs.size(), Tensor<Rational>::scalar(1));
  std::vector<std::string> names;
  for (const oracles::AttributeSpec& setting : operation.attributes) {
    if (setting.kind != oracles::AttributeKind::real) continue;
    const auto at = [&](const char* value) {
      return Subject<Rational>().value(optimizer, inputs, {{std::string(setting.name), value}});
    };
    if (at("1/4") != at("1/2")) names.emplace_back(setting.name);
  }
  return names;
}

Derived has_no_setting() {
  std::string listed;
  for (const std::string& name : settings_that_matter("momentum"))
    listed += (listed.empty() ? "" : ", ") + name;
  return {oracles::truth(listed.empty()), "the step depends on " + listed};
}

Derived has_its_own_setting() {
  std::vector<std::string> own = settings_that_matter("momentum");
  for (const std::string& shared : settings_that_matter("sgd")) std::erase(own, shared);
  const bool coefficient = std::ranges::find(own, "momentum") != own.end();
  return {oracles::truth(coefficient), "beside those of plain descent it has the momentum coefficient"};
}

Question needs_no_hyperparameter() {
  return {.statement = "The momentum rule has no hyper-parameter.",
          .test = Derivation{has_no_setting},
          .because = "Somebody has to choose the learning rate and how much of the velocity is kept."};
}

Question needs_one_more() {
  return {.statement = "The momentum rule has a hyper-parameter that plain gradient descent does not have.",
          .test = Derivation{has_its_own_setting}};
}

// ---- What it keeps --------------------------------------------------------------------------------------

/// The numbers that an optimiser carries from step to step for n parameters.
std::size_t carried(const char* optimizer, std::size_t n) {
  const oracles::Operation& operation = oracles::operation_named(optimizer);
  const oracles::Shapes outputs =
      operation.output_shapes(oracles::Shapes(operation.inputs.size(), Shape{n}), {});
  std::size_t count = 0;
  for (std::size_t i = 1; i < outputs.size(); ++i) count += oracles::element_count(outputs[i]);
  return count;
}

Derived carries_as_many() {
  const ProofOutcome outcome = exhaust({{"n", 1, 4096}}, [](const std::vector<std::int64_t>& n) {
    const auto count = static_cast<std::size_t>(n[0]);
    return carried("momentum", count) == count && carried("sgd", count) == 0;
  });
  return {outcome.proved, "one velocity for each parameter, in " + outcome.method};
}

Derived carries_ten_at_most() {
  std::size_t n = 1;
  while (n < 4096 && carried("momentum", n) <= 10) ++n;
  return {oracles::truth(carried("momentum", n) <= 10),
          fmt::format("{} numbers for {} parameters", carried("momentum", n), n)};
}

Question carries_linear_state() {
  return {.statement = "For n parameters momentum keeps O(n) extra numbers.",
          .test = Derivation{carries_as_many},
          .because = "It remembers one velocity for each parameter."};
}

Question carries_constant_state() {
  return {.statement = "However many parameters there are, momentum keeps no more than 10 extra numbers.",
          .test = Derivation{carries_ten_at_most}};
}

// ---- "None of the above" --------------------------------------------------------------------------------

/// Whether one of the three holds, and which; the two that are counted come before the one that takes a
/// search.
Derived one_holds() {
  Truth some = Truth::no;
  for (const char* const id : {"cs230-2021.mc.f.i", "cs230-2021.mc.f.iii", "cs230-2021.mc.f.ii"}) {
    const Claim* claim = find_claim(id);
    const Truth answer = claim ? verify(claim->question, {.quick = true}).answer : Truth::unknown;
    if (answer == Truth::yes) return {answer, "it holds that \"" + claim->question.statement + "\""};
    some = some || answer;
  }
  return {some, "none of them was found to hold"};
}

template <bool none>
Question none_of_them() {
  return {.statement =
              none ? "None of the three holds: no hyper-parameter; better at avoiding local minima; O(n) "
                     "extra numbers."
                   : "One of the three at least holds: no hyper-parameter; better at avoiding local "
                     "minima; O(n) extra numbers.",
          .test = Derivation{[]() -> Derived {
            Derived found = one_holds();
            if (none) found.holds = !found.holds;
            return found;
          }},
          .because = "It is enough that one of them is true."};
}

// ---- How large its steps get ----------------------------------------------------------------------------

std::string eighths(std::size_t count) {
  return std::to_string(count) + "/8";
}

/// Some step is larger than rate G/(1 - b), G being the largest gradient so far.
constexpr auto outgrows = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
  const std::size_t kept = at.extent("eighths");
  const T left = T(static_cast<int>(8 - kept)) / T(8);
  Truth some = Truth::no;
  Rolling<T> ball{T(0)};
  T largest = T(0);
  for (const T& slope : at["gradients"].data) {
    largest = max(largest, T(abs(slope)));
    const Rolling<T> next = moved(subject, ball, slope, "1/4", eighths(kept));
    some = some || less(T(largest / T(4)), T(abs(next.x - ball.x) * left));
    ball = next;
  }
  return some;
};

/// Where |v| <= G/(1 - b), |b v + g| is at most b G/(1 - b) + G, which is G/(1 - b) again.
ProofOutcome velocity_stays_bounded() {
  const ProofOutcome bound = identity(
      2, []<class T>(const std::vector<T>& v) { return T(v[0] * v[1] / (T(1) - v[0]) + v[1]); },
      []<class T>(const std::vector<T>& v) { return T(v[1] / (T(1) - v[0])); });
  return together({{"b G/(1 - b) + G = G/(1 - b)", bound}});
}

Question steps_grow_without_bound() {
  return {
      .statement =
          "With a momentum coefficient b below 1, steps can outgrow every bound while gradients hardly "
          "change: they can exceed 1/(1 - b) times the largest plain step.",
      .test =
          Exists{.space = {.variables = {fractions("gradients", -1, 1, 0.25, {"8"})},
                           .whole_numbers = {{"eighths", {0, 7}}}},
                 .holds = on_fractions_only(outgrows),
                 .never = {{"all coefficients from 0 to below 1 and all gradients", velocity_stays_bounded}},
                 .cases = 400},
      .because = "The velocity is a geometric sum: with equal gradients it tends to 1/(1 - b) of them."};
}

Derived steps_grow_with_coefficient_one() {
  constexpr int steps = 64;
  Rolling<Rational> ball{0};
  bool linear = true;
  for (int k = 1; k <= steps; ++k) {
    ball = moved(Subject<Rational>(), ball, Rational(1), "1", "1");
    linear = linear && ball.velocity == k;
  }
  return {oracles::truth(linear),
          fmt::format("with gradient 1 at all of {} steps, step k has the size k", steps)};
}

Question steps_grow_without_friction() {
  return {.statement =
              "With the momentum coefficient 1, steps outgrow every bound while the gradient stays the "
              "same.",
          .test = Derivation{steps_grow_with_coefficient_one}};
}

/// With gradient 1 at every step of rate 1.
Picture step_lengths() {
  Picture picture{"Length of the step while the gradient stays 1.", "steps", "length", {}};
  for (const char* const coefficient : {"0.5", "0.9", "1"}) {
    Rolling<double> ball{0};
    picture.series.push_back(curve(std::string("momentum ") + coefficient, 1, 24, 23, [&](double) {
      ball = moved(Subject<double>(), ball, 1.0, "1", coefficient);
      return ball.velocity;
    }));
  }
  return picture;
}

// ---- The learning rate ----------------------------------------------------------------------------------

/// On x^2/2 from x = 1 with coefficient 1/2.
template <class T>
T after_twelve_steps(const Subject<T>& subject, std::size_t rate_in_eighths) {
  Rolling<T> ball{T(1)};
  for (int k = 0; k < 12; ++k) ball = moved(subject, ball, ball.x, eighths(rate_in_eighths), "1/2");
  return ball.x;
}

template <std::size_t most>
Question any_rate_will_do(std::string statement) {
  ForAll test{.space = {.variables = {},
                        .whole_numbers = {{"eighths", {1, most}}},
                        .text = fmt::format("rates 1/8, 2/8 ... {}/8", most)},
              .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                return less(T(abs(after_twelve_steps(subject, at.extent("eighths")))), T(1));
              }),
              .cases = 100};
  if (most >= 32) {
    Case telling;
    telling.extents["eighths"] = 32;
    telling.pinned = fmt::format("rate 4, which leads from 1 to {} in 12 steps",
                                 oracles::to_decimal(after_twelve_steps(Subject<Rational>(), 32), 4));
    test.pinned = {telling};
  } else {
    test.proofs = {
        {test.space.text, [] {
           return exhaust(
               {{"eighths", 1, static_cast<std::int64_t>(most)}}, [](const std::vector<std::int64_t>& n) {
                 return abs(after_twelve_steps(Subject<Rational>(), static_cast<std::size_t>(n[0]))) < 1;
               });
         }}};
  }
  return {.statement = std::move(statement),
          .test = std::move(test),
          .because = "Momentum scales with the learning rate: it does not choose it."};
}

/// On x^2/2 from x = 1, without and with momentum.
Picture distances_over_steps() {
  Picture picture{"Distance from the minimum of x^2/2: too small a rate, momentum, too large a rate.",
                  "steps",
                  "log10 |x|",
                  {}};
  const auto descent = [&](const char* rate, const char* coefficient) {
    Rolling<double> ball{1};
    picture.series.push_back(
        curve(fmt::format("rate {}, momentum {}", rate, coefficient), 0, 12, 12, [&](double step) {
          if (step > 0) ball = moved(Subject<double>(), ball, ball.x, rate, coefficient);
          return std::log10(std::abs(ball.x));
        }));
  };
  descent("1/16", "0");
  descent("1/4", "1/2");
  descent("4", "1/2");
  return picture;
}

// ---- Two valleys ----------------------------------------------------------------------------------------

/// The slope of min((x - 2)^2/2, (x + 2)^2/2 - 1): the valley at -2 is the lower one, the ridge is at 1/4.
template <class T>
T two_valleys(const T& x) {
  return oracles::select(less(T(T(1) / T(4)), x), T(x - T(2)), T(x + T(2)));
}
template <class T>
T one_valley(const T& x) {
  return T(x + T(2));
}

/// 40 steps at rate 1/4 with coefficient 1/2 end within 1/4 of -2.
template <bool has_two>
constexpr auto ends_at_the_lowest = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
  Rolling<T> ball{at("start")};
  for (int k = 0; k < 40; ++k)
    ball = moved(subject, ball, has_two ? two_valleys(ball.x) : one_valley(ball.x), "1/4", "1/2");
  return less(T(abs(ball.x + T(2))), T(T(1) / T(4)));
};

template <bool has_two>
Question finds_the_global_minimum() {
  ForAll test{.space = {{fractions("start", -4, 4, 0.25)}},
              .holds = on_fractions_only(ends_at_the_lowest<has_two>),
              .cases = 100};
  if (has_two)
    test.pinned = {
        instance({{"start", 3}}, "min((x - 2)^2/2, (x + 2)^2/2 - 1) from x = 3, where it settles at 2")};
  return {
      .statement = has_two ? "With momentum, gradient descent is sure to find the global minimum."
                           : "On (x + 2)^2/2 momentum with coefficient 1/2 and rate 1/4 finds the global "
                             "minimum from every start.",
      .test = std::move(test),
      .because = "It may roll over a small ridge, and in a wide valley it comes to rest like any descent."};
}

Claim cs230(const std::string& option, Quantifier quantifier, Question question, Question foil) {
  return {.id = "cs230-2021.mc.f." + option,
          .quantifier = quantifier,
          .source = "CS230 midterm, spring 2021, multiple choice (f)(" + option + ")",
          .question = std::move(question),
          .foil = std::move(foil)};
}

Claim cmu24788(const std::string& option, Quantifier quantifier, Question question, Question foil,
               std::function<Picture()> picture = {}) {
  return {.id = "cmu24788-2025.mc.3.g." + option,
          .quantifier = quantifier,
          .source = "CMU 24-788 midterm, spring 2025, multiple choice 3 g." + option,
          .question = std::move(question),
          .foil = std::move(foil),
          .picture = std::move(picture)};
}

}  // namespace

std::vector<Claim> momentum() {
  return {
      cs230("i", Quantifier::definitional, needs_no_hyperparameter(), needs_one_more()),
      cs230("iii", Quantifier::structural, carries_linear_state(), carries_constant_state()),
      cs230("iv", Quantifier::definitional, none_of_them<true>(), none_of_them<false>()),
      cmu24788("A", Quantifier::existential, steps_grow_without_bound(), steps_grow_without_friction(),
               step_lengths),
      cmu24788(
          "B", Quantifier::definitional,
          any_rate_will_do<64>("With momentum the learning rate hardly matters: on x^2/2 twelve steps come "
                               "closer to the minimum at any rate."),
          any_rate_will_do<16>("On x^2/2 with momentum 1/2, twelve steps come closer to the minimum at any "
                               "rate up to 2."),
          distances_over_steps),
      cmu24788("C", Quantifier::universal, finds_the_global_minimum<true>(),
               finds_the_global_minimum<false>()),
  };
}

}  // namespace assay::properties::topics
