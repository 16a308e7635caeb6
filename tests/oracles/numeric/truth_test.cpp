#include "oracles/numeric/truth.hpp"

#include <gtest/gtest.h>

namespace assay::oracles {
namespace {

constexpr Truth all[] = {Truth::no, Truth::yes, Truth::unknown};

/// What a three-valued answer must be: yes or no iff every way to decide the unknowns agrees on it.
template <class Connective>
Truth by_cases(Connective connective, Truth a, Truth b) {
  bool some_yes = false, some_no = false;
  for (const bool x : {false, true})
    for (const bool y : {false, true}) {
      if ((a != Truth::unknown && a != truth(x)) || (b != Truth::unknown && b != truth(y))) continue;
      (connective(x, y) ? some_yes : some_no) = true;
    }
  return some_yes && some_no ? Truth::unknown : truth(some_yes);
}

TEST(Truth, IsDecidedIffEveryCompletionAgrees) {
  for (const Truth a : all)
    for (const Truth b : all) {
      EXPECT_EQ(a && b, by_cases([](bool x, bool y) { return x && y; }, a, b)) << to_text(a) << to_text(b);
      EXPECT_EQ(a || b, by_cases([](bool x, bool y) { return x || y; }, a, b)) << to_text(a) << to_text(b);
      EXPECT_EQ(!a, by_cases([](bool x, bool) { return !x; }, a, b)) << to_text(a);
    }
}

}  // namespace
}  // namespace assay::oracles
