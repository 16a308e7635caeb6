#include <vector>

#include "tests/oracles/ops/losses.hpp"

namespace assay::oracles::testing {
namespace {

using Row = std::vector<Rational>;

/// One row with one label.
template <class T>
T row_loss(std::string_view operation, const std::vector<T>& scores, std::int64_t label,
           const Attributes& attributes = {}) {
  return result<T>(operation, {Tensor<T>(Shape{1, scores.size()}, scores)}, {IndexTensor({1}, {label})},
                   attributes)[0];
}
template <class T>
std::vector<T> row_gradient(std::string_view operation, const std::vector<T>& scores, std::int64_t label,
                            const Attributes& attributes = {}) {
  return gradients<T>(operation, {Tensor<T>(Shape{1, scores.size()}, scores)}, {IndexTensor({1}, {label})},
                      attributes)[0]
      .data;
}

/// Every row of scores on a grid, every label: the textbook's two loops on fractions.
template <class Check>
void for_each_grid_row(const Check& check) {
  for (int a = -2; a <= 2; ++a)
    for (int b = -2; b <= 2; ++b)
      for (int c = -2; c <= 2; ++c)
        for (std::size_t label = 0; label < 3; ++label)
          check(Row{Rational(a) / 2, Rational(b) / 2, Rational(c) / 2}, label);
}

TEST(Hinge, IsTheTextbookLoop) {
  for_each_grid_row([](const Row& s, std::size_t y) {
    Rational plain = 0, squared = 0;
    for (std::size_t j = 0; j < s.size(); ++j) {
      if (j == y) continue;
      const Rational margin = s[j] - s[y] + 1;
      if (margin > 0) plain += margin;
      if (margin > 0) squared += margin * margin;
    }
    const auto label = static_cast<std::int64_t>(y);
    EXPECT_EQ(row_loss("hinge", s, label), plain);
    EXPECT_EQ(row_loss("hinge", s, label, {{"over_classes", "mean"}}), plain / 3);
    EXPECT_EQ(row_loss("squared_hinge", s, label), squared);
  });
}

TEST(Hinge, GivesTheLabelMinusTheNumberOfViolations) {
  const Row scores = {Rational(1), Rational(2), Rational(-5), Rational(3) / 2};
  EXPECT_EQ(row_gradient("hinge", scores, 0), (Row{-2, 1, 0, 1}));
  EXPECT_EQ(row_loss("hinge", scores, 0), Rational(2) + Rational(3) / 2);
}

TEST(Hinge, GradientsOfEachRowSumToZero) {
  for_each_grid_row([](const Row& s, std::size_t y) {
    for (const char* const name : {"hinge", "squared_hinge", "huber_hinge"}) {
      Rational total = 0;
      for (const Rational& d : row_gradient(name, s, static_cast<std::int64_t>(y))) total += d;
      EXPECT_EQ(total, 0) << name << ": a common shift of the scores changes nothing";
    }
  });
}

/// a max(0, d + Δ)² up to d = 0, then b (d + Δ/2).
TEST(HuberHinge, IsThePrintedFormula) {
  const Attributes attributes = {{"a", "3/2"}, {"b", "5"}, {"margin", "3/4"}};
  for_each_grid_row([&](const Row& s, std::size_t y) {
    Rational expected = 0;
    for (std::size_t j = 0; j < s.size(); ++j) {
      if (j == y) continue;
      const Rational d = s[j] - s[y], margin = Rational(3) / 4;
      if (d > 0)
        expected += 5 * (d + margin / 2);
      else if (d + margin > 0)
        expected += Rational(3) / 2 * (d + margin) * (d + margin);
    }
    EXPECT_EQ(row_loss("huber_hinge", s, static_cast<std::int64_t>(y), attributes), expected);
  });
}

/// The derivative for j ≠ y that a student gave in an examination, 2a (d + Δ) for d ≤ 0 and b otherwise,
/// lacks the maximum: it is right above −Δ, and −6 in place of 0 at d = −3 with Δ = 1, a = 3/2.
TEST(HuberHinge, RefutesThePublishedDerivativeBelowTheMarginOnly) {
  const Rational a = Rational(3) / 2, b = 3, margin = 1;
  const Attributes attributes = {{"a", "3/2"}, {"b", "3"}};
  for (int eighths = -40; eighths <= 40; ++eighths) {
    const Rational d = Rational(eighths) / 8;
    const Rational published = d <= 0 ? 2 * a * (d + margin) : b;
    const Rational truth = row_gradient("huber_hinge", Row{0, d}, 0, attributes)[1];
    EXPECT_EQ(truth == published, d >= -margin) << d;
  }
  EXPECT_EQ(row_gradient("huber_hinge", Row{0, -3}, 0, attributes)[1], 0);
  EXPECT_EQ(2 * a * (-3 + margin), -6);
}

/// The published condition for a smooth loss, b = 2aΔ: value and slope on both sides of the tie agree then,
/// and neither does otherwise. Both sides are polynomials, evaluated at the tie through points ever nearer to
/// it.
TEST(HuberHinge, IsSmoothExactlyForThePublishedCondition) {
  for (const int b : {2, 3, 4}) {
    const Attributes attributes = {{"a", "3/4"}, {"b", std::to_string(b)}, {"margin", "2"}};
    const Rational near = Rational(1) / pow(Rational(2), 100);
    const auto jump = [&](const auto& f) { return abs(Rational(f(near) - f(Rational(0)))); };
    const Rational value = jump([&](const Rational& d) {
      return row_loss("huber_hinge", Row{0, d}, 0, attributes);
    });
    const Rational slope = jump([&](const Rational& d) {
      return row_gradient("huber_hinge", Row{0, d}, 0, attributes)[1];
    });
    const Rational small = 10 * near;
    EXPECT_EQ(value < small && slope < small, b == 3) << b;
    EXPECT_EQ(value < small, b == 3) << b;
  }
}

class SmoothHinge : public LossTest {};

TEST_F(SmoothHinge, WithoutMarginIsSoftmaxCrossEntropy) {
  for (int i = 0; i < cases; ++i) {
    const auto s = balls({4, 3});
    const IndexTensor y = labels(4, 3);
    expect_same(result<Ball>("smooth_hinge", {s}, {y}, {{"margin", "0"}}),
                result<Ball>("softmax_cross_entropy", {s, nothing<Ball>()}, {y}));
  }
}

/// Both closed forms of an examination's inventory, and the published last line, which sums over all classes
/// beside exp(s_y − Δ) and is larger.
TEST_F(SmoothHinge, AgreesWithBothClosedFormsAndNotWithThePublishedOne) {
  const std::vector<Ball> s = {Ball(3) / 10, Ball(-12) / 10, Ball(2), Ball(7) / 10};
  const Ball margin = Ball(3) / 2, loss = row_loss("smooth_hinge", s, 1, {{"margin", "1.5"}});
  Ball others(0), all(0);
  for (std::size_t j = 0; j < s.size(); ++j) {
    if (j != 1) others += exp(s[j]);
    all += exp(s[j]);
  }
  EXPECT_TRUE(overlaps(loss, log1p(Ball(others * exp(Ball(margin - s[1]))))));
  const Ball beside = exp(Ball(s[1] - margin));
  EXPECT_TRUE(overlaps(loss, Ball(margin - log(Ball(exp(s[1]) / (others + beside))))));
  EXPECT_FALSE(overlaps(loss, Ball(margin - log(Ball(exp(s[1]) / (all + beside))))));
}

/// max ≤ log-sum-exp ≤ max + log of the number of terms: C for one margin.
TEST_F(SmoothHinge, LiesAboveTheHingeOfTheBestWrongClassByAtMostLogC) {
  for (int i = 0; i < cases; ++i) {
    const auto s = balls({1, 4});
    Ball best(0);
    for (std::size_t j = 1; j < 4; ++j) best = max(best, Ball(s[j] - s[0] + 1));
    const Ball loss = row_loss("smooth_hinge", s.data, 0);
    EXPECT_TRUE(loss > best && loss < best + log(Ball(4)) + Ball(1e-30));
  }
}

// ---- At the margin
// ------------------------------------------------------------------------------------------

/// s_1 − s_0 + 1 = 0: the wrong class has any share of 0 … 1, the label the negative; a third class is
/// beyond.
TEST(MarginKink, OfHingeIsTheWholeSubdifferentialOnBalls) {
  const auto d = row_gradient("hinge", std::vector<Ball>{Ball(2), Ball(1), Ball(5)}, 0);
  expect_interval(d[0], -2, -1);
  expect_interval(d[1], 0, 1);
  EXPECT_TRUE(d[2] == 1);
}

TEST(MarginKink, OfHingeContainsTheConventionsAndNoMore) {
  const auto d = row_gradient("hinge", std::vector<Ball>{Ball(2), Ball(1)}, 0);
  for (const double convention : {0.0, 0.5, 1.0}) EXPECT_TRUE(contains(d[1], convention));
  EXPECT_FALSE(contains(d[1], 1.5) || contains(d[1], -0.5));
  EXPECT_FALSE(contains(d[0], 0.5)) << "the label's score is never pushed down";
  EXPECT_EQ(row_gradient("hinge", Row{2, 1}, 0), (Row{0, 0})) << "as in PyTorch";
}

TEST(MarginKink, OfTheSmoothVariantsIsNone) {
  for (const char* const name : {"squared_hinge", "huber_hinge"}) {
    const auto at_margin = row_gradient(name, std::vector<Ball>{Ball(2), Ball(1)}, 0);
    EXPECT_TRUE(is_exact(at_margin[1]) && at_margin[1] == 0) << name;
  }
  const auto at_tie = row_gradient("huber_hinge", std::vector<Ball>{Ball(2), Ball(2)}, 0);
  EXPECT_TRUE(is_exact(at_tie[1]) && at_tie[1] == 1);
  const Ball around = ball_around(Ball(2), Ball(1) / 1024);
  const auto near_tie = row_gradient("huber_hinge", std::vector<Ball>{Ball(2), around}, 0);
  EXPECT_TRUE(contains(near_tie[1], 1.0) && radius_double(near_tie[1]) < 1.0 / 256);
}

TEST(MarginKink, OfHingeEmbeddingIsTheSubdifferentialOnBalls) {
  const std::vector<IndexTensor> dissimilar = {IndexTensor({1}, {-1})};
  expect_interval(gradients<Ball>("hinge_embedding", {tensor_of<Ball>({Ball(1)})}, dissimilar)[0][0], -1, 0);
  EXPECT_EQ(gradients<Rational>("hinge_embedding", {tensor_of<Rational>({1})}, dissimilar)[0][0], 0);
}

TEST(HingeEmbedding, IsTheDistanceOrWhatItLacks) {
  const auto x = tensor_of<Rational>({Rational(1) / 4, Rational(1) / 4, 3, 3});
  const std::vector<IndexTensor> y = {IndexTensor({4}, {1, -1, 1, -1})};
  EXPECT_EQ(result<Rational>("hinge_embedding", {x}, y, {{"margin", "2"}, {"reduction", "none"}}).data,
            (Row{Rational(1) / 4, Rational(7) / 4, 3, 0}));
}

TEST(ZeroOne, CountsAScoreOfZeroAsAsked) {
  const auto s = tensor_of<Rational>({Rational(-1), 2, 0, 0});
  const std::vector<IndexTensor> y = {IndexTensor({4}, {1, 1, 1, -1})};
  const auto losses = [&](const std::string& at_zero) {
    return result<Rational>("zero_one", {s}, y, {{"at_zero", at_zero}, {"reduction", "none"}}).data;
  };
  EXPECT_EQ(losses("wrong"), (Row{1, 0, 1, 1}));
  EXPECT_EQ(losses("right"), (Row{1, 0, 0, 0}));
  EXPECT_EQ(losses("half"), (Row{1, 0, Rational(1) / 2, Rational(1) / 2}));
}

TEST(ZeroOne, IsOpenWhereABallMeetsZero) {
  const auto wide = tensor_of<Ball>({ball_between(Ball(-1), Ball(1))});
  expect_interval(result<Ball>("zero_one", {wide}, {IndexTensor({1}, {1})})[0], 0, 1);
}

}  // namespace
}  // namespace assay::oracles::testing
