/// Right and wrong variants of the papers' formulas: no error of either kind.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <limits>
#include <memory>
#include <random>

#include "properties/equivalence.hpp"
#include "properties/equivalence_text.hpp"
#include "tests/properties/formula_corpus.hpp"

namespace assay::properties {
namespace {

using Outcome = Comparison::Outcome;
using testing::corpus;
using testing::CorpusItem;
using testing::Variant;

TEST(EquivalenceCorpus, IsLargeEnough) {
  std::size_t right = 0, wrong = 0;
  for (const CorpusItem& item : corpus()) {
    EXPECT_GE(item.variants.size(), 9u) << item.id;
    for (const Variant& one : item.variants) ++(one.right ? right : wrong);
  }
  EXPECT_GE(corpus().size(), 33u);
  EXPECT_GE(right, 150u);
  EXPECT_GE(wrong, 150u);
}

TEST(EquivalenceCorpus, EveryVariantIsJudgedAsItIs) {
  for (const CorpusItem& item : corpus()) {
    const Equivalence key(item.setting, item.key, {}, 1);
    for (const Variant& one : item.variants) {
      try {
        const Comparison found = key.compare(one.text);
        EXPECT_EQ(found.outcome, one.right ? Outcome::equal : Outcome::different)
            << item.id << ": " << one.text << "\n"
            << found.message << " key " << found.expected << ", got " << found.got;
        if (one.right) continue;
        EXPECT_FALSE(found.expected.empty()) << item.id << ": " << one.text;
        EXPECT_NE(found.expected, found.got) << item.id << ": " << one.text;
      } catch (const formula::FormulaError& error) {
        ADD_FAILURE() << item.id << ": " << error.what() << "\n" << formula::pointed(one.text, error.offset);
      }
    }
  }
}

TEST(EquivalenceCorpus, TheSeedDoesNotMatter) {
  for (const CorpusItem& item : corpus()) {
    const Equivalence key(item.setting, item.key, {}, 20);
    for (const Variant& one : item.variants)
      EXPECT_EQ(key.compare(one.text).outcome, one.right ? Outcome::equal : Outcome::different)
          << item.id << ": " << one.text;
  }
}

// ---- The labels once more, by doubles at other points, and without the key.

/// Uniform, or on the grid.
class Draw {
 public:
  formula::Environment<double> operator()(const fixtures::Setting& setting) {
    formula::Environment<double> at;
    for (const auto& [name, dimension] : setting.dimensions)
      at.index[name] = oracles::IndexTensor::scalar(whole(dimension.low, dimension.high));
    const auto extent = [&](const std::string& text) {
      const auto found = at.index.find(text);
      return found != at.index.end() ? static_cast<std::size_t>(found->second[0]) : std::stoul(text);
    };
    for (const auto& [name, input] : setting.inputs) {
      oracles::Shape shape;
      for (const std::string& one : input.shape) shape.push_back(extent(one));
      if (const auto* labels = std::get_if<fixtures::LabelValues>(&input.values)) {
        at.index[name] = oracles::IndexTensor::scalar(whole(0, extent(labels->dimension) - 1));
        continue;
      }
      oracles::Tensor<double> tensor(shape);
      for (double& x : tensor.data) x = number(std::get<fixtures::RealValues>(input.values));
      at.real[name] = tensor;
    }
    return at;
  }

 private:
  std::int64_t whole(std::size_t low, std::size_t high) {
    return static_cast<std::int64_t>(std::uniform_int_distribution<std::size_t>(low, high)(random_));
  }
  double number(const fixtures::RealValues& values) {
    const double low = oracles::nearest_double(oracles::parse_rational(values.low)),
                 high = oracles::nearest_double(oracles::parse_rational(values.high));
    const double x = std::uniform_real_distribution<double>(low, high)(random_);
    if (!values.grid || whole(0, 1) == 0) return x;
    const double grid = oracles::nearest_double(oracles::parse_rational(*values.grid));
    return std::clamp(std::round(x / grid) * grid, low, high);
  }
  std::mt19937_64 random_{7};
};

/// The largest relative difference of two formulas; infinite where only one has a value, or the truths
/// differ.
double distance(const formula::Formula& a, const formula::Formula& b,
                const formula::Environment<double>& at) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  try {
    const auto left = formula::evaluate(a, at), right = formula::evaluate(b, at);
    if (left.index() != right.index()) return infinity;
    if (const auto* truth = std::get_if<oracles::Truth>(&left))
      return *truth == std::get<oracles::Truth>(right) ? 0 : infinity;
    const auto &x = std::get<oracles::Tensor<double>>(left), &y = std::get<oracles::Tensor<double>>(right);
    if (x.size() != y.size()) return infinity;
    double largest = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
      largest = std::max(largest, std::abs(x[i] - y[i]) / (1 + std::abs(x[i])));
    return largest;
  } catch (const formula::IndexOutOfRange&) {
    return infinity;
  }
}

TEST(EquivalenceCorpus, TheLabelsHoldInDoublesToo) {
  Draw draw;
  for (const CorpusItem& item : corpus()) {
    const equivalence::Symbols symbols(item.setting.symbols);
    formula::Vocabulary names;
    for (const auto& [name, input] : item.setting.inputs) names.names.insert(name);
    for (const auto& [name, dimension] : item.setting.dimensions) names.names.insert(name);
    for (const auto& [name, formula] : item.setting.define) names.names.insert(name);
    const auto read = [&](const std::string& text, bool statement) {
      return equivalence::read_answer(text, statement, symbols, names);
    };
    std::vector<formula::Formula> formulas;
    for (const Variant& one : item.variants) formulas.push_back(read(one.text, item.statement));
    std::vector<double> largest(formulas.size());
    for (int tries = 0, used = 0; tries < 20000 && used < 600; ++tries) {
      formula::Environment<double> at = draw(item.setting);
      for (const auto& [name, formula] : item.setting.define)
        at.real[name] = std::get<oracles::Tensor<double>>(formula::evaluate(read(formula.text, false), at));
      if (!item.setting.where.text.empty() &&
          formula::holds(read(item.setting.where.text, true), at) != oracles::Truth::yes)
        continue;
      ++used;
      for (std::size_t i = 0; i < formulas.size(); ++i) {
        const double found = distance(formulas[0], formulas[i], at);
        // NaN: a pole of the variant, no difference.
        if (found > largest[i]) largest[i] = found;
      }
    }
    for (std::size_t i = 0; i < formulas.size(); ++i) {
      const Variant& one = item.variants[i];
      if (one.right)
        EXPECT_LT(largest[i], 1e-9) << item.id << ": " << one.text;
      else
        EXPECT_GT(largest[i], 1e-3) << item.id << ": " << one.text << " is right, not: " << one.why;
    }
  }
}

TEST(EquivalenceCorpus, IsFast) {
  std::vector<std::unique_ptr<Equivalence>> keys;
  for (const CorpusItem& item : corpus())
    keys.push_back(
        std::make_unique<Equivalence>(item.setting, item.key, std::vector<fixtures::KnownMistake>{}, 1));
  const std::clock_t before = std::clock();
  std::size_t count = 0;
  for (std::size_t i = 0; i < keys.size(); ++i)
    for (const Variant& one : corpus()[i].variants) {
      (void)keys[i]->compare(one.text);
      ++count;
    }
  const double each =
      1000.0 * static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC / static_cast<double>(count);
  RecordProperty("milliseconds_each", std::to_string(each));
  // 200 sheets of 10 formulas on 2 cores in 20 s: 20 ms for each, if no two students wrote the same.
  EXPECT_LT(each, 20);
}

}  // namespace
}  // namespace assay::properties
