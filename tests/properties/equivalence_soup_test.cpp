/// Answers made of parts of other answers: a comparison or a FormulaError, soon, and never anything else.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <random>
#include <string_view>

#include "properties/equivalence.hpp"
#include "tests/properties/formula_corpus.hpp"

namespace assay::properties {
namespace {

/// ASSAY_SOUP=100000 for more.
std::size_t rounds() {
  const char* wanted = std::getenv("ASSAY_SOUP");
  return wanted ? std::strtoul(wanted, nullptr, 10) : 600;
}

/// An operator for another, a digit for another: texts that can still be read.
bool swap(char& c, std::size_t which) {
  constexpr std::string_view operators = "+-*/^<>=", digits = "01234579";
  const bool is_operator = operators.find(c) != operators.npos, is_digit = c >= '0' && c <= '9';
  if (is_operator) c = operators[which];
  if (is_digit) c = digits[which];
  return is_operator || is_digit;
}

TEST(EquivalenceSoup, GivesAComparisonOrAnErrorInTime) {
  using Clock = std::chrono::steady_clock;
  const std::vector<testing::CorpusItem>& items = testing::corpus();
  std::mt19937_64 random(11);
  const auto below = [&](std::size_t count) { return static_cast<std::size_t>(random() % count); };
  std::vector<std::unique_ptr<Equivalence>> keys;
  std::vector<std::string> texts{"sum(i = 1..99, ", "diff(", "^99", "/0", "(((", "e^",
                                 "\\frac{",         "1[",    "log "};
  for (const testing::CorpusItem& item : items) {
    keys.push_back(
        std::make_unique<Equivalence>(item.setting, item.key, std::vector<fixtures::KnownMistake>{}, 1));
    for (const testing::Variant& one : item.variants) texts.push_back(one.text);
  }
  const auto piece = [&](const std::string& text) {
    const std::size_t begin = below(text.size());
    return text.substr(begin, 1 + below(text.size() - begin));
  };
  std::size_t understood = 0;
  for (std::size_t round = 0; round < rounds(); ++round) {
    const std::size_t which = below(keys.size());
    const auto& own = items[which].variants;
    std::string text = own[below(own.size())].text;
    for (std::size_t edits = 1 + below(3); edits > 0; --edits) {
      const std::size_t at = below(text.size());
      if (below(4) > 0 && swap(text[at], below(8))) continue;
      const std::string& other = below(2) == 0 ? texts[below(texts.size())] : own[below(own.size())].text;
      if (below(6) == 0)
        text = text.substr(0, at) + piece(other) + text.substr(std::min(text.size(), at + below(4)));
    }
    const auto begin = Clock::now();
    try {
      const Comparison found = keys[which]->compare(text);
      ++understood;
      if (found.outcome == Comparison::Outcome::different) {
        EXPECT_TRUE(!found.expected.empty() || !found.message.empty()) << items[which].id << ": " << text;
        EXPECT_TRUE(found.expected != found.got || found.expected.empty()) << items[which].id << ": " << text;
      }
    } catch (const formula::FormulaError& error) {
      EXPECT_LE(error.offset, text.size()) << text;
    }
    EXPECT_LT(std::chrono::duration<double>(Clock::now() - begin).count(), 10)
        << items[which].id << ": " << text;
  }
  EXPECT_GT(understood, rounds() / 20);
}

}  // namespace
}  // namespace assay::properties
