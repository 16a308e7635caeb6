#include "oracles/mistake.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include <algorithm>
#include <set>

namespace assay::oracles {
namespace {

using Outcome = ResultJudgement::Outcome;

std::shared_ptr<const Program> parse(std::vector<std::string> statements, std::vector<std::string> inputs) {
  return std::make_shared<const Program>(Program::parse(statements, inputs));
}

std::shared_ptr<const Program> layer() {
  return parse({"Y = affine(X, W, b)", "dX, dW, db = gradient(Y, [X, W, b], G)"}, {"X", "W", "b", "G"});
}

Bindings inputs() {
  return {{"X", Tensor<double>({3, 2}, {1, 2, -1, 0.5, 4, 3})},
          {"W", Tensor<double>({2, 2}, {1, 0, -1, 2})},
          {"b", Tensor<double>({2}, {0.5, -0.5})},
          {"G", Tensor<double>({3, 2}, {1, 2, 3, 4, 5, 6})}};
}

const ProgramMistake& named(const std::vector<ProgramMistake>& all, std::string_view id) {
  return *std::ranges::find(all, id, &ProgramMistake::id);
}

Expected varied(const std::shared_ptr<const Program>& program, const std::string& result, Variation variation,
                const Bindings& values = inputs()) {
  return Expected(program, {result}, values, FloatFormat::binary64, "2",
                  std::make_shared<const Variation>(std::move(variation)));
}

Outcome judged(const std::string& result, Variation variation, const Tensor<double>& got) {
  return varied(layer(), result, std::move(variation)).judge(result, got).outcome;
}

TEST(Variation, ReplacesOneStepByAMisconception) {
  const auto all = mistakes_of(*layer());
  const Variation no_bias{named(all, "affine.bias_forgotten").replaced, {}, false};
  const Tensor<double> right({3, 2}, {-0.5, 3.5, -1, 0.5, 1.5, 5.5}), wrong({3, 2}, {-1, 4, -1.5, 1, 1, 6});
  EXPECT_EQ(judged("Y", {}, right), Outcome::accepted);
  EXPECT_EQ(judged("Y", no_bias, wrong), Outcome::accepted);
  EXPECT_EQ(judged("Y", no_bias, right), Outcome::wrong);
  const Variation last_row{named(all, "affine.gradient.bias_of_last_row").replaced, {}, false};
  EXPECT_EQ(judged("db", last_row, Tensor<double>({2}, {5, 6})), Outcome::accepted);
  EXPECT_EQ(judged("db", last_row, Tensor<double>({2}, {9, 12})), Outcome::wrong);
}

TEST(Variation, ChangesAResult) {
  using Kind = Relation::Kind;
  const auto after = [](Relation relation, Tensor<double> got) {
    return judged("dW", {{}, {std::move(relation)}, false}, got);
  };
  // dW = X^T G.
  EXPECT_EQ(judged("dW", {}, Tensor<double>({2, 2}, {18, 22, 18.5, 24})), Outcome::accepted);
  EXPECT_EQ(after({Kind::factor, 1, 2}, Tensor<double>({2, 2}, {9, 11, 9.25, 12})), Outcome::accepted);
  EXPECT_EQ(after({Kind::offset, 3, 1}, Tensor<double>({2, 2}, {21, 25, 21.5, 27})), Outcome::accepted);
  EXPECT_EQ(after({Kind::permutation, 1, 1, 0, {1, 0}}, Tensor<double>({2, 2}, {18, 18.5, 22, 24})),
            Outcome::accepted);
  EXPECT_EQ(after({Kind::reversal, 1, 1, 0, {0}}, Tensor<double>({2, 2}, {18.5, 24, 18, 22})),
            Outcome::accepted);
  EXPECT_EQ(after({Kind::reversal, 1, 1, 0, {1}}, Tensor<double>({2, 2}, {22, 18, 24, 18.5})),
            Outcome::accepted);
  EXPECT_EQ(after({Kind::reversal, 1, 1, 0, {1}}, Tensor<double>({2, 2}, {18.5, 24, 18, 22})),
            Outcome::wrong);
  EXPECT_EQ(after({Kind::addition, 1, 1, 0, {}, Tensor<double>({2, 2}, {1, 2, 3, 4})},
                  Tensor<double>({2, 2}, {19, 24, 21.5, 28})),
            Outcome::accepted);
}

TEST(Variation, TransposesMatricesThatAreNotSquare) {
  const Tensor<double> across({2, 3}, {1, 2, -4, -2, 5, -7});
  const Variation turned{{}, {{Relation::Kind::permutation, 1, 1, 0, {1, 0}}}, false};
  const Variation stored{{}, {{Relation::Kind::relabelled, 1, 1, 0, {1, 0}}}, false};
  const auto expected = varied(layer(), "Y", {});
  const Tensor<double> y = expected.nearest("Y");
  const Tensor<double> columns({2, 3}, {y(0, 0), y(1, 0), y(2, 0), y(0, 1), y(1, 1), y(2, 1)});
  EXPECT_EQ(judged("Y", turned, columns), Outcome::accepted);
  EXPECT_EQ(judged("Y", stored, columns), Outcome::wrong_shape);
  EXPECT_EQ(judged("Y", stored, Tensor<double>({3, 2}, columns.data)), Outcome::accepted);
  EXPECT_EQ(judged("Y", turned, across), Outcome::wrong);
}

TEST(Variation, IsRejectedByOneEvaluationOnlyWhereItIsRejected) {
  const auto program = parse({"loss = softmax_cross_entropy(Z, y)", "dZ = gradient(loss, [Z])"}, {"Z", "y"});
  const Bindings values{{"Z", Tensor<double>({2, 3}, {0.1, 0.7, -1.3, 2.1, 0.2, 0.3})},
                        {"y", IndexTensor({2}, {0, 2})}};
  std::vector<Tensor<double>> answers{varied(program, "dZ", {}, values).nearest("dZ")};
  const auto all = mistakes_of(*program);
  for (const auto& mistake : all)
    answers.push_back(varied(program, "dZ", {mistake.replaced, {}, false}, values).nearest("dZ"));
  for (const auto& mistake : all)
    for (const auto& got : answers) {
      const Variation variation{mistake.replaced, {}, false};
      const auto outcome = varied(program, "dZ", variation, values).judge("dZ", got).outcome;
      if (!rough_results(*program, variation, {"dZ"}, values, FloatFormat::binary64, "2")[0].may_be(got)) {
        EXPECT_TRUE(is_failure(outcome)) << mistake.id;
      }
    }
}

TEST(Variation, WithRelationsIsRejectedByAFirstLookOnlyWhereItIsRejected) {
  const auto program = parse({"Y = affine(X, W, b)"}, {"X", "W", "b"});
  const Bindings values{{"X", Tensor<double>({2, 2}, {1, 2, 0.1, -7})},
                        {"W", Tensor<double>({2, 2}, {0.3, -1, 1e9, 5})},
                        {"b", Tensor<double>({2}, {0.7, 1e-3})}};
  using enum Relation::Kind;
  const std::vector<Relation> all{{factor, 3},
                                  {factor, 1, 3},
                                  {factor, 0.7, 1, 1e-12},
                                  {offset, 1e-3, 1, 1e-15},
                                  {permutation, 1, 1, 0, {1, 0}},
                                  {relabelled, 1, 1, 0, {1, 0}},
                                  {reversal, 1, 1, 0, {1}},
                                  {addition, 1, 1, 0, {}, Tensor<double>({2, 2}, {1, 2, 1e9, -0.1})}};
  const RoughResult plain = rough_results(*program, {}, {"Y"}, values, FloatFormat::binary64, "2")[0];
  std::vector<Tensor<double>> answers{varied(program, "Y", {}, values).nearest("Y")};
  for (const Relation& one : all)
    answers.push_back(varied(program, "Y", {{}, {one}, false}, values).nearest("Y"));
  for (std::size_t i = answers.size(); i-- > 0;)
    for (const double nearly : {1 + 0x1p-52, 1 - 0x1p-50, 1 + 1e-12, 1 + 1e-9}) {
      answers.push_back(answers[i]);
      for (double& x : answers.back().data) x *= nearly;
    }
  for (const Relation& one : all) {
    std::size_t refused = 0;
    for (const auto& got : answers) {
      if (changed(plain, {one}).may_be(got)) continue;
      ++refused;
      EXPECT_TRUE(is_failure(varied(program, "Y", {{}, {one}, false}, values).judge("Y", got).outcome));
    }
    EXPECT_GT(refused, answers.size() / 2) << "a first look that excludes next to nothing";
  }
}

TEST(MistakesOf, AProgramAreThoseOfItsOperationsAtEachPlace) {
  const auto program = parse({"h = relu(affine(X, W, b))", "s = affine(h, V, c)"}, {"X", "W", "b", "V", "c"});
  const auto all = mistakes_of(*program);
  std::set<std::string> ids;
  for (const auto& mistake : all) ids.insert(mistake.id);
  EXPECT_TRUE(ids.contains("affine.bias_forgotten"));
  EXPECT_TRUE(ids.contains("relu.absolute_value"));
  EXPECT_FALSE(ids.contains("relu.gradient.passes_everywhere")) << "the program has no gradient";
  EXPECT_EQ(named(all, "affine.bias_forgotten").replaced.size(), 2u) << "at both places first";
  EXPECT_EQ(std::ranges::count(all, "affine.bias_forgotten", &ProgramMistake::id), 3);
}

TEST(Kinks, AreTheElementsWithManyRightAnswers) {
  const auto program = parse({"A = relu(Z)", "dZ = gradient(A, [Z], G)"}, {"Z", "G"});
  const Bindings values{{"Z", Tensor<double>({3}, {-1, 0, 2})}, {"G", Tensor<double>({3}, {1, 2, 3})}};
  const Expected expected(program, {"dZ"}, values, FloatFormat::binary64, "2");
  EXPECT_EQ(expected.kinks("dZ"), (std::vector<bool>{false, true, false}));
  EXPECT_EQ(expected.outcomes("dZ", Tensor<double>({3}, {0, 3, 4})),
            (std::vector<Outcome>{Outcome::accepted, Outcome::wrong, Outcome::wrong}));
}

TEST(Mistakes, CannotBeMadeAboutWhatAProgramLeavesOut) {
  const auto made = [](const std::string& call) {
    const auto program = parse({call}, {"p", "g", "m", "v"});
    return can_be_made(*program, named(mistakes_of(*program), "adam.result.weight_decay_forgotten"));
  };
  EXPECT_FALSE(made("a, b, c = adam(p, g, m, v)"));
  EXPECT_TRUE(made("a, b, c = adam(p, g, m, v, weight_decay=0.5)"));
  for (const ProgramMistake& mistake : mistakes_of(*layer())) EXPECT_TRUE(can_be_made(*layer(), mistake));
}

TEST(Mistakes, ChangeNothingWhereTheyAgreeWithTheTruth) {
  const auto program = parse({"y = relu(x)"}, {"x"});
  const Variation absolute{named(mistakes_of(*program), "relu.absolute_value").replaced, {}, false};
  const auto changes_none = [&](std::vector<double> x) {
    return changes_nothing(*program, absolute, {"y"}, {{"x", Tensor<double>({2}, std::move(x))}});
  };
  EXPECT_TRUE(changes_none({1, 0}));
  EXPECT_TRUE(changes_none({0x1p-1000, 3}));
  EXPECT_FALSE(changes_none({1, -0x1p-300}));
}

TEST(UnstableValues, AreThoseOfTheProgramsOperations) {
  const auto program = parse({"l = logsumexp(z)"}, {"z"});
  const auto values = unstable_values(*program, {{"z", Tensor<double>({2}, {-1000, -1000})}}, "l");
  ASSERT_EQ(values.size(), 2u);
  for (const auto& value : values) EXPECT_FALSE(std::isfinite(value.value[0])) << value.id;
  const auto large = unstable_values(*program, {{"z", Tensor<double>({2}, {1000, 1000})}}, "l");
  EXPECT_FALSE(std::isfinite(large[0].value[0])) << large[0].id;
  EXPECT_TRUE(std::isfinite(large[1].value[0])) << large[1].id << " subtracts what is positive";
}

}  // namespace
}  // namespace assay::oracles
