#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/oracles/ops/calls.hpp"

namespace assay::oracles::testing {
namespace {

// ---- Dropout --------------------------------------------------------------------------------------------

template <class T>
Tensor<T> dropped(const Tensor<T>& x, const IndexTensor& mask, const Attributes& attributes) {
  return evaluator_of<T>("dropout").forward({{x}, {mask}}, attributes)[0];
}

/// Over all masks, weighed by their probabilities, the mean of training is the result of inference: what
/// both ways of scaling are for.
TEST(Dropout, KeepsTheMeanOfTrainingAndInferenceEqual) {
  CaseGenerator generator(11);
  constexpr std::size_t n = 4;
  const Tensor<Rational> x = generator.tensor({n});
  for (const char* const mode : {"inverted", "classic"})
    for (const char* const text : {"0", "1/3", "3/4"}) {
      const Attributes training = {{"mode", mode}, {"p", text}};
      Attributes inference = training;
      inference["training"] = "false";
      const Rational p = parse_rational(text);
      Tensor<Rational> mean({n});
      for (std::size_t bits = 0; bits < (1u << n); ++bits) {
        IndexTensor mask({n});
        Rational weight = 1;
        for (std::size_t i = 0; i < n; ++i) {
          mask[i] = static_cast<std::int64_t>(bits >> i & 1);
          weight *= mask[i] ? Rational(1 - p) : p;
        }
        const Tensor<Rational> y = dropped(x, mask, training);
        for (std::size_t i = 0; i < n; ++i) mean[i] += weight * y[i];
      }
      EXPECT_EQ(mean, dropped(x, IndexTensor({n}), inference)) << mode << " " << text;
    }
}

TEST(Dropout, GivesZeroWhereTheMaskIsZeroAndEverywhereForProbabilityOne) {
  const Tensor<double> x({3}, {1, -2, 1e308});
  const IndexTensor mask({3}, {1, 0, 1});
  EXPECT_EQ(dropped(x, mask, {{"p", "1"}}), Tensor<double>({3}));
  EXPECT_EQ(dropped(x, mask, {{"mode", "classic"}}), (Tensor<double>({3}, {1, 0, 1e308})));
  EXPECT_EQ(dropped(x, mask, {{"training", "false"}}), x);
  EXPECT_NE(complaint("dropout", {{3}, {3}}, {{"p", "1.5"}}), "");
  EXPECT_EQ(complaint("dropout", {{3}, {2}}),
            "dropout: input \"mask\" has shape (2); it needs (3), like input \"X\"");
}

// ---- Penalties ------------------------------------------------------------------------------------------

/// Of a multiple of W the first is a multiple, the second its square; and |a + b| for one sign is their sum.
TEST(Penalty, IsTheNaiveSumOfMagnitudesOrSquares) {
  CaseGenerator generator(12);
  const Tensor<Rational> w = generator.tensor({2, 3});
  const Rational strength = Rational(3) / 7;
  Rational magnitudes = 0, squares = 0;
  for (const Rational& element : w.data) {
    magnitudes += element < 0 ? Rational(-element) : element;
    squares += element * element;
  }
  const auto of = [&](const char* name, const Attributes& attributes) {
    return output_of<Rational>(name, {w, Tensor<Rational>::scalar(strength)}, attributes)[0];
  };
  EXPECT_EQ(of("l1_penalty", {}), strength * magnitudes);
  EXPECT_EQ(of("l2_penalty", {}), strength * squares);
  EXPECT_EQ(of("l2_penalty", {{"scale", "1/2"}}), strength * squares / 2);
}

TEST(PenaltyKink, OfL1IsTheWholeSubdifferential) {
  const auto slopes =
      cotangents_of<Ball>("l1_penalty", {vector_of<Ball>({Ball(0), Ball(2)}), Tensor<Ball>::scalar(Ball(3))},
                          {Tensor<Ball>::scalar(Ball(1))})[0];
  expect_interval(slopes[0], -3, 3);
  EXPECT_TRUE(slopes[1] == Ball(3));
  EXPECT_EQ(cotangents_of<double>("l1_penalty", {vector_of<double>({0}), Tensor<double>::scalar(3)},
                                  {Tensor<double>::scalar(1)})[0][0],
            0);
}

// ---- Thresholds -----------------------------------------------------------------------------------------

Rational magnitude(const Rational& x) {
  return x < 0 ? Rational(-x) : x;
}

/// f is convex, so no point nearby being smaller means that none is.
template <class F>
void expect_minimum(const F& f, const Rational& at) {
  for (const int exponent : {0, 5, 40})
    for (const int side : {-1, 1}) {
      const Rational other = at + side * pow(Rational(2), -exponent);
      EXPECT_LT(f(at), f(other)) << at << " beside " << other;
    }
}

/// y minimises ½ (x − w)² + t |w|.
TEST(SoftThreshold, IsTheProximalPointOfTheMagnitude) {
  CaseGenerator generator(13);
  for (int i = 0; i < 40; ++i) {
    const Rational x = generator.number(), t = generator.number({0, 4});
    const Rational y =
        output_of<Rational>("soft_threshold", {Tensor<Rational>::scalar(x), Tensor<Rational>::scalar(t)})[0];
    expect_minimum([&](const Rational& w) { return Rational((x - w) * (x - w) / 2 + t * magnitude(w)); }, y);
  }
}

/// w minimises ½ h (w − o)² + s |w|.
TEST(DiagonalLasso, IsTheMinimumOfThePenalisedQuadratic) {
  CaseGenerator generator(14);
  for (int i = 0; i < 40; ++i) {
    const Rational o = generator.number(), h = generator.number({0.5, 5}), s = generator.number({0, 4});
    const Rational w = output_of<Rational>(
        "diagonal_lasso",
        {Tensor<Rational>::scalar(o), Tensor<Rational>::scalar(h), Tensor<Rational>::scalar(s)})[0];
    expect_minimum([&](const Rational& v) { return Rational(h * (v - o) * (v - o) / 2 + s * magnitude(v)); },
                   w);
  }
}

TEST(DiagonalLasso, OfCurvatureOneIsSoftThreshold) {
  CaseGenerator generator(15);
  const Tensor<Rational> x = generator.tensor({9}), one({9}, std::vector<Rational>(9, 1));
  const auto t = Tensor<Rational>::scalar(Rational(3) / 2);
  EXPECT_EQ(output_of<Rational>("diagonal_lasso", {x, one, t}),
            output_of<Rational>("soft_threshold", {x, t}));
}

TEST(ThresholdKink, IsTheHullOfBothSidesAndZeroOnNumbers) {
  const auto at = [](const auto& x, const auto& t, const auto& upstream) {
    using T = std::decay_t<decltype(x)>;
    return cotangents_of<T>("soft_threshold", {Tensor<T>::scalar(x), Tensor<T>::scalar(t)},
                            {Tensor<T>::scalar(upstream)})[0][0];
  };
  expect_interval(at(Ball(2), Ball(2), Ball(5)), 0, 5);
  expect_interval(at(Ball(-2), Ball(2), Ball(5)), 0, 5);
  EXPECT_EQ(at(2.0, 2.0, 5.0), 0);
  EXPECT_EQ(at(Rational(-2), Rational(2), Rational(5)), 0);
}

TEST(ThresholdError, NamesWhatIsNegative) {
  const auto scalar = [](double x) { return Tensor<double>::scalar(x); };
  EXPECT_EQ(message_of([&] {
              output_of<double>("soft_threshold", {scalar(1), scalar(-1)});
            }),
            "soft_threshold: input \"threshold\" is negative; it needs a number of at least 0");
  EXPECT_EQ(message_of([&] {
              output_of<double>("diagonal_lasso", {scalar(1), scalar(0), scalar(1)});
            }),
            "diagonal_lasso: input \"hessian\" is not positive at index 0; it needs numbers greater than 0");
}

}  // namespace
}  // namespace assay::oracles::testing
