#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

#include "tests/oracles/ops/losses.hpp"

namespace assay::oracles::testing {
namespace {

Rational accuracy(const Tensor<Rational>& scores, const IndexTensor& labels,
                  const Attributes& attributes = {}) {
  return result<Rational>("accuracy", {scores}, {labels}, attributes)[0];
}

TEST(Accuracy, IsTheShareOfRowsWhoseSortedScoresHoldTheLabel) {
  CaseGenerator generator(21);
  for (int i = 0; i < 40; ++i) {
    const auto scores = generator.tensor({6, 4});
    IndexTensor labels(Shape{6});
    for (auto& label : labels.data) label = static_cast<std::int64_t>(generator.integer(0, 3));
    for (const std::size_t k : {1, 2, 4}) {
      int right = 0;
      for (std::size_t n = 0; n < 6; ++n) {
        std::vector<std::size_t> order(4);
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return scores(n, a) > scores(n, b); });
        right +=
            std::find(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(k),
                      static_cast<std::size_t>(labels[n])) != order.begin() + static_cast<std::ptrdiff_t>(k);
      }
      EXPECT_EQ(accuracy(scores, labels, {{"top_k", std::to_string(k)}}), Rational(right) / 6);
    }
  }
}

TEST(Accuracy, BreaksTiesAsNamed) {
  const Tensor<Rational> tie({3, 3}, {1, 1, 0, 1, 1, 0, 1, 1, 0});
  const IndexTensor labels({3}, {0, 1, 2});
  EXPECT_EQ(accuracy(tie, labels), Rational(1) / 3);
  const std::map<std::string, IndexTensor> right_label = {{"first", IndexTensor({1}, {0})},
                                                          {"last", IndexTensor({1}, {1})}};
  const Tensor<Rational> one({1, 3}, {1, 1, 0});
  for (const auto& [ties, label] : right_label) {
    EXPECT_EQ(accuracy(one, label, {{"ties", ties}}), 1);
    EXPECT_EQ(accuracy(one, IndexTensor({1}, {1 - label[0]}), {{"ties", ties}}), 0);
  }
  EXPECT_EQ(accuracy(tie, labels, {{"ties", "right"}}), Rational(2) / 3);
  EXPECT_EQ(accuracy(tie, labels, {{"ties", "wrong"}}), 0);
  EXPECT_EQ(accuracy(tie, labels, {{"top_k", "3"}, {"ties", "wrong"}}), 1);
}

/// One row certainly right, one certainly wrong, one open: the hull of 1/3 and 2/3, and both ends are
/// reached.
TEST(Accuracy, OfOverlappingScoresIsTheHullOfPossibleShares) {
  const auto wide = [](double low, double high) { return ball_between(Ball(low), Ball(high)); };
  const Tensor<Ball> scores({3, 2}, {Ball(2), Ball(1), Ball(2), Ball(1), wide(0, 2), wide(1, 3)});
  const std::vector<IndexTensor> labels = {IndexTensor({3}, {0, 1, 0})};
  const PrecisionScope scope(128);
  const Ball share = result<Ball>("accuracy", {scores}, labels)[0];
  EXPECT_TRUE(contains(share, Rational(1) / 3) && contains(share, Rational(2) / 3));
  EXPECT_FALSE(contains(share, Rational(0)) || contains(share, Rational(1)));
}

TEST(Accuracy, OfANumberThatIsNoneIsNone) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const std::int64_t label : {0, 1})
    EXPECT_TRUE(std::isnan(
        result<double>("accuracy", {Tensor<double>({1, 2}, {nan, 1})}, {IndexTensor({1}, {label})})[0]));
}

Rational metric(std::string_view name, const IndexTensor& predictions, const IndexTensor& labels,
                const Attributes& attributes = {}) {
  return result<Rational>(name, {}, {predictions, labels}, attributes)[0];
}

TEST(PrecisionAndRecall, AreSharesOfTheConfusionMatrix) {
  // TP 2, FP 1, FN 3, TN 1.
  const IndexTensor predictions({7}, {1, 1, 1, 0, 0, 0, 0}), labels({7}, {1, 1, 0, 1, 1, 1, 0});
  EXPECT_EQ(metric("precision", predictions, labels), Rational(2) / 3);
  EXPECT_EQ(metric("recall", predictions, labels), Rational(2) / 5);
  EXPECT_EQ(metric("f1", predictions, labels), Rational(1) / 2);
  EXPECT_EQ(metric("precision", predictions, labels, {{"positive", "0"}}), Rational(1) / 4);
}

IndexTensor random_labels(CaseGenerator& generator, std::size_t n) {
  IndexTensor result(Shape{n});
  for (auto& label : result.data) label = static_cast<std::int64_t>(generator.integer(0, 2));
  return result;
}

TEST(PrecisionAndRecall, AreMirrorImagesAndF1TheirHarmonicMean) {
  CaseGenerator generator(22);
  for (int i = 0; i < 60; ++i) {
    const IndexTensor p = random_labels(generator, 9), y = random_labels(generator, 9);
    for (const std::string average : {"binary", "micro", "macro"})
      EXPECT_EQ(metric("precision", p, y, {{"average", average}}),
                metric("recall", y, p, {{"average", average}}));
    const Rational precision = metric("precision", p, y), recall = metric("recall", p, y);
    if (precision + recall == 0) continue;
    EXPECT_EQ(metric("f1", p, y), 2 * precision * recall / (precision + recall));
  }
}

TEST(PrecisionAndRecall, AreTheAccuracyWhereAllClassesAreCountedTogether) {
  CaseGenerator generator(23);
  for (int i = 0; i < 60; ++i) {
    const IndexTensor p = random_labels(generator, 9), y = random_labels(generator, 9);
    int equal = 0;
    for (std::size_t n = 0; n < 9; ++n) equal += p[n] == y[n];
    for (const char* const name : {"precision", "recall", "f1"})
      EXPECT_EQ(metric(name, p, y, {{"average", "micro"}}), Rational(equal) / 9);
  }
}

TEST(PrecisionAndRecall, AverageTheClassesThatOccur) {
  const IndexTensor predictions({4}, {0, 0, 5, 5}), labels({4}, {0, 5, 5, 5});
  EXPECT_EQ(metric("precision", predictions, labels, {{"average", "macro"}}), (Rational(1) / 2 + 1) / 2);
  EXPECT_EQ(metric("recall", predictions, labels, {{"average", "macro"}}), (1 + Rational(2) / 3) / 2);
}

TEST(PrecisionAndRecall, DivideByZeroAsNamed) {
  const IndexTensor none({2}, {0, 0});
  for (const char* const name : {"precision", "recall", "f1"}) {
    EXPECT_EQ(metric(name, none, none), 0);
    EXPECT_EQ(metric(name, none, none, {{"zero_division", "1"}}), 1);
  }
  const auto complaint = [&](std::string_view name) {
    return message_of([&] { metric(name, none, none, {{"zero_division", "error"}}); });
  };
  EXPECT_EQ(
      complaint("precision"),
      "precision: 0/0, because nothing was predicted positive; attribute \"zero_division\" gives it a value");
  EXPECT_EQ(complaint("recall"),
            "recall: 0/0, because no label is positive; attribute \"zero_division\" gives it a value");
}

template <class T>
T neighbour_vote(const std::vector<T>& points, const std::vector<std::int64_t>& labels, const T& query,
                 const Attributes& attributes) {
  return result<T>("knn", {Tensor<T>(Shape{points.size(), 1}, points), Tensor<T>(Shape{1, 1}, {query})},
                   {IndexTensor(Shape{labels.size()}, labels)}, attributes)[0];
}

TEST(Knn, IsTheVoteOfTheSortedDistances) {
  CaseGenerator generator(24);
  for (int i = 0; i < 40; ++i) {
    const auto points = generator.tensor({7, 2}), queries = generator.tensor({3, 2});
    const IndexTensor labels = random_labels(generator, 7);
    const auto predictions =
        result<Rational>("knn", {points, queries}, {labels}, {{"k", "3"}, {"metric", "l1"}});
    for (std::size_t q = 0; q < 3; ++q) {
      std::vector<std::pair<Rational, std::size_t>> order;
      for (std::size_t m = 0; m < 7; ++m)
        order.emplace_back(
            abs(Rational(queries(q, 0) - points(m, 0))) + abs(Rational(queries(q, 1) - points(m, 1))), m);
      std::ranges::sort(order);
      std::map<std::int64_t, int> votes;
      for (std::size_t k = 0; k < 3; ++k) ++votes[labels[order[k].second]];
      const auto most = std::ranges::max_element(votes, {}, [](const auto& vote) { return vote.second; });
      EXPECT_EQ(predictions[q], Rational(most->first));
    }
  }
}

TEST(Knn, MeasuresEuclideanDistancesOrSumsOfMagnitudes) {
  // (3, 3) is nearer than (0, 5) by Euclid, farther by magnitudes.
  const Tensor<Rational> points({2, 2}, {3, 3, 0, 5}), query({1, 2}, {0, 0});
  const std::vector<IndexTensor> labels = {IndexTensor({2}, {8, 9})};
  EXPECT_EQ(result<Rational>("knn", {points, query}, labels)[0], 8 + (18 > 25));
  EXPECT_EQ(result<Rational>("knn", {points, query}, labels, {{"metric", "l1"}})[0], 9);
}

TEST(Knn, BreaksTiesAsNamed) {
  const std::vector<Rational> points = {-1, 1, 3};
  EXPECT_EQ(neighbour_vote<Rational>(points, {7, 2, 4}, 0, {}), 7)
      << "the lower index of two at one distance";
  EXPECT_EQ(neighbour_vote<Rational>(points, {7, 2, 4}, 0, {{"k", "2"}}), 2) << "the smaller of two labels";
  EXPECT_EQ(neighbour_vote<Rational>(points, {7, 2, 4}, 0, {{"k", "2"}, {"vote_ties", "nearest"}}), 7);
  EXPECT_EQ(neighbour_vote<Rational>({5, 1, 2, 3}, {1, 9, 4, 4}, 0, {{"k", "4"}}), 4) << "two votes of four";
}

/// Two points that may each be the nearest, with labels 2 and 6: nothing between is claimed to be decided.
TEST(Knn, OfOpenDistancesIsTheHullOfTheLabelsThatMayWin) {
  const std::vector<Ball> points = {ball_between(Ball(-2), Ball(-1)), ball_between(Ball(1), Ball(2)),
                                    Ball(50)};
  expect_interval(neighbour_vote<Ball>(points, {2, 6, 9}, Ball(0), {}), 2, 6);
  EXPECT_TRUE(neighbour_vote<Ball>(points, {6, 6, 9}, Ball(0), {}) == 6) << "either way it is 6";
  EXPECT_TRUE(neighbour_vote<Ball>(points, {2, 6, 9}, Ball(0), {{"k", "2"}}) == 2)
      << "the order does not matter";
  expect_interval(neighbour_vote<Ball>(points, {2, 6, 9}, Ball(0), {{"k", "2"}, {"vote_ties", "nearest"}}), 2,
                  6);
}

/// Every choice of points within the balls has a prediction in the hull.
TEST(Knn, HullContainsThePredictionOfEveryChoiceOfPoints) {
  CaseGenerator generator(25);
  for (int i = 0; i < 60; ++i) {
    std::vector<Ball> wide;
    std::vector<Rational> low, high;
    std::vector<std::int64_t> labels;
    for (int m = 0; m < 5; ++m) {
      const Rational x = generator.number();
      low.push_back(x - 1);
      high.push_back(x + 1);
      wide.push_back(ball_around(to_ball(x), Ball(1)));
      labels.push_back(static_cast<std::int64_t>(generator.integer(0, 4)));
    }
    for (const std::string k : {"1", "2", "3"})
      for (const std::string ties : {"smallest", "nearest"}) {
        const Attributes attributes = {{"k", k}, {"vote_ties", ties}};
        const Ball set = neighbour_vote<Ball>(wide, labels, Ball(0), attributes);
        for (unsigned corner = 0; corner < 32; ++corner) {
          std::vector<Rational> points;
          for (unsigned m = 0; m < 5; ++m) points.push_back(corner >> m & 1 ? high[m] : low[m]);
          EXPECT_TRUE(contains(set, neighbour_vote<Rational>(points, labels, 0, attributes)));
        }
      }
  }
}

TEST(Knn, NamesAKThatDoesNotFit) {
  const auto complaint = [](const std::string& k) {
    return message_of([&] { operation_named("knn").output_shapes({{4, 2}, {4}, {1, 2}}, {{"k", k}}); });
  };
  EXPECT_EQ(
      complaint("5"),
      "attribute \"k\" is \"5\"; it needs an integer between 1 and the 4 points there are (the number of "
      "neighbours that vote)");
  EXPECT_NE(complaint("0"), "");
  EXPECT_EQ(complaint("4"), "");
}

}  // namespace
}  // namespace assay::oracles::testing
