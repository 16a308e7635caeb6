#include "tests/oracles/ops/losses.hpp"

namespace assay::oracles::testing {
namespace {

using CrossEntropy = LossTest;

constexpr const char* hard = "softmax_cross_entropy";
constexpr const char* soft = "softmax_cross_entropy_soft";

TEST_F(CrossEntropy, IsNllOfLogSoftmaxWithWeightsAndIgnoredRows) {
  for (int i = 0; i < cases; ++i)
    for (const std::string reduction : {"none", "mean", "sum"}) {
      const auto z = balls({6, 4}), weights = balls({4}, {0.1, 2});
      const std::vector<IndexTensor> y = {labels(6, 4)};
      const Attributes attributes = {{"reduction", reduction}, {"ignore_index", "1"}};
      const auto log_p = result<Ball>("log_softmax", {z});
      for (const auto& w : {weights, nothing<Ball>()})
        expect_same(result<Ball>(hard, {z, w}, y, attributes), result<Ball>("nll", {log_p, w}, y, attributes),
                    reduction);
    }
}

/// Σₙ w_y (−log p_y) / Σₙ w_y, in a plain loop over exact fractions.
TEST(Nll, IsThePlainLoopOnFractions) {
  CaseGenerator generator(3);
  for (int i = 0; i < 40; ++i) {
    const auto x = generator.tensor({5, 3}, {-5, 0}), w = generator.tensor({3}, {0.1, 2});
    IndexTensor y(Shape{5});
    for (auto& label : y.data)
      label = generator.integer(0, 3) == 3 ? -100 : std::int64_t(generator.integer(0, 2));
    y[0] = 1;
    Rational total = 0, weight = 0;
    for (std::size_t n = 0; n < 5; ++n)
      if (y[n] >= 0) {
        const auto label = static_cast<std::size_t>(y[n]);
        total -= w[label] * x(n, label);
        weight += w[label];
      }
    EXPECT_EQ(result<Rational>("nll", {x, w}, {y})[0], total / weight);
    EXPECT_EQ(result<Rational>("nll", {x, w}, {y}, {{"reduction", "sum"}})[0], total);
  }
}

TEST_F(CrossEntropy, WithOneHotTargetsIsThatWithLabels) {
  for (int i = 0; i < cases; ++i) {
    const auto z = balls({4, 5});
    const IndexTensor y = labels(4, 5);
    for (const std::string smoothing : {"0", "1/8"}) {
      const Attributes attributes = {{"label_smoothing", smoothing}};
      expect_same(result<Ball>(soft, {z, one_hot(y, 5), nothing<Ball>()}, {}, attributes),
                  result<Ball>(hard, {z, nothing<Ball>()}, {y}, attributes));
      expect_same(gradients<Ball>(soft, {z, one_hot(y, 5), nothing<Ball>()}, {}, attributes)[0],
                  gradients<Ball>(hard, {z, nothing<Ball>()}, {y}, attributes)[0]);
    }
  }
}

/// Smoothing ε mixes the one-hot target with the uniform distribution over all C classes, not the C − 1
/// others.
TEST_F(CrossEntropy, WithLabelSmoothingHasTheMixedTargets) {
  const Ball epsilon = Ball(1) / 8;
  for (int i = 0; i < cases; ++i) {
    const auto z = balls({4, 5}), w = balls({5}, {0.1, 2});
    const IndexTensor y = labels(4, 5);
    const auto mixed =
        each(one_hot(y, 5), [&](const Ball& t) { return Ball((1 - epsilon) * t + epsilon / 5); });
    const Attributes smoothed = {{"label_smoothing", "1/8"}, {"reduction", "sum"}},
                     sum = {{"reduction", "sum"}};
    for (const auto& weights : {w, nothing<Ball>()})
      expect_same(result<Ball>(hard, {z, weights}, {y}, smoothed),
                  result<Ball>(soft, {z, mixed, weights}, {}, sum));
  }
}

TEST_F(CrossEntropy, OfTheSoftmaxOfItsLogitsIsTheEntropy) {
  for (int i = 0; i < cases; ++i) {
    const auto z = balls({3, 4}), p = result<Ball>("softmax", {z});
    const auto minus_log = each(result<Ball>("log_softmax", {z}), [](const Ball& x) { return Ball(-x); });
    Ball entropy(0);
    for (std::size_t k = 0; k < p.size(); ++k) entropy += p[k] * minus_log[k];
    expect_same(result<Ball>(soft, {z, p, nothing<Ball>()}, {}, {{"reduction", "sum"}}),
                Tensor<Ball>::scalar(entropy));
    const auto cotangents = gradients<Ball>(soft, {z, p, nothing<Ball>()});
    for (const Ball& d : cotangents[0].data)
      EXPECT_TRUE(contains(d, 0.0)) << "the entropy is the least cross-entropy";
  }
}

TEST_F(CrossEntropy, HasTheHessianOfTheLogSumExp) {
  const Ball h = from_rational<Ball>(Rational(1) / pow(Rational(2), 80));
  constexpr std::size_t classes = 4;
  for (int i = 0; i < 10; ++i) {
    const auto z = balls({1, classes}), p = result<Ball>("softmax", {z});
    const IndexTensor y = labels(1, classes);
    Tensor<Ball> hessian({classes, classes});
    for (std::size_t j = 0; j < classes; ++j) {
      const auto moved = [&](const Ball& t) {
        Tensor<Ball> there = z;
        there[j] += t;
        return gradients<Ball>(hard, {there, nothing<Ball>()}, {y})[0];
      };
      // |f(h) − f(−h) − 2h f′(0)| ≤ h³ max|f‴|/3, and the third derivatives of log Σ exp are at most 2.
      const auto up = moved(h), down = moved(-h);
      for (std::size_t k = 0; k < classes; ++k)
        hessian(k, j) = ball_around(Ball((up[k] - down[k]) / (2 * h)), Ball(h * h));
    }
    for (std::size_t k = 0; k < classes; ++k) {
      Ball row(0);
      for (std::size_t j = 0; j < classes; ++j) {
        EXPECT_TRUE(overlaps(hessian(k, j), Ball((k == j ? p[k] : Ball(0)) - p[k] * p[j])));
        EXPECT_TRUE(overlaps(hessian(k, j), hessian(j, k)));
        row += hessian(k, j);
      }
      EXPECT_TRUE(contains(row, 0.0)) << "a common shift of the logits changes nothing";
    }
    // vᵀ H v = Var_p(v) > 0 for a v that is not constant.
    const auto v = balls({classes});
    Ball form(0);
    for (std::size_t k = 0; k < classes; ++k)
      for (std::size_t j = 0; j < classes; ++j) form += v[k] * hessian(k, j) * v[j];
    EXPECT_TRUE(form > 0);
  }
}

TEST_F(CrossEntropy, OfTwoClassesIsBinaryCrossEntropyOfTheirDifference) {
  for (int i = 0; i < cases; ++i) {
    const auto z = balls({5, 2});
    const IndexTensor y = labels(5, 2);
    Tensor<Ball> difference(Shape{5}), target(Shape{5});
    for (std::size_t n = 0; n < 5; ++n) {
      difference[n] = z(n, 1) - z(n, 0);
      target[n] = Ball(static_cast<int>(y[n]));
    }
    const auto binary =
        result<Ball>("binary_cross_entropy_with_logits", {difference, target, nothing<Ball>()});
    expect_same(result<Ball>(hard, {z, nothing<Ball>()}, {y}), binary);
    const auto p = each(difference, [](const Ball& x) { return sigmoid(x); });
    expect_same(result<Ball>("binary_cross_entropy", {p, target}), binary);
  }
}

/// −y log p is w-fold for w copies of a positive example.
TEST_F(CrossEntropy, WithAPositiveWeightCountsPositivesSeveralTimes) {
  const Tensor<Ball> x({2, 1}, {Ball(3) / 8, Ball(-2)}), y({2, 1}, {Ball(1), Ball(0)});
  const Tensor<Ball> copied({4, 1}, {x[0], x[0], x[0], x[1]}),
      targets({4, 1}, {Ball(1), Ball(1), Ball(1), Ball(0)});
  const Attributes sum = {{"reduction", "sum"}};
  expect_same(result<Ball>("binary_cross_entropy_with_logits", {x, y, tensor_of<Ball>({Ball(3)})}, {}, sum),
              result<Ball>("binary_cross_entropy_with_logits", {copied, targets, nothing<Ball>()}, {}, sum));
}

TEST_F(CrossEntropy, DivergenceIsNotNegativeAndZeroOfADistributionFromItself) {
  for (int i = 0; i < cases; ++i) {
    const auto p = distributions(3, 4), q = distributions(3, 4);
    const auto log_p = each(p, [](const Ball& x) { return log(x); });
    const auto log_q = each(q, [](const Ball& x) { return log(x); });
    const Attributes batch = {{"reduction", "batchmean"}},
                     logs = {{"log_target", "true"}, {"reduction", "batchmean"}};
    EXPECT_TRUE(contains(result<Ball>("kl_div", {log_p, p}, {}, batch)[0], 0.0));
    const auto divergence = result<Ball>("kl_div", {log_q, p}, {}, batch);
    EXPECT_TRUE(divergence[0] > 0);
    expect_same(divergence, result<Ball>("kl_div", {log_q, log_p}, {}, logs));
    // mean divides by all 12 elements, batchmean by the 3 rows.
    EXPECT_TRUE(overlaps(Ball(4 * result<Ball>("kl_div", {log_q, p})[0]), divergence[0]));
    Ball plain(0);
    for (std::size_t k = 0; k < p.size(); ++k) plain += p[k] * log(Ball(p[k] / q[k]));
    EXPECT_TRUE(overlaps(Ball(plain / 3), divergence[0]));
  }
}

TEST_F(CrossEntropy, ZeroTimesLogZeroIsZero) {
  const auto zero = tensor_of<Ball>({Ball(0)}), x = tensor_of<Ball>({Ball(-2)});
  EXPECT_TRUE(result<Ball>("kl_div", {x, zero})[0] == 0);
  EXPECT_EQ(result<double>("kl_div", {tensor_of({-2.0}), tensor_of({0.0})})[0], 0);
  for (const double p : {0.0, 1.0}) {
    EXPECT_EQ(result<double>("binary_cross_entropy", {tensor_of({p}), tensor_of({p})})[0], 0);
    EXPECT_TRUE(result<Ball>("binary_cross_entropy",
                             {tensor_of<Ball>({Ball(p)}), tensor_of<Ball>({Ball(p)})})[0] == 0);
  }
  // A ball from 0 to 1/2 holds t log t from −1/e to 0.
  const auto wide = tensor_of<Ball>({ball_between(Ball(0), Ball(1) / 2)});
  const Ball set = result<Ball>("kl_div", {tensor_of<Ball>({Ball(0)}), wide})[0];
  EXPECT_TRUE(is_finite(set));
  for (const double t : {0.5, 0.25, 0.01}) EXPECT_TRUE(contains(set, t * std::log(t)));
}

TEST(BinaryCrossEntropy, IsClampedAtMinusHundredOnlyWhereAsked) {
  const auto loss = [](double p, double y, const Attributes& attributes) {
    return result<double>("binary_cross_entropy", {tensor_of({p}), tensor_of({y})}, {}, attributes)[0];
  };
  EXPECT_EQ(loss(0, 1, {}), std::numeric_limits<double>::infinity());
  EXPECT_EQ(loss(0, 1, {{"log_clamp", "minus_100"}}), 100);
  EXPECT_EQ(loss(1, 0, {{"log_clamp", "minus_100"}}), 100);
  EXPECT_EQ(loss(0.25, 1, {{"log_clamp", "minus_100"}}), loss(0.25, 1, {}));
  EXPECT_EQ(gradients<double>("binary_cross_entropy", {tensor_of({1e-50}), tensor_of({1.0})}, {},
                              {{"log_clamp", "minus_100"}})[0][0],
            0)
      << "a bounded logarithm is constant";
}

TEST_F(CrossEntropy, OfADiscriminatorIsBinary) {
  for (int i = 0; i < cases; ++i) {
    const auto real = balls({4}), fake = balls({3});
    const auto ones = tensor_of<Ball>(std::vector<Ball>(4, Ball(1))), zeros = Tensor<Ball>(Shape{3});
    const auto fakes_called_real = tensor_of<Ball>(std::vector<Ball>(3, Ball(1)));
    const char* const binary = "binary_cross_entropy_with_logits";
    const Ball both = result<Ball>(binary, {real, ones, nothing<Ball>()})[0] +
                      result<Ball>(binary, {fake, zeros, nothing<Ball>()})[0];
    EXPECT_TRUE(overlaps(result<Ball>("gan_discriminator", {real, fake})[0], both));
    EXPECT_TRUE(overlaps(result<Ball>("gan_discriminator", {real, fake}, {}, {{"sign", "maximised"}})[0],
                         Ball(-both)));
    expect_same(result<Ball>("gan_generator", {fake}),
                result<Ball>(binary, {fake, fakes_called_real, nothing<Ball>()}));
    const Ball saturating = result<Ball>("gan_generator", {fake}, {}, {{"form", "minimax"}})[0];
    EXPECT_TRUE(overlaps(Ball(-saturating), result<Ball>(binary, {fake, zeros, nothing<Ball>()})[0]));
    const auto chance = [](const Tensor<Ball>& x) {
      return each(x, [](const Ball& z) { return sigmoid(z); });
    };
    EXPECT_TRUE(overlaps(
        result<Ball>("gan_discriminator", {chance(real), chance(fake)}, {}, {{"scores", "probabilities"}})[0],
        both));
  }
}

/// The optimal discriminator of equal distributions says 1/2: the value is −log 4.
TEST_F(CrossEntropy, OfAnUndecidedDiscriminatorIsLogFour) {
  const Tensor<Ball> undecided(Shape{5});
  EXPECT_TRUE(overlaps(result<Ball>("gan_discriminator", {undecided, undecided})[0], log(Ball(4))));
}

TEST_F(CrossEntropy, SaturatesForAMinimaxGeneratorOnly) {
  const auto sure_fake = tensor_of<Ball>({Ball(-50)});
  const Ball saturated = gradients<Ball>("gan_generator", {sure_fake}, {}, {{"form", "minimax"}})[0][0];
  const Ball alive = gradients<Ball>("gan_generator", {sure_fake})[0][0];
  EXPECT_TRUE(saturated < 0 && saturated > -1e-21);
  EXPECT_TRUE(alive < -0.999999);
}

}  // namespace
}  // namespace assay::oracles::testing
