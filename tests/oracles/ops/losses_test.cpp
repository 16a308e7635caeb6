#include <vector>

#include "tests/oracles/ops/losses.hpp"

namespace assay::oracles::testing {
namespace {

using Losses = LossTest;

// ---- Regression
// ---------------------------------------------------------------------------------------------

template <class F>
void expect_loop(std::string_view operation, const Attributes& attributes, const F& f) {
  CaseGenerator generator(5);
  for (int i = 0; i < 30; ++i) {
    const auto x = generator.tensor({2, 3}), t = generator.tensor({2, 3});
    Rational total = 0;
    for (std::size_t k = 0; k < x.size(); ++k) total += f(Rational(x[k] - t[k]));
    EXPECT_EQ(result<Rational>(operation, {x, t}, {}, attributes)[0], total / 6) << operation;
  }
}

TEST(Regression, IsThePlainLoopOnFractions) {
  expect_loop("mse", {}, [](const Rational& d) { return Rational(d * d); });
  expect_loop("l1", {}, [](const Rational& d) { return d < 0 ? Rational(-d) : d; });
  const Rational two = 2;
  expect_loop("huber", {{"delta", "2"}}, [&](const Rational& d) {
    if (d > two) return Rational(2 * d - 2);
    if (d < -two) return Rational(-2 * d - 2);
    return Rational(d * d / 2);
  });
  expect_loop("smooth_l1", {{"beta", "2"}}, [&](const Rational& d) {
    if (d >= two) return Rational(d - 1);
    if (d <= -two) return Rational(-d - 1);
    return Rational(d * d / 4);
  });
}

TEST(Regression, HuberIsSmoothL1TimesItsWidth) {
  CaseGenerator generator(6);
  for (int i = 0; i < 30; ++i) {
    const auto x = generator.tensor({4}), t = generator.tensor({4});
    const std::string width = i % 2 ? "7/4" : "1/3";
    EXPECT_EQ(result<Rational>("huber", {x, t}, {}, {{"delta", width}})[0],
              parse_rational(width) * result<Rational>("smooth_l1", {x, t}, {}, {{"beta", width}})[0]);
  }
  const auto x = generator.tensor({4}), t = generator.tensor({4});
  EXPECT_EQ(result<Rational>("smooth_l1", {x, t}, {}, {{"beta", "0"}}), result<Rational>("l1", {x, t}));
}

/// ½d² and δ(|d| − ½δ) have one value and one slope at |d| = δ: a ball around it stays narrow.
TEST(Regression, HasNoKinkWhereTheSquareBecomesALine) {
  for (const char* const name : {"huber", "smooth_l1"}) {
    const auto x = tensor_of<Ball>({ball_around(Ball(1), Ball(1) / 1024)}), t = tensor_of<Ball>({Ball(0)});
    const Ball slope = gradients<Ball>(name, {x, t})[0][0];
    EXPECT_TRUE(contains(slope, 1.0) && radius_double(slope) <= 1.0 / 512) << name << " " << slope;
    EXPECT_EQ(gradients<Rational>(name, {tensor_of<Rational>({1}), tensor_of<Rational>({0})})[0][0], 1);
  }
}

TEST(Regression, L1AtZeroHasEverySlopeOnBallsAndZeroOnNumbers) {
  const auto zero = tensor_of<Ball>({Ball(0)});
  const auto d = gradients<Ball>("l1", {zero, zero});
  for (const auto& cotangent : d) expect_interval(cotangent[0], -1, 1);
  EXPECT_FALSE(contains(d[0][0], 2.0));
  EXPECT_EQ(gradients<double>("l1", {tensor_of({0.5}), tensor_of({0.5})})[0][0], 0);
  EXPECT_EQ(gradients<double>("smooth_l1", {tensor_of({0.5}), tensor_of({0.5})}, {}, {{"beta", "0"}})[0][0],
            0);
}

// ---- Similarity
// ---------------------------------------------------------------------------------------------

TEST_F(Losses, CosineIsThatOfTheAngleInThePlane) {
  for (int i = 0; i < cases; ++i) {
    const Ball a = balls({1})[0], b = balls({1})[0], r = abs(balls({1})[0]), s = abs(balls({1})[0]);
    const Tensor<Ball> x1({2}, {Ball(r * cos(a)), Ball(r * sin(a))}),
        x2({2}, {Ball(s * cos(b)), Ball(s * sin(b))});
    EXPECT_TRUE(
        overlaps(result<Ball>("cosine_similarity", {x1, x2}, {}, {{"eps", "0"}})[0], cos(Ball(a - b))));
  }
}

TEST_F(Losses, CosineDoesNotTurnWithTheLengthOfItsVectors) {
  for (int i = 0; i < cases; ++i) {
    const auto x1 = balls({2, 3}), x2 = balls({2, 3});
    const auto longer = each(x1, [](const Ball& x) { return Ball(7 * x); });
    for (const std::string clamp : {"each", "product"})
      expect_same(result<Ball>("cosine_similarity", {x1, x2}, {}, {{"clamp", clamp}}),
                  result<Ball>("cosine_similarity", {longer, x2}, {}, {{"clamp", clamp}}));
    const Tensors<Ball> d = gradients<Ball>("cosine_similarity", {x1, x2});
    for (std::size_t n = 0; n < 2; ++n)
      EXPECT_TRUE(contains(dot(&d[0](n, 0), 1, &x1(n, 0), 1, 3), Rational(0))) << "no slope along the vector";
  }
}

TEST(Cosine, OfAZeroVectorIsZeroWithAStraightGradient) {
  const auto zero = tensor_of<double>({0, 0}), x = tensor_of<double>({3, 4});
  for (const std::string clamp : {"each", "product"}) {
    const Attributes attributes = {{"clamp", clamp}, {"eps", "0.5"}};
    EXPECT_EQ(result<double>("cosine_similarity", {zero, x}, {}, attributes)[0], 0) << clamp;
    const auto d = gradients<double>("cosine_similarity", {zero, x}, {}, attributes);
    EXPECT_EQ(d[0][0], 3 / (clamp == "each" ? 0.5 * 5 : 0.5)) << clamp;
    EXPECT_EQ(d[1][0], 0) << clamp;
  }
}

TEST(Cosine, OverflowsForNoLengthOfItsVectors) {
  for (const double scale : {1e-300, 1.0, 1e300}) {
    const auto x1 = tensor_of({3 * scale, 4 * scale}), x2 = tensor_of({4.0, 3.0});
    EXPECT_NEAR(result<double>("cosine_similarity", {x1, x2}, {}, {{"eps", "0"}})[0], 24.0 / 25, 1e-15)
        << scale;
  }
}

TEST_F(Losses, TripletComparesTwoDistances) {
  for (int i = 0; i < cases; ++i)
    for (const std::string p : {"1", "2"}) {
      const auto a = balls({1, 3}), b = balls({1, 3}), c = balls({1, 3});
      const auto distance = [&](const Tensor<Ball>& x, const Tensor<Ball>& y) {
        Ball total(0);
        for (std::size_t k = 0; k < 3; ++k) {
          const Ball d = x[k] - y[k] + Ball(1) / 8;
          total += p == "2" ? Ball(d * d) : abs(d);
        }
        return p == "2" ? sqrt(total) : total;
      };
      const Ball near = distance(a, b), far = distance(a, c), other = distance(b, c);
      const Attributes plain = {{"eps", "1/8"}, {"p", p}},
                       swap = {{"eps", "1/8"}, {"p", p}, {"swap", "true"}};
      EXPECT_TRUE(
          overlaps(result<Ball>("triplet_margin", {a, b, c}, {}, plain)[0], relu(Ball(near - far + 1))));
      EXPECT_TRUE(overlaps(result<Ball>("triplet_margin", {a, b, c}, {}, swap)[0],
                           relu(Ball(near - min(far, other) + 1))));
    }
}

/// Moving all three points together changes nothing: the gradients sum to 0.
TEST_F(Losses, TripletGradientsSumToZero) {
  for (int i = 0; i < cases; ++i) {
    const auto d = gradients<Ball>("triplet_margin", {balls({2, 3}), balls({2, 3}), balls({2, 3})}, {},
                                   {{"margin", "20"}, {"swap", "true"}});
    for (std::size_t k = 0; k < 6; ++k) EXPECT_TRUE(contains(Ball(d[0][k] + d[1][k] + d[2][k]), Rational(0)));
  }
}

TEST(TripletKink, OfEqualPointsIsTheUnitBallOnBallsAndZeroOnNumbers) {
  const Tensor<Ball> a({1, 2}, {Ball(1), Ball(2)}), far({1, 2}, {Ball(1), Ball(3)});
  const auto d = gradients<Ball>("triplet_margin", {a, a, far}, {}, {{"eps", "0"}, {"margin", "2"}});
  expect_interval(d[1][0], -1, 1);
  const Tensor<double> b({1, 2}, {1, 2}), c({1, 2}, {1, 3});
  const auto numbers = gradients<double>("triplet_margin", {b, b, c}, {}, {{"eps", "0"}, {"margin", "2"}});
  EXPECT_EQ(numbers[1].data, (std::vector<double>{0, 0}));
  EXPECT_EQ(numbers[0].data, (std::vector<double>{0, 1})) << "away from the negative only";
}

TEST(TripletKink, OfTheMarginIsTheHullWithZero) {
  // Distances 1 and 2, margin 1: exactly at the margin.
  const Tensor<Ball> a({1, 1}, {Ball(0)}), p({1, 1}, {Ball(1)}), n({1, 1}, {Ball(2)});
  const auto d = gradients<Ball>("triplet_margin", {a, p, n}, {}, {{"eps", "0"}});
  expect_interval(d[1][0], 0, 1);
  expect_interval(d[2][0], -1, 0);
}

// ---- Critics and word vectors
// -------------------------------------------------------------------------------

TEST(WganCritic, IsTheDifferenceOfMeans) {
  const auto real = tensor_of<Rational>({1, 2, 6}), fake = tensor_of<Rational>({5, -1});
  EXPECT_EQ(result<Rational>("wgan_critic", {real, fake})[0], 2 - 3);
  EXPECT_EQ(result<Rational>("wgan_critic", {real, fake}, {}, {{"sign", "maximised"}})[0], 3 - 2);
  EXPECT_EQ(result<Rational>("wgan_critic", {real, fake}, {}, {{"reduction", "sum"}})[0], 4 - 9);
  const auto d = gradients<Rational>("wgan_critic", {real, fake});
  EXPECT_EQ(d[0][0], Rational(-1) / 3);
  EXPECT_EQ(d[1][1], Rational(1) / 2);
}

TEST_F(Losses, GloveIsTheWeightedLoop) {
  for (int i = 0; i < cases; ++i) {
    const auto w = balls({3, 2}), c = balls({2, 2}), x = balls({3, 2}, {1, 200}), b = balls({3}),
               d = balls({2});
    Ball weighted(0), plain(0);
    for (std::size_t k = 0; k < 3; ++k)
      for (std::size_t j = 0; j < 2; ++j) {
        const Ball bare = w(k, 0) * c(j, 0) + w(k, 1) * c(j, 1) - log(x(k, j));
        const Ball full = bare + b[k] + d[j], share = x(k, j) / 50;
        weighted += (share < 1 ? Ball(sqrt(share) * sqrt(sqrt(share))) : Ball(1)) * full * full;
        plain += bare * bare;
      }
    EXPECT_TRUE(overlaps(result<Ball>("glove", {w, c, x, b, d}, {}, {{"x_max", "50"}})[0], weighted));
    EXPECT_TRUE(overlaps(
        result<Ball>("glove", {w, c, x, nothing<Ball>(), nothing<Ball>()}, {}, {{"weighting", "none"}})[0],
        plain));
  }
}

/// From identical vectors, every gradient of the simplified objective Σ (wᵢ·wⱼ − log xᵢⱼ)² is a multiple of
/// the common vector: the model stays of rank one.
TEST_F(Losses, GloveFromIdenticalVectorsMovesAlongThemOnly) {
  const Ball u = balls({1})[0], v = balls({1})[0];
  Tensor<Ball> w({3, 2});
  for (std::size_t k = 0; k < 3; ++k) w(k, 0) = u, w(k, 1) = v;
  const auto x = balls({3, 3}, {1, 200});
  const auto d =
      gradients<Ball>("glove", {w, w, x, nothing<Ball>(), nothing<Ball>()}, {}, {{"weighting", "none"}});
  for (std::size_t k = 0; k < 3; ++k) {
    const Ball first = d[0](k, 0) + d[1](k, 0), second = d[0](k, 1) + d[1](k, 1);
    EXPECT_TRUE(contains(Ball(first * v - second * u), Rational(0)));
  }
}

TEST(Glove, PairsThatNeverOccurCountNothing) {
  const Tensor<double> w({1, 1}, {2}), c({2, 1}, {3, 5}), x({1, 2}, {0, 1});
  const Tensors<double> inputs = {w, c, x, Tensor<double>(absent), Tensor<double>(absent)};
  const double weight = std::pow(0.01, 0.75);
  EXPECT_DOUBLE_EQ(result<double>("glove", inputs)[0], weight * 100);
  const auto d = gradients<double>("glove", inputs);
  EXPECT_EQ(d[1][0], 0);
  EXPECT_DOUBLE_EQ(d[0][0], 2 * weight * 10 * 5);
}

}  // namespace
}  // namespace assay::oracles::testing
