#include "oracles/trajectory.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "tests/oracles/ops/gradient_checks.hpp"

namespace assay::oracles::testing {
namespace {

using Vector = Tensor<Rational>;

Vector product(const Tensor<Rational>& a, const Vector& x) {
  Vector y(Shape{x.size()});
  for (std::size_t i = 0; i < y.size(); ++i)
    for (std::size_t j = 0; j < y.size(); ++j) y[i] += a(i, j) * x[j];
  return y;
}

/// f(x) = ½ xᵀ A x − bᵀ x with b = A c, whose minimum is c.
struct Quadratic {
  Tensor<Rational> a{{2, 2}, {Rational(3), Rational(1) / 2, Rational(1) / 2, Rational(1)}};
  Vector c{{2}, {Rational(2) / 3, Rational(-5)}};
  Vector b = product(a, c);

  Vector gradient(const Vector& x) const {
    Vector g = product(a, x);
    for (std::size_t i = 0; i < g.size(); ++i) g[i] -= b[i];
    return g;
  }
  GradientFunction<Rational> function() const {
    return [this](const Vector& x) { return gradient(x); };
  }
};

const Vector start({2}, {Rational(7), Rational(1) / 4});

/// xₖ = c + (I − lr A)ᵏ (x₀ − c), exactly.
TEST(Trajectory, OnAQuadraticIsAPowerOfAMatrix) {
  const Quadratic f;
  const Rational lr = Rational(1) / 5;
  const auto path = trajectory<Rational>({"sgd", {{"lr", "0.2"}}, 20}, start, f.function());
  ASSERT_EQ(path.size(), 21u);
  Vector away({2}, {start[0] - f.c[0], start[1] - f.c[1]});
  for (const Vector& x : path) {
    EXPECT_EQ(x, (Vector({2}, {f.c[0] + away[0], f.c[1] + away[1]})));
    const Vector pulled = product(f.a, away);
    for (std::size_t i = 0; i < 2; ++i) away[i] -= lr * pulled[i];
  }
}

TEST(Trajectory, IsThatOfTheOperationForQuadratics) {
  const Quadratic f;
  const Attributes ten = {{"steps", "10"}};
  const auto path = trajectory<Rational>({"sgd", {{"lr", "0.2"}}, 10}, start, f.function());
  const auto all = operation_named("gradient_descent_quadratic")
                       .rational.forward({{f.a, f.b, start, Vector::scalar(Rational(1) / 5)}, {}}, ten)[0];
  for (std::size_t k = 0; k <= 10; ++k)
    for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(all(k, i), path[k][i]);
}

/// The shifted parameters are p + μ v of Sutskever's, with v = the last step; PyTorch's flag is the shifted
/// form.
TEST(Trajectory, OfNesterovIsOnePathInAllFormulations) {
  const Quadratic f;
  const Rational mu = Rational(1) / 2;
  const Attributes settings = {{"lr", "0.2"}, {"momentum", "0.5"}};
  Attributes shifted = settings, flag = settings;
  shifted["form"] = "shifted";
  flag["nesterov"] = "true";
  Attributes classic_flag = flag;
  classic_flag["form"] = "classic";
  const auto sutskever = trajectory<Rational>({"nesterov", settings, 12}, start, f.function());
  const auto ahead = trajectory<Rational>({"nesterov", shifted, 12}, start, f.function());
  for (std::size_t k = 1; k <= 12; ++k)
    for (std::size_t i = 0; i < 2; ++i)
      EXPECT_EQ(ahead[k][i], sutskever[k][i] + mu * (sutskever[k][i] - sutskever[k - 1][i]));
  EXPECT_EQ(trajectory<Rational>({"momentum", flag, 12}, start, f.function()), ahead);
  EXPECT_EQ(trajectory<Rational>({"momentum", classic_flag, 12}, start, f.function()), ahead);
  EXPECT_NE(trajectory<Rational>({"momentum", settings, 12}, start, f.function()), ahead);
}

TEST(Trajectory, OfBothFormsOfMomentumIsOnePathWhileTheRateIsConstant) {
  const Quadratic f;
  EXPECT_EQ(trajectory<Rational>({"momentum", {{"form", "classic"}}, 8}, start, f.function()),
            trajectory<Rational>({"momentum", {{"form", "pytorch"}}, 8}, start, f.function()));
}

TEST(Trajectory, OnBallsEnclosesTheExactOne) {
  const Quadratic f;
  const PrecisionScope scope(256);
  const GradientFunction<Ball> gradient = [&](const Tensor<Ball>& x) {
    Tensor<Ball> g(Shape{2});
    for (std::size_t i = 0; i < 2; ++i)
      g[i] = to_ball(f.a(i, 0)) * x[0] + to_ball(f.a(i, 1)) * x[1] - to_ball(f.b[i]);
    return g;
  };
  const Descent descent{"momentum", {{"lr", "0.1"}}, 30};
  const auto exact = trajectory<Rational>(descent, start, f.function());
  const auto enclosed = trajectory<Ball>(descent, as<Ball>(start), gradient);
  for (std::size_t k = 0; k < exact.size(); ++k)
    for (std::size_t i = 0; i < 2; ++i) {
      EXPECT_TRUE(contains(enclosed[k][i], exact[k][i]));
      EXPECT_TRUE(is_informative(enclosed[k][i]) || radius_double(enclosed[k][i]) < 1e-50);
    }
}

TEST(Trajectory, OfEveryOptimizerComesNearTheMinimumOfAParabola) {
  const GradientFunction<double> gradient = [](const Tensor<double>& x) {
    return Tensor<double>::scalar(2 * (x[0] - 1));
  };
  for (const Operation& operation : catalogue()) {
    if (operation.inputs[0].name != "parameters") continue;
    Attributes attributes = {{"lr", operation.name == "adagrad" ? "1" : "0.02"}};
    if (operation.name == "adadelta") attributes = {{"eps", "0.01"}};
    if (operation.name == "adamw") attributes["weight_decay"] = "0";
    const auto path = trajectory<double>({std::string(operation.name), attributes, 2000},
                                         Tensor<double>::scalar(3), gradient);
    EXPECT_LT(std::fabs(path.back()[0] - 1), 0.05) << operation.name;
  }
}

TEST(Trajectory, RefusesWhatIsNoOptimizerOrHasNoFractions) {
  const auto complaint = [](const Descent& descent) -> std::string {
    try {
      trajectory<Rational>(descent, start, [](const Vector& x) { return x; });
      return {};
    } catch (const ShapeError& error) {
      return error.what();
    }
  };
  EXPECT_EQ(complaint({"relu", {}, 1}),
            "trajectory of relu: the operation is no optimizer; it needs the inputs parameters and gradient");
  EXPECT_EQ(complaint({"adam", {}, 1}),
            "trajectory of adam: the operation draws roots, so it has no exact fractions; it needs another "
            "number type");
  EXPECT_EQ(complaint({"adamax", {{"step", "3"}}, 1}),
            "trajectory of adamax: the attribute \"step\" is counted, not given");
  EXPECT_THROW(trajectory<Rational>({"sdg", {}, 1}, start, [](const Vector& x) { return x; }),
               UnknownOperation);
  const auto narrower = [](const Vector& x) { return Vector({1}, {x[0]}); };
  EXPECT_THROW(trajectory<Rational>({"sgd", {}, 1}, start, narrower), ShapeError);
}

// ---- The quartic x⁴ / 2 -------------------------------------------------------------------------------

std::vector<Rational> quartic(const Rational& x0, const Rational& lr, int steps) {
  const Arguments<Rational> arguments{{Vector::scalar(x0), Vector::scalar(lr)}, {}};
  return operation_named("gradient_descent_quartic")
      .rational.forward(arguments, {{"steps", std::to_string(steps)}})[0]
      .data;
}

TEST(Quartic, IsTheTrajectoryOfSgdOnItsGradient) {
  const auto path = trajectory<Rational>({"sgd", {{"lr", "0.3"}}, 5}, Vector::scalar(Rational(3) / 2),
                                         [](const Vector& x) { return Vector::scalar(2 * pow(x[0], 3)); });
  const auto all = quartic(Rational(3) / 2, Rational(3) / 10, 5);
  for (std::size_t k = 0; k < all.size(); ++k) EXPECT_EQ(all[k], path[k][0]);
}

/// lr x₀² < 1: every step shrinks |x|, because |1 − 2 lr x²| < 1.
TEST(Quartic, ConvergesInsideItsRegion) {
  CaseGenerator generator(2);
  for (int i = 0; i < 30; ++i) {
    const Rational x0 = generator.number({-3, 3}), share = generator.number({0.01, 0.99});
    const auto x = quartic(x0, share / (x0 * x0), 5);
    for (std::size_t k = 1; k < x.size(); ++k) EXPECT_LT(abs(x[k]), abs(x[k - 1]));
  }
  const Arguments<double> from_one{{Tensor<double>::scalar(1), Tensor<double>::scalar(0.9)}, {}};
  const auto x =
      operation_named("gradient_descent_quartic").float64.forward(from_one, {{"steps", "10000"}})[0];
  EXPECT_LT(std::fabs(x.data.back()), 0.01) << "x falls like 1/sqrt(4 lr k)";
}

/// lr x₀² = 1: x₁ = −x₀ exactly, for ever.
TEST(Quartic, OscillatesOnTheEdgeOfItsRegion) {
  CaseGenerator generator(3);
  for (int i = 0; i < 30; ++i) {
    const Rational x0 = generator.number({-3, 3});
    const auto x = quartic(x0, 1 / (x0 * x0), 10);
    for (std::size_t k = 0; k < x.size(); ++k) EXPECT_EQ(x[k], k % 2 == 0 ? x0 : Rational(-x0));
  }
}

TEST(Quartic, DivergesOutsideItsRegion) {
  CaseGenerator generator(4);
  for (int i = 0; i < 30; ++i) {
    const Rational x0 = generator.number({-3, 3}), excess = generator.number({1.01, 3});
    const auto x = quartic(x0, excess / (x0 * x0), 5);
    for (std::size_t k = 1; k < x.size(); ++k) EXPECT_GT(abs(x[k]), abs(x[k - 1]));
  }
}

TEST(Quartic, LimitsTheStepsOfFractionsWhoseDigitsTriple) {
  EXPECT_NO_THROW(quartic(Rational(1) / 3, Rational(1) / 7, 10));
  try {
    quartic(Rational(1) / 3, Rational(1) / 7, 11);
    FAIL() << "must throw";
  } catch (const ShapeError& error) {
    EXPECT_STREQ(error.what(),
                 "attribute \"steps\" is \"11\"; it needs at most 10 for fractions, whose digits triple with "
                 "each step (how many steps are made)");
  }
  const auto shapes = operation_named("gradient_descent_quartic").output_shapes;
  EXPECT_THROW(shapes({{}, {}}, {{"steps", "-1"}}), ShapeError);
  EXPECT_THROW(shapes({{2}, {}}, {}), ShapeError);
  EXPECT_THROW(operation_named("gradient_descent_quadratic").output_shapes({{2, 3}, {2}, {2}, {}}, {}),
               ShapeError);
}

/// ∂x₁/∂x₀ = 1 − 6 lr x₀²: at lr x₀² = 1 the oscillation has slope −5, so it is not stable.
TEST(Quartic, HasTheSlopeOfOneStep) {
  const Arguments<Rational> arguments{{Vector::scalar(2), Vector::scalar(Rational(1) / 4)}, {}};
  const auto gradients =
      operation_named("gradient_descent_quartic")
          .rational.vjp(arguments, {Vector({2}, {Rational(0), Rational(1)})}, {{"steps", "1"}});
  EXPECT_EQ(gradients[0][0], -5);
  EXPECT_EQ(gradients[1][0], -16);
}

}  // namespace
}  // namespace assay::oracles::testing
