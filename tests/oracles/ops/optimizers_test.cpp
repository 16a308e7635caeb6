#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "oracles/trajectory.hpp"
#include "tests/oracles/ops/gradient_checks.hpp"

namespace assay::oracles::testing {
namespace {

/// A run of an optimizer on one parameter with given gradients, whatever the parameter.
class Run : public ::testing::Test {
 protected:
  PrecisionScope scope{exact_bits};
  CaseGenerator generator{5};

  std::vector<Rational> gradients(std::size_t count) { return generator.tensor({count}).data; }

  template <class T>
  static std::vector<T> path(std::string_view optimizer, const Attributes& attributes, const T& start,
                             const std::vector<Rational>& gradients) {
    std::size_t next = 0;
    std::vector<T> result;
    const Descent descent{std::string(optimizer), attributes, gradients.size()};
    for (const Tensor<T>& p : trajectory<T>(descent, Tensor<T>::scalar(start), [&](const Tensor<T>&) {
           return Tensor<T>::scalar(from_rational<T>(gradients.at(next++)));
         }))
      result.push_back(p[0]);
    return result;
  }
};

Ball ball(const char* text) {
  return from_rational<Ball>(parse_rational(text));
}

/// (1 − β) Σᵢ βᵗ⁻ⁱ xᵢᵖ over the first t gradients: a moving average written out.
Ball average(const Ball& beta, const std::vector<Rational>& gradients, std::size_t t, int power) {
  Ball total = 0;
  for (std::size_t i = 1; i <= t; ++i)
    total += pow(beta, static_cast<int>(t - i)) * pow(from_rational<Ball>(gradients[i - 1]), power);
  return (1 - beta) * total;
}

TEST_F(Run, OfSgdSubtractsTheSumOfTheGradients) {
  const auto g = gradients(6);
  Rational sum = 0;
  for (const Rational& element : g) sum += element;
  EXPECT_EQ(path<Rational>("sgd", {{"lr", "1/3"}}, 2, g).back(), 2 - sum / 3);
}

TEST_F(Run, OfSgdWithWeightDecayShrinksTheWeights) {
  const std::vector<Rational> none(5, Rational(0));
  EXPECT_EQ(path<Rational>("sgd", {{"lr", "1/2"}, {"weight_decay", "1/5"}}, 7, none).back(),
            7 * pow(Rational(9) / 10, 5));
}

/// vₖ = g (1 − μᵏ) / (1 − μ) from rest, so p moves by −lr g / (1 − μ) (k − μ (1 − μᵏ) / (1 − μ)).
TEST_F(Run, OfMomentumUnderAConstantForceIsAGeometricSeries) {
  const Rational mu = Rational(3) / 4, lr = Rational(1) / 8, g = Rational(5) / 2;
  for (const char* form : {"pytorch", "classic"}) {
    const auto p = path<Rational>("momentum", {{"momentum", "0.75"}, {"lr", "1/8"}, {"form", form}}, 1,
                                  std::vector<Rational>(9, g));
    for (int k = 0; k <= 9; ++k)
      EXPECT_EQ(p[static_cast<std::size_t>(k)],
                1 - lr * g / (1 - mu) * (k - mu * (1 - pow(mu, k)) / (1 - mu)))
          << form << " " << k;
  }
}

TEST_F(Run, OfMomentumDampensTheFirstStepOnlyIfAsked) {
  const std::vector<Rational> once = {Rational(6)};
  const Attributes undamped = {{"lr", "1"}, {"dampening", "1/3"}};
  Attributes damped = undamped;
  damped["first_step"] = "damped";
  EXPECT_EQ(path<Rational>("momentum", undamped, 0, once).back(), -6);
  EXPECT_EQ(path<Rational>("momentum", damped, 0, once).back(), -4);
}

TEST_F(Run, OfMomentumWithDecoupledDecayKeepsTheDecayOutOfTheVelocity) {
  const Attributes decoupled = {{"weight_decay", "1/2"}, {"lr", "1/4"}, {"decay", "decoupled"}};
  const std::vector<Rational> none(4, Rational(0));
  EXPECT_EQ(path<Rational>("momentum", decoupled, 5, none).back(), 5 * pow(Rational(7) / 8, 4));
}

TEST_F(Run, OfMomentumWithoutMomentumIsSgd) {
  const auto g = gradients(5);
  EXPECT_EQ(path<Rational>("momentum", {{"momentum", "0"}}, 1, g), path<Rational>("sgd", {}, 1, g));
}

TEST_F(Run, OfAdagradDividesByTheRootOfAllSquares) {
  const auto g = gradients(5);
  const auto p = path<Ball>("adagrad", {{"lr", "1/2"}, {"lr_decay", "1/4"}, {"eps", "1/8"}}, Ball(1), g);
  Ball expected = 1, sum = 0;
  for (int t = 1; t <= 5; ++t) {
    const Ball gt = from_rational<Ball>(g[static_cast<std::size_t>(t) - 1]);
    sum += gt * gt;
    expected -= gt / (2 * (1 + Ball(t - 1) / 4)) / (sqrt(sum) + Ball(1) / 8);
    EXPECT_TRUE(agree(p[static_cast<std::size_t>(t)], expected)) << t;
  }
}

TEST_F(Run, OfRmspropDividesByTheRootOfTheMovingAverage) {
  const auto g = gradients(5);
  const auto p = path<Ball>("rmsprop", {{"alpha", "0.75"}, {"eps", "0"}}, Ball(1), g);
  const auto centered =
      path<Ball>("rmsprop", {{"alpha", "0.75"}, {"eps", "0"}, {"centered", "true"}}, Ball(1), g);
  Ball expected = 1, expected_centered = 1;
  for (std::size_t t = 1; t <= 5; ++t) {
    const Ball gt = from_rational<Ball>(g[t - 1]), beta = ball("0.75");
    const Ball squares = average(beta, g, t, 2), mean = average(beta, g, t, 1);
    expected -= ball("0.01") * gt / sqrt(squares);
    expected_centered -= ball("0.01") * gt / sqrt(squares - mean * mean);
    EXPECT_TRUE(agree(p[t], expected)) << t;
    EXPECT_TRUE(agree(centered[t], expected_centered)) << t;
  }
}

/// The step of RMSprop with momentum is a sum of all quotients so far.
TEST_F(Run, OfRmspropWithMomentumSumsTheQuotients) {
  const auto g = gradients(4);
  const auto p = path<Ball>("rmsprop", {{"momentum", "0.5"}, {"eps", "0.1"}, {"lr", "1"}}, Ball(0), g);
  std::vector<Ball> quotients;
  Ball expected = 0;
  for (std::size_t t = 1; t <= 4; ++t) {
    quotients.push_back(from_rational<Ball>(g[t - 1]) / (sqrt(average(ball("0.99"), g, t, 2)) + ball("0.1")));
    for (std::size_t i = 0; i < t; ++i)
      expected -= quotients[i] * pow(ball("0.5"), static_cast<int>(t - 1 - i));
    EXPECT_TRUE(agree(p[t], expected)) << t;
  }
}

TEST_F(Run, OfAdadeltaIsTheRatioOfTwoRootMeanSquares) {
  const auto g = gradients(4);
  const auto p = path<Ball>("adadelta", {{"eps", "1/4"}, {"rho", "0.5"}}, Ball(1), g);
  Ball expected = 1, steps = 0;
  for (std::size_t t = 1; t <= 4; ++t) {
    const Ball rms_of_steps = sqrt(steps + Ball(1) / 4);
    const Ball delta =
        rms_of_steps / sqrt(average(ball("0.5"), g, t, 2) + Ball(1) / 4) * from_rational<Ball>(g[t - 1]);
    expected -= delta;
    steps = (steps + delta * delta) / 2;
    EXPECT_TRUE(agree(p[t], expected)) << t;
  }
}

/// m̂ = g and v̂ = g² after one step.
TEST_F(Run, OfAdamStartsWithAStepOfTheSignOfTheGradient) {
  for (const Rational& g : gradients(8)) {
    const Ball exact = from_rational<Ball>(g), lr = ball("0.001");
    EXPECT_TRUE(agree(path<Ball>("adam", {}, Ball(2), {g}).back(),
                      Ball(2 - lr * exact / (abs(exact) + ball("1e-8")))));
    EXPECT_TRUE(agree(path<Ball>("adam", {{"eps", "0"}}, Ball(2), {g}).back(), Ball(2 - lr * sign(exact))));
  }
}

TEST_F(Run, OfAdamIsItsMomentsWrittenOut) {
  const auto g = gradients(5);
  const auto p = path<Ball>("adam", {{"betas", "0.5,0.75"}, {"lr", "1"}}, Ball(1), g);
  const auto hat = path<Ball>(
      "adam", {{"betas", "0.5,0.75"}, {"lr", "1"}, {"eps_placement", "uncorrected"}, {"eps", "1/4"}}, Ball(1),
      g);
  Ball expected = 1, expected_hat = 1;
  for (std::size_t t = 1; t <= 5; ++t) {
    const Ball first = 1 - pow(ball("0.5"), static_cast<int>(t)),
               second = 1 - pow(ball("0.75"), static_cast<int>(t));
    const Ball m = average(ball("0.5"), g, t, 1), v = average(ball("0.75"), g, t, 2);
    expected -= m / first / (sqrt(v / second) + ball("1e-8"));
    expected_hat -= sqrt(second) / first * m / (sqrt(v) + Ball(1) / 4);
    EXPECT_TRUE(agree(p[t], expected)) << t;
    EXPECT_TRUE(agree(hat[t], expected_hat)) << t;
  }
}

/// With β₁ = 0 Adam is RMSprop with its average corrected: the first steps are those of sign descent.
TEST_F(Run, OfAdamWithoutMomentsOfTheGradientDividesByItsMagnitude) {
  const auto g = gradients(4);
  Ball expected = 1;
  for (const Rational& element : g) expected -= ball("0.001") * sign(from_rational<Ball>(element));
  EXPECT_TRUE(agree(path<Ball>("adam", {{"betas", "0,0"}, {"eps", "0"}}, Ball(1), g).back(), expected));
}

TEST_F(Run, OfAdamwWithoutDecayIsAdamAndTheirDecaysDiffer) {
  const auto g = gradients(5);
  const auto adam = path<Ball>("adam", {}, Ball(1), g);
  const auto adamw = path<Ball>("adamw", {{"weight_decay", "0"}}, Ball(1), g);
  for (std::size_t t = 0; t <= 5; ++t) EXPECT_TRUE(agree(adamw[t], adam[t]));
  const Attributes decay = {{"weight_decay", "0.5"}};
  EXPECT_FALSE(
      overlaps(path<Ball>("adam", decay, Ball(1), g).back(), path<Ball>("adamw", decay, Ball(1), g).back()));
}

/// Without a gradient nothing is left of Adam, and the decay alone acts.
TEST_F(Run, OfAdamwDecaysByLrTimesTheRateOrByTheRate) {
  const std::vector<Rational> none(3, Rational(0));
  const Attributes scaled = {{"weight_decay", "0.5"}, {"lr", "0.1"}};
  Attributes unscaled = scaled;
  unscaled["decay_rate"] = "unscaled";
  EXPECT_TRUE(agree(path<Ball>("adamw", scaled, Ball(1), none).back(), pow(ball("0.95"), 3)));
  EXPECT_TRUE(agree(path<Ball>("adamw", unscaled, Ball(1), none).back(), pow(ball("0.5"), 3)));
}

TEST_F(Run, OfAmsgradIsAdamWhileTheSecondMomentGrowsAndSlowerAfterwards) {
  const std::vector<Rational> growing = {1, 2, 4, 8}, falling = {8, 0, 0, 0, 0};
  const Attributes fast = {{"betas", "0.5,0.5"}, {"lr", "1"}};
  const auto adam = path<Ball>("adam", fast, Ball(0), growing),
             ams = path<Ball>("amsgrad", fast, Ball(0), growing);
  for (std::size_t t = 0; t <= 4; ++t) EXPECT_TRUE(agree(ams[t], adam[t]));
  EXPECT_TRUE(abs(path<Ball>("amsgrad", fast, Ball(0), falling).back()) <
              abs(path<Ball>("adam", fast, Ball(0), falling).back()));
}

/// uₜ = maxᵢ β₂ᵗ⁻ⁱ (|gᵢ| + eps), in fractions.
TEST_F(Run, OfAdamaxIsTheMaximumWrittenOut) {
  const auto g = gradients(6);
  const Rational beta1 = Rational(1) / 2, beta2 = Rational(3) / 4, eps = Rational(1) / 16;
  const auto p = path<Rational>("adamax", {{"betas", "0.5,0.75"}, {"lr", "1"}, {"eps", "1/16"}}, 1, g);
  Rational expected = 1;
  for (int t = 1; t <= 6; ++t) {
    Rational m = 0, u = 0;
    for (int i = 1; i <= t; ++i) {
      const Rational& gi = g[static_cast<std::size_t>(i) - 1];
      m += (1 - beta1) * pow(beta1, t - i) * gi;
      u = max(u, Rational(pow(beta2, t - i) * (abs(gi) + eps)));
    }
    expected -= m / (1 - pow(beta1, t)) / u;
    EXPECT_EQ(p[static_cast<std::size_t>(t)], expected) << t;
  }
}

TEST_F(Run, OfNadamIsDozatsFormula) {
  const auto g = gradients(5);
  for (const bool constant : {false, true}) {
    const auto p = path<Ball>("nadam", {{"schedule", constant ? "constant" : "decaying"}}, Ball(1), g);
    const auto mu = [&](std::size_t t) {
      const Ball decay = exp(log(ball("0.96")) * Ball(static_cast<int>(t)) * ball("0.004")) / 2;
      return constant ? ball("0.9") : Ball(ball("0.9") * (1 - decay));
    };
    Ball expected = 1, product = 1;
    for (std::size_t t = 1; t <= 5; ++t) {
      product *= mu(t);
      const Ball gt = from_rational<Ball>(g[t - 1]), m = average(ball("0.9"), g, t, 1);
      const Ball v_hat = average(ball("0.999"), g, t, 2) / (1 - pow(ball("0.999"), static_cast<int>(t)));
      const Ball m_hat = mu(t + 1) * m / (1 - product * mu(t + 1)) + (1 - mu(t)) * gt / (1 - product);
      expected -= ball("0.002") * m_hat / (sqrt(v_hat) + ball("1e-8"));
      EXPECT_TRUE(agree(p[t], expected)) << t;
    }
  }
}

/// ρₜ = ρ∞ − 2 t β₂ᵗ / (1 − β₂ᵗ); the steps are plain momentum while ρₜ ≤ 5.
TEST_F(Run, OfRadamIsTheFormulaOfThePaper) {
  const auto g = gradients(9);
  const auto p = path<Ball>("radam", {{"eps", "0"}, {"lr", "1"}}, Ball(0), g);
  const Ball beta2 = ball("0.999"), limit = 2 / (1 - beta2) - 1;
  Ball expected = 0;
  std::size_t rectified = 0;
  for (std::size_t t = 1; t <= 9; ++t) {
    const int n = static_cast<int>(t);
    const Ball power = pow(beta2, n), rho = limit - 2 * n * power / (1 - power);
    const Ball m_hat = average(ball("0.9"), g, t, 1) / (1 - pow(ball("0.9"), n));
    if (rho > Ball(5)) {
      ++rectified;
      const Ball l = sqrt((1 - power) / average(beta2, g, t, 2));
      const Ball r = sqrt((rho - 4) * (rho - 2) * limit / ((limit - 4) * (limit - 2) * rho));
      expected -= m_hat * r * l;
    } else {
      expected -= m_hat;
    }
    EXPECT_TRUE(agree(p[t], expected)) << t;
  }
  EXPECT_EQ(rectified, 4u) << "with the default betas from the sixth step on";
}

TEST_F(Run, OfEveryOptimizerStaysWhereTheGradientIsZero) {
  for (const Operation& operation : catalogue()) {
    if (operation.inputs[0].name != "parameters") continue;
    Attributes attributes;
    if (operation.name == "adamw") attributes["weight_decay"] = "0";
    const auto p = path<Ball>(operation.name, attributes, Ball(3), std::vector<Rational>(3, Rational(0)));
    for (const Ball& element : p) EXPECT_TRUE(contains(element, 3.0)) << operation.name;
  }
}

// ---- Errors -------------------------------------------------------------------------------------------

std::string complaint(std::string_view name, const Shapes& shapes, const Attributes& attributes) {
  try {
    operation_named(name).output_shapes(shapes, attributes);
    return {};
  } catch (const ShapeError& error) {
    return error.what();
  }
}

TEST(OptimizerError, NamesTheStateThatDoesNotFit) {
  EXPECT_EQ(complaint("adam", {{2, 3}, {2, 3}, {3, 2}, absent}, {}),
            "adam: input \"first_moment\" has shape (3, 2); it needs (2, 3), like input \"parameters\"");
  EXPECT_EQ(complaint("sgd", {{2, 3}, absent}, {}),
            "sgd: input \"gradient\" has shape (0); it needs (2, 3), like input \"parameters\"");
  EXPECT_EQ(complaint("sgd", {{0, 3}, {0, 3}}, {}), "") << "nothing to do is no mistake";
}

TEST(OptimizerError, NamesTheSettingThatIsOutOfRange) {
  const Shapes one = {{1}, {1}, absent, absent};
  EXPECT_EQ(complaint("adam", one, {{"lr", "-1"}}),
            "attribute \"lr\" is \"-1\"; it needs a number of at least 0 (learning rate)");
  EXPECT_EQ(
      complaint("adam", one, {{"betas", "0.9,1"}}),
      "attribute \"betas\" is \"0.9,1\"; it needs two numbers from 0 to less than 1 (decay rates of the "
      "first and the second moment)");
  EXPECT_EQ(complaint("adam", one, {{"step", "0"}}),
            "attribute \"step\" is \"0\"; it needs an integer from 1 to 1000000 (which step this is, counted "
            "from 1)");
  EXPECT_NE(complaint("nadam", one, {{"step", "10001"}}), "");
  EXPECT_NE(complaint("radam", one, {{"threshold", "3"}}), "");
  EXPECT_NE(complaint("adadelta", one, {{"eps", "0"}}), "");
  EXPECT_NE(complaint("adadelta", one, {{"rho", "1"}}), "");
  EXPECT_NE(complaint("momentum", {{1}, {1}, absent}, {{"nesterov", "true"}, {"dampening", "0.5"}}), "");
  EXPECT_NE(complaint("clip_grad_value", {{1}}, {{"clip_value", "-1"}}), "");
}

TEST(OptimizerError, IsRaisedForAStepThatIsZeroOverZero) {
  const Operation& adam = operation_named("adam");
  const Tensor<double> p({1}, {1}), none(absent), zero({1});
  try {
    adam.float64.forward({{p, zero, none, none}, {}}, {{"eps", "0"}});
    FAIL() << "must throw";
  } catch (const ShapeError& error) {
    EXPECT_STREQ(error.what(),
                 "adam: a step is divided by 0, because eps and a second moment are 0; it needs eps > 0");
  }
}

}  // namespace
}  // namespace assay::oracles::testing
