#include "graders/error_map.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fixtures/load.hpp"

namespace assay::graders {
namespace {

using oracles::Tensor;

/// N and D up to 5 and 4, C up to 4: dX is N x D, dW is D x C, db is C.
const Prepared& affine() {
  static const Prepared prepared =
      prepare(fixtures::load_assignment(ASSAY_SOURCE_DIR "/fixtures/assignments/affine-layer"));
  return prepared;
}

using Allowed = std::vector<double>;
using Change = std::function<void(Tensor<double>&, const Allowed&)>;

/// The map of a criterion after every answer of `result` was changed.
std::optional<ErrorMap> map_after(const std::string& result, const Change& change) {
  const Prepared& prepared = affine();
  SubmissionResult graded;
  graded.criteria.resize(prepared.criteria.size());
  std::size_t judge = 0;
  for (const CaseGroup& group : prepared.groups) {
    auto observed = std::make_shared<Observations>();
    for (std::size_t i = 0; i < group.cases.size(); ++i) {
      Observation one{i, {}};
      for (const std::string& name : group.function->spec->results) {
        one.results.push_back(group.expected[i].nearest(name));
        if (name == result) change(one.results.back(), group.expected[i].allowances(name));
      }
      observed->push_back(std::move(one));
    }
    for (const std::size_t place : group.criteria) {
      const auto& judged = prepared.criteria[place].spec->results;
      if (std::ranges::find(judged, result) == judged.end()) continue;
      judge = place;
      graded.criteria[place].observed = observed;
      graded.criteria[place].counterexample.emplace().result = result;
      graded.criteria[place].counterexample->judgement.emplace();
    }
  }
  map_errors(prepared, graded);
  return graded.criteria[judge].error_map;
}

TEST(ErrorMaps, ShowTheLargestFailingCaseAsItWasDrawn) {
  const auto map = map_after("dW", [](Tensor<double>& dW, const Allowed&) {
    for (std::size_t c = 0; c < dW.shape[1]; ++c) dW[c] += 1000;  // the first row
  });
  ASSERT_TRUE(map);
  EXPECT_EQ(map->result, "dW");
  EXPECT_EQ(map->shape, (oracles::Shape{4, 4}));
  ASSERT_EQ(map->cells.size(), 4u);
  for (const char cell : map->cells[0])
    EXPECT_TRUE((cell >= 'l' && cell <= 'r') || cell == 'X') << map->cells[0];
  for (std::size_t row = 1; row < 4; ++row) EXPECT_EQ(map->cells[row], "....");
  EXPECT_EQ(map->wrong, 4u);
}

TEST(ErrorMaps, CountTheDecadesOfAnError) {
  const auto map = map_after(
      "db", [](Tensor<double>& db, const Allowed& allowed) { db.data.back() += 50 * allowed.back(); });
  ASSERT_TRUE(map);
  ASSERT_EQ(map->cells.size(), 1u) << "a vector is one row";
  EXPECT_EQ(map->cells[0].back(), 'b') << "50 allowances are more than ten, not a hundred";
  EXPECT_EQ(map->cells[0].substr(0, map->cells[0].size() - 1), std::string(map->shape[0] - 1, '.'));
}

TEST(ErrorMaps, TellNumbersThatAreNone) {
  const auto map = map_after("dX", [](Tensor<double>& dX, const Allowed&) {
    dX[0] = std::nan("");
    dX.data.back() = std::numeric_limits<double>::infinity();
  });
  ASSERT_TRUE(map);
  EXPECT_EQ(map->cells.front().front(), '#');
  EXPECT_EQ(map->cells.back().back(), '#');
  EXPECT_EQ(map->wrong, 2u);
}

TEST(ErrorMaps, AreNotDrawnOfAnotherShapeOrWhereNothingIsWrong) {
  EXPECT_FALSE(map_after("dW", [](Tensor<double>&, const Allowed&) {}));
  EXPECT_FALSE(map_after("dW", [](Tensor<double>& dW, const Allowed&) { dW = Tensor<double>({7, 7}); }));
}

}  // namespace
}  // namespace assay::graders
