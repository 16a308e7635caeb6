/// The engine: what it may call refuted, proved, conditional or undecided.
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "properties/claims/words.hpp"
#include "properties/search.hpp"
#include "properties/verify.hpp"

namespace assay::properties {
namespace {

using topics::equal, topics::less, topics::less_equal, topics::square;

Question universal(ForAll test) {
  return {.statement = "a statement", .test = std::move(test)};
}

double scalar(const Exhibit& exhibit, const std::string& name) {
  return std::get<oracles::Tensor<double>>(exhibit.instance.inputs.at(name))[0];
}

constexpr auto square_is_larger = []<class T>(const Point<T>& at, const Subject<T>&) -> Truth {
  return less_equal(T(at("x")), T(at("x") * at("x")));
};

TEST(Verify, RefutesWithASmallInstanceThatASecondEvaluationConfirms) {
  const Question question =
      universal({.space = {{reals("x", -8, 8)}}, .holds = on_fractions(square_is_larger)});
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Verdict verdict = verify(question, {.seed = seed});
    ASSERT_EQ(verdict.standing, Standing::refuted) << verdict.summary;
    const double x = scalar(*verdict.exhibit, "x");
    EXPECT_TRUE(x > 0 && x < 1) << "only there is x > x^2";
    EXPECT_EQ(x * 8, std::trunc(x * 8)) << "a number that a person can square, not " << x;
  }
}

TEST(Verify, IsConditionalUnderTheAssumptionsThatHelpAndNamesNoOther) {
  ForAll test{.space = {{reals("x", -8, 8)}}, .holds = on_fractions(square_is_larger)};
  const auto number = [](Case& drawn) -> double& {
    return std::get<oracles::Tensor<double>>(drawn.inputs.at("x"))[0];
  };
  test.assumptions = {{"large", "x is at least 1", [=](Case& drawn) { return number(drawn) >= 1; }},
                      {"positive", "x is positive", [=](Case& drawn) { return number(drawn) > 0; }},
                      {"whole", "x is a whole number", [=](Case& drawn) {
                         number(drawn) = std::trunc(number(drawn));
                         return true;
                       }}};
  const Verdict verdict = verify(universal(test), {});
  EXPECT_EQ(verdict.standing, Standing::conditional);
  EXPECT_EQ(verdict.answer, Truth::no) << "as stated it is false";
  EXPECT_EQ(verdict.conditions,
            (std::vector<Condition>{{"large", "x is at least 1"}, {"whole", "x is a whole number"}}));
}

TEST(Verify, FindsAssumptionsThatHelpTogetherOnly) {
  ForAll test{.space = {{fractions("x", -4, 4, 1), fractions("y", -4, 4, 1)}},
              .holds = on_fractions([]<class T>(const Point<T>& at, const Subject<T>&) -> Truth {
                return less_equal(T(0), T(at("x"))) && less_equal(T(0), T(at("y")));
              })};
  const auto positive = [](std::string name) {
    return [name](Case& drawn) { return std::get<oracles::Tensor<double>>(drawn.inputs.at(name))[0] >= 0; };
  };
  test.assumptions = {{"x", "x is not negative", positive("x")}, {"y", "y is not negative", positive("y")}};
  const Verdict verdict = verify(universal(test), {});
  EXPECT_EQ(verdict.standing, Standing::conditional);
  EXPECT_TRUE(verdict.jointly);
  EXPECT_EQ(verdict.conditions.size(), 2u);
}

TEST(Verify, CallsNothingProvedThatWasOnlySampled) {
  const Verdict verdict =
      verify(universal({.space = {{reals("x")}},
                        .holds = on_fractions([]<class T>(const Point<T>& at, const Subject<T>&) -> Truth {
                          return less_equal(T(0), T(at("x") * at("x")));
                        })}),
             {});
  EXPECT_EQ(verdict.standing, Standing::supported);
  EXPECT_EQ(verdict.cases, 1000u);
}

/// A proof that fails leaves the verdict at what was sampled; one that succeeds says on which domain.
TEST(Verify, TakesAProofOnlyWhereItSucceeds) {
  ForAll test{.space = {{reals("x", -1, 1)}},
              .holds = on_fractions([]<class T>(const Point<T>& at, const Subject<T>&) -> Truth {
                return less_equal(T(0), T(square(at("x"))));
              })};
  test.proofs = {{"nothing", [] { return ProofOutcome{Truth::unknown, "gave up"}; }}};
  EXPECT_EQ(verify(universal(test), {}).standing, Standing::supported);
  test.proofs.push_back({"[-1, 1]", [] { return ProofOutcome{Truth::yes, "a square"}; }});
  const Verdict proved = verify(universal(test), {});
  EXPECT_EQ(proved.standing, Standing::proved);
  EXPECT_EQ(proved.domain, "[-1, 1]");
}

/// exp(x) > 0 and 1 + x^2 >= 1 cannot be told from equality everywhere; sin^2 + cos^2 = 1 never is decided.
TEST(Verify, LeavesUndecidedWhatNoPrecisionDecides) {
  const Verdict verdict =
      verify(universal({.space = {{reals("x", 1, 2)}},
                        .holds = on_reals_only([]<class T>(const Point<T>& at, const Subject<T>&) -> Truth {
                          const T x = at("x");
                          return equal(
                              T(oracles::sin(x) * oracles::sin(x) + oracles::cos(x) * oracles::cos(x)), T(1));
                        }),
                        .cases = 5}),
             {});
  EXPECT_EQ(verdict.standing, Standing::undecided);
  EXPECT_EQ(verdict.answer, Truth::unknown);
  EXPECT_EQ(verdict.set_aside, verdict.cases);
}

TEST(Verify, WitnessesAnExistentialClaimAndDoesNotRefuteOneForWantOfAWitness) {
  const auto root_of_two = on_fractions([]<class T>(const Point<T>& at, const Subject<T>&) -> Truth {
    return equal(T(at("x") * at("x")), T(2));
  });
  Exists test{.space = {{reals("x", 0, 4)}}, .holds = root_of_two, .cases = 200};
  EXPECT_EQ(verify({.statement = "s", .test = test}, {}).standing, Standing::undecided);
  test.never = {{"all fractions", [] { return ProofOutcome{Truth::yes, "2 is no square"}; }}};
  EXPECT_EQ(verify({.statement = "s", .test = test}, {}).standing, Standing::refuted);
  test.holds = on_fractions([]<class T>(const Point<T>& at, const Subject<T>&) -> Truth {
    return less(T(2), T(at("x") * at("x")));
  });
  const Verdict found = verify({.statement = "s", .test = test}, {});
  EXPECT_EQ(found.standing, Standing::witnessed);
  EXPECT_EQ(scalar(*found.exhibit, "x"), 2) << "the simplest one";
}

TEST(Verify, SaysWhereFloatsFailFirst) {
  ForAll test{.space = {{reals("x", 0, 2000)}},
              .holds = on_reals([]<class T>(const Point<T>& at, const Subject<T>&) -> Truth {
                return less(T(0), T(oracles::exp(T(-at("x")))));
              }),
              .frontier = "x"};
  const Verdict verdict = verify(universal(test), {});
  ASSERT_EQ(verdict.floats.size(), 2u);
  const double first = scalar(*verdict.floats[0].failure, "x");
  EXPECT_EQ(std::exp(-first), 0);
  EXPECT_GT(std::exp(-std::nextafter(first, 0)), 0) << "the double before it still holds";
  EXPECT_EQ(verdict.answer, Truth::yes) << "floats do not change what is true of the reals";
}

TEST(Verify, IsTheSameForTheSameSeedAndTriesOthersForAnother) {
  const Question question =
      universal({.space = {{reals("x", -8, 8)}}, .holds = on_fractions(square_is_larger)});
  EXPECT_EQ(verify(question, {.seed = 7}).summary, verify(question, {.seed = 7}).summary);
  std::set<std::size_t> tried;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) tried.insert(verify(question, {.seed = seed}).cases);
  EXPECT_GT(tried.size(), 1u);
}

TEST(Agreement, OfAVerdictWithAKey) {
  Verdict verdict;
  EXPECT_EQ(agreement(verdict, ""), Agreement::no_key);
  EXPECT_EQ(agreement(verdict, "true"), Agreement::open);
  verdict.answer = Truth::no;
  verdict.standing = Standing::refuted;
  EXPECT_EQ(agreement(verdict, "false"), Agreement::agrees);
  EXPECT_EQ(agreement(verdict, "true"), Agreement::contradicts);
  verdict.standing = Standing::conditional;
  EXPECT_EQ(agreement(verdict, "true"), Agreement::conditionally);
}

}  // namespace
}  // namespace assay::properties
