/// What holds for every sheet under every scheme.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/graders/exam_score_parts.hpp"

namespace assay::graders::exams {
namespace {

using fixtures::Floor;

constexpr std::uint64_t seed = 20;

std::vector<Part> drawn(std::mt19937_64& random, bool as_options) {
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  std::vector<Part> parts(1 + below(6));
  constexpr Outcome outcomes[] = {Outcome::right, Outcome::wrong,    Outcome::partly, Outcome::blank,
                                  Outcome::lost,  Outcome::followed, Outcome::voided, Outcome::unreadable};
  for (Part& one : parts) {
    one = part(as_options ? outcomes[below(2)] : outcomes[below(8)],
               Points(1 + static_cast<long>(below(4))) / 2);
    if (one.judgement.outcome == Outcome::partly)
      one.judgement.credit = Points(1 + static_cast<long>(below(3))) / 4;
    if (below(3) == 0 && one.judgement.outcome != Outcome::right)
      one.judgement.mistake = below(2) ? "m" : "n";
    one.judgement.certainty = static_cast<int>(1 + below(3));
    one.option = as_options;
    one.marked = below(2) == 0;
    one.choices = below(4);
  }
  return parts;
}

QuestionRules drawn_rules(std::mt19937_64& random) {
  constexpr Kind kinds[] = {Kind::signed_marks, Kind::all_or_partial, Kind::per_option, Kind::cells,
                            Kind::rubric,       Kind::guess_neutral,  Kind::certainty};
  Scheme scheme = of_kind(kinds[random() % 7]);
  scheme.wrong = "-1";
  scheme.complete = random() % 4 == 0;
  QuestionRules question = rules(scheme, 3);
  question.any_of = random() % 3;
  if (question.any_of == 0 && random() % 2) question.charge_once = {"m"};  // together they promise nothing
  constexpr Floor floors[] = {Floor::none, Floor::item, Floor::question};
  question.floor = floors[random() % 3];
  return question;
}

TEST(Scoring, DoesNotDependOnTheOrderOfTheItems) {
  std::mt19937_64 random(seed);
  for (int round = 0; round < 20'000; ++round) {
    const QuestionRules question = drawn_rules(random);
    auto parts = drawn(random, random() % 2 == 0);
    const Score before = score(question, parts);
    std::ranges::shuffle(parts, random);
    const Score after = score(question, parts);
    ASSERT_EQ(before.points, after.points);
    ASSERT_EQ(before.sure, after.sure);
    ASSERT_EQ(before.possible, after.possible);
  }
}

/// The same answer, made right. What was marked wrongly is left, what was missed is marked.
void improve(Part& one) {
  if (one.judgement.outcome == Outcome::wrong) one.marked = !one.marked;
  one.judgement = judged(Outcome::right);
  one.judgement.certainty = 3;
}

TEST(Scoring, NeverTakesPointsForABetterAnswer) {
  std::mt19937_64 random(seed);
  std::size_t rose = 0;
  for (int round = 0; round < 20'000; ++round) {
    const QuestionRules question = drawn_rules(random);
    auto parts = drawn(random, random() % 2 == 0);
    Part& one = parts[random() % parts.size()];
    const Outcome was = one.judgement.outcome;
    if (was != Outcome::wrong && was != Outcome::blank && was != Outcome::partly) continue;
    const Score before = score(question, parts);
    improve(one);
    const Score after = score(question, parts);
    ASSERT_GE(after.sure, before.sure) << static_cast<int>(question.rules.kind) << " round " << round;
    rose += after.sure > before.sure;
  }
  EXPECT_GT(rose, 1'000u);
}

TEST(Scoring, KeepsPointsWithinWhatIsPossible) {
  std::mt19937_64 random(seed + 1);
  for (int round = 0; round < 20'000; ++round) {
    const QuestionRules question = drawn_rules(random);
    const Score found = score(question, drawn(random, random() % 2 == 0));
    ASSERT_LE(found.sure, std::max(found.possible, Points(0))) << static_cast<int>(question.rules.kind);
    if (question.floor != Floor::none) {
      ASSERT_GE(found.sure, 0);
    }
  }
}

}  // namespace
}  // namespace assay::graders::exams
