/// Every scheme on sheets marked by hand.
#include <gtest/gtest.h>

#include "tests/graders/exam_score_parts.hpp"

namespace assay::graders::exams {
namespace {

using fixtures::Floor;

Points p(const char* text) {
  return parse_points(text);
}

/// Options A, B, C ... of a question: `key` and `marked` name some of them.
std::vector<Part> options(const std::string& key, const std::string& marked, std::size_t count,
                          const Points& worth) {
  std::vector<Part> parts;
  for (std::size_t i = 0; i < count; ++i) {
    const char letter = static_cast<char>('A' + i);
    const bool in_key = key.find(letter) != std::string::npos,
               is_marked = marked.find(letter) != std::string::npos;
    Part option = part(in_key == is_marked ? Outcome::right : Outcome::wrong, worth / count);
    option.label = std::string(1, letter);
    option.option = true;
    option.marked = is_marked;
    parts.push_back(option);
  }
  return parts;
}

Scheme signed_scheme(const char* correct, const char* wrong, const char* blank = "0") {
  Scheme scheme = of_kind(Kind::signed_marks);
  scheme.correct = correct;
  scheme.wrong = wrong;
  scheme.blank = blank;
  return scheme;
}

/// The sum over single items.
Points sheet(const QuestionRules& question, const std::vector<std::pair<Outcome, int>>& how_often,
             const Points& worth) {
  Points sum = 0;
  for (const auto& [outcome, times] : how_often)
    for (int i = 0; i < times; ++i) sum += score(question, {part(outcome, worth)}).points.value();
  return sum;
}

TEST(SignedMarks, GiveTwoForRightMinusOneForWrongAndNothingForBlank) {
  const auto question = rules(signed_scheme("2", "-1"));
  EXPECT_EQ(score(question, {part(Outcome::right, 2)}).points, p("2"));
  EXPECT_EQ(score(question, {part(Outcome::wrong, 2)}).points, p("-1"));
  EXPECT_EQ(score(question, {part(Outcome::blank, 2)}).points, p("0"));
  EXPECT_EQ(sheet(question, {{Outcome::right, 7}, {Outcome::wrong, 2}, {Outcome::blank, 1}}, 2), p("12"));
}

TEST(SignedMarks, GiveTrueNegativeTotals) {
  const auto question = rules(signed_scheme("1", "-1"));
  EXPECT_EQ(sheet(question, {{Outcome::right, 5}, {Outcome::wrong, 13}, {Outcome::blank, 2}}, 1), p("-8"));
  auto floored = question;
  floored.floor = Floor::item;
  EXPECT_EQ(sheet(floored, {{Outcome::right, 5}, {Outcome::wrong, 13}, {Outcome::blank, 2}}, 1), p("5"));
}

TEST(SignedMarks, MayChargeABlank) {
  EXPECT_EQ(score(rules(signed_scheme("3", "-1", "-1/2")), {part(Outcome::blank, 3)}).points, p("-1/2"));
}

TEST(SignedMarks, TakeNothingForWhatNobodyCouldRead) {
  for (const Outcome outcome :
       {Outcome::unreadable, Outcome::ambiguous, Outcome::for_person, Outcome::cannot_tell}) {
    const Score found = score(rules(signed_scheme("2", "-1")), {part(outcome, 2)});
    EXPECT_FALSE(found.points.has_value()) << to_text(outcome);
    EXPECT_EQ(found.sure, p("0"));
    EXPECT_EQ(found.possible, p("2"));
    EXPECT_NE(found.explanation.find("for a person"), std::string::npos) << found.explanation;
  }
}

TEST(AllOrPartial, FollowsCs231n) {  // 4 points, key A, D
  const auto question = rules(of_kind(Kind::all_or_partial), 4);
  const auto points = [&](const std::string& marked) {
    return score(question, options("AD", marked, 4, 4)).points;
  };
  EXPECT_EQ(points("AD"), p("4"));
  EXPECT_EQ(points("A"), p("2"));
  EXPECT_EQ(points("AB"), p("0"));
  EXPECT_EQ(points("ABCD"), p("0"));
  EXPECT_EQ(points(""), p("0"));
}

TEST(AllOrPartial, MayGiveAFixedShare) {
  Scheme scheme = of_kind(Kind::all_or_partial);
  scheme.partial = "1/4";
  const auto question = rules(scheme, 4);
  EXPECT_EQ(score(question, options("ABC", "AB", 4, 4)).points, p("1"));
  EXPECT_EQ(score(question, options("ABC", "A", 4, 4)).points, p("1"));
  EXPECT_EQ(score(question, options("ABC", "", 4, 4)).points, p("0"));
  EXPECT_EQ(score(question, options("ABC", "ABC", 4, 4)).points, p("4"));
}

TEST(AllOrPartial, NamesTheOptionThatDoesNotBelong) {
  const Score found = score(rules(of_kind(Kind::all_or_partial), 4), options("AD", "AC", 4, 4));
  EXPECT_EQ(found.explanation, "C is marked and does not belong: 0 of 4 points");
}

TEST(AllOrPartial, WaitsForAPersonOnlyWhereThatCanChangeAnything) {
  const auto question = rules(of_kind(Kind::all_or_partial), 4);
  auto parts = options("AD", "A", 4, 4);
  parts[3].judgement.outcome = Outcome::ambiguous;
  EXPECT_FALSE(score(question, parts).points.has_value());
  EXPECT_EQ(score(question, parts).sure, p("0"));
  parts[1] = options("AD", "AB", 4, 4)[1];  // a wrong option, for certain
  EXPECT_EQ(score(question, parts).points, p("0"));
}

TEST(AllOrPartial, LeavesVoidedAndLostOptionsOut) {
  const auto question = rules(of_kind(Kind::all_or_partial), 4);
  auto parts = options("AD", "AB", 4, 4);
  parts[1].judgement.outcome = Outcome::voided;
  EXPECT_EQ(score(question, parts).points, p("2"));
  for (Part& option : parts) option.judgement.outcome = Outcome::voided;
  EXPECT_EQ(score(question, parts).points, p("4"));
  for (Part& option : parts) option.judgement.outcome = Outcome::lost;
  EXPECT_EQ(score(question, parts).possible, p("0"));
}

TEST(PerOption, FollowsEecs498) {  // key A, B; choice A, C: A rightly chosen, D rightly left
  const auto question = rules(of_kind(Kind::per_option), 4);
  EXPECT_EQ(score(question, options("AB", "AC", 4, 4)).points, p("2"));
  EXPECT_EQ(score(question, options("AB", "AC", 4, 4)).explanation,
            "2 of 4 options as in the key: 2 of 4 points");
  EXPECT_EQ(score(question, options("AB", "AB", 4, 4)).points, p("4"));
  EXPECT_EQ(score(question, options("AB", "CD", 4, 4)).points, p("0"));
}

TEST(PerOption, SharesExactlyAmongThree) {
  EXPECT_EQ(score(rules(of_kind(Kind::per_option), 1), options("A", "AB", 3, 1)).points, p("2/3"));
}

TEST(PerOption, KeepsWhatIsSureWhileOneOptionWaits) {
  auto parts = options("AB", "AB", 4, 4);
  parts[2].judgement.outcome = Outcome::unreadable;
  const Score found = score(rules(of_kind(Kind::per_option), 4), parts);
  EXPECT_FALSE(found.points.has_value());
  EXPECT_EQ(found.sure, p("3"));
  EXPECT_EQ(found.explanation, "3 of 4 options as in the key; 1 for a person: 3 of 4 points so far");
}

TEST(Cells, EarnTheirOwnPointsOrNothing) {
  const auto question = rules(of_kind(Kind::cells));
  const std::vector<Part> parts{part(Outcome::right, 1), part(Outcome::wrong, 2), part(Outcome::right, 3)};
  EXPECT_EQ(score(question, parts).points, p("4"));
  EXPECT_EQ(score(question, parts).possible, p("6"));
}

TEST(Cells, MayCountOnlyAsAWhole) {  // "every cell for full credit"
  Scheme scheme = of_kind(Kind::cells);
  scheme.complete = true;
  const auto question = rules(scheme);
  std::vector<Part> cells(8, part(Outcome::right, 1));
  EXPECT_EQ(score(question, cells).points, p("8"));
  cells[5] = part(Outcome::wrong, 1);
  EXPECT_EQ(score(question, cells).points, p("0"));
  cells[2] = part(Outcome::unreadable, 1);
  EXPECT_EQ(score(question, cells).points, p("0")) << "a cell is wrong for certain: nobody needs to look";
  cells[5] = part(Outcome::followed, 1);
  EXPECT_FALSE(score(question, cells).points.has_value());
  EXPECT_EQ(score(question, cells).sure, p("0"));
}

TEST(Cells, GiveTheCreditOfAKnownMistake) {
  const auto question = rules(of_kind(Kind::cells));
  EXPECT_EQ(score(question, {part(Outcome::partly, p("3"), "dropped-max", p("1/2"))}).points, p("3/2"));
}

TEST(Cells, MayCountOnlyTheBest) {
  auto question = rules(of_kind(Kind::cells));
  question.any_of = 2;
  const std::vector<Part> parts{part(Outcome::right, 1), part(Outcome::wrong, 1), part(Outcome::right, 1)};
  EXPECT_EQ(score(question, parts).points, p("2"));
  EXPECT_EQ(score(question, parts).possible, p("2"));
  EXPECT_EQ(score(question, {part(Outcome::right, 1), part(Outcome::right, 1), part(Outcome::for_person, 1)})
                .points,
            p("2"))
      << "the best two are full already";
}

TEST(ChargeOnce, FollowsCsc413) {  // four parts of 1/2; the factor 3 is missing in a and d
  auto question = rules(of_kind(Kind::cells));
  const Points half = p("1/2");
  const std::vector<Part> parts{part(Outcome::wrong, half, "missing-channels"), part(Outcome::right, half),
                                part(Outcome::right, half), part(Outcome::wrong, half, "missing-channels")};
  EXPECT_EQ(score(question, parts).points, p("1"));
  question.charge_once = {"missing-channels"};
  const Score found = score(question, parts);
  EXPECT_EQ(found.points, p("3/2"));
  EXPECT_FALSE(found.parts[0].charged_elsewhere);
  EXPECT_TRUE(found.parts[3].charged_elsewhere);
  EXPECT_EQ(found.parts[3].points, half);
}

TEST(ChargeOnce, IsForTheMistakesThatAreNamed) {
  auto question = rules(of_kind(Kind::cells));
  question.charge_once = {"missing-channels"};
  EXPECT_EQ(score(question, {part(Outcome::wrong, 1, "sign"), part(Outcome::wrong, 1, "sign")}).points,
            p("0"));
  EXPECT_EQ(score(question, {part(Outcome::wrong, 1), part(Outcome::wrong, 1)}).points, p("0"));
}

TEST(FollowThrough, EarnsFullPoints) {
  const Score found = score(rules(of_kind(Kind::cells)), {part(Outcome::wrong, 1), part(Outcome::followed, 3),
                                                          part(Outcome::followed, 1)});
  EXPECT_EQ(found.points, p("4"));
  EXPECT_EQ(found.explanation, "2 of 3 right, 2 after an earlier answer: 4 of 5 points");
}

TEST(Voided, GivesEverybodyFullPoints) {
  for (const Kind kind : {Kind::cells, Kind::rubric, Kind::per_option, Kind::certainty, Kind::guess_neutral})
    EXPECT_EQ(score(rules(of_kind(kind)), {part(Outcome::voided, 3)}).points, p("3"));
  EXPECT_EQ(score(rules(signed_scheme("2", "-1")), {part(Outcome::voided, 2)}).points, p("2"));
}

TEST(Lost, IsNotMarked) {
  const Score found = score(rules(of_kind(Kind::cells)), {part(Outcome::lost, 3), part(Outcome::right, 1)});
  EXPECT_EQ(found.points, p("1"));
  EXPECT_EQ(found.possible, p("1"));
}

TEST(Floors, EndAQuestionAtZero) {
  auto question = rules(signed_scheme("1", "-1"));
  const std::vector<Part> parts{part(Outcome::wrong, 1), part(Outcome::wrong, 1), part(Outcome::right, 1)};
  EXPECT_EQ(score(question, parts).points, p("-1"));
  question.floor = Floor::question;
  EXPECT_EQ(score(question, parts).points, p("0"));
  question.floor = Floor::item;
  EXPECT_EQ(score(question, parts).points, p("1"));
}

TEST(GuessNeutral, GivesNothingOnAverageToAnybodyWhoGuesses) {
  for (const std::string key : {"A", "AB", "ABC"}) {
    const auto question = rules(of_kind(Kind::guess_neutral), 3);
    Points sum = 0;
    for (unsigned set = 0; set < 16; ++set) {
      std::string marked;
      for (unsigned i = 0; i < 4; ++i)
        if (set >> i & 1u) marked += static_cast<char>('A' + i);
      sum += score(question, options(key, marked, 4, 3)).points.value();
    }
    EXPECT_EQ(sum, 0) << key;
  }
}

TEST(GuessNeutral, ChargesByHand) {  // two right of five: a share of 2 each; a wrong one costs 2 * 2 / 3
  const auto question = rules(of_kind(Kind::guess_neutral), 4);
  EXPECT_EQ(score(question, options("AB", "AB", 5, 4)).points, p("4"));
  EXPECT_EQ(score(question, options("AB", "AC", 5, 4)).points, p("2/3"));
  EXPECT_EQ(score(question, options("AB", "CDE", 5, 4)).points, p("-4"));
  Part truth = part(Outcome::wrong, 2);
  truth.choices = 2;
  EXPECT_EQ(score(question, {truth}).points, p("-2"));
  EXPECT_EQ(score(question, {part(Outcome::wrong, 2)}).points, p("0")) << "there is nothing to guess from";
}

TEST(Certainty, PaysAndCharges) {
  const auto points = [](Outcome outcome, int sure) {
    Part one = part(outcome, 3);
    one.judgement.certainty = sure;
    return score(rules(of_kind(Kind::certainty)), {one}).points.value();
  };
  EXPECT_EQ(points(Outcome::right, 1), 1);
  EXPECT_EQ(points(Outcome::right, 3), 3);
  EXPECT_EQ(points(Outcome::wrong, 1), 0);
  EXPECT_EQ(points(Outcome::wrong, 2), -2);
  EXPECT_EQ(points(Outcome::wrong, 3), -6);
  EXPECT_EQ(points(Outcome::blank, 0), 0);
  EXPECT_EQ(points(Outcome::right, 0), 1) << "without a number as at 1";
}

TEST(Certainty, ScalesWithTheItem) {
  Part one = part(Outcome::wrong, 6);
  one.judgement.certainty = 3;
  EXPECT_EQ(score(rules(of_kind(Kind::certainty)), {one}).points, p("-12"));
}

TEST(Blank, IsNotWrong) {
  Scheme scheme = of_kind(Kind::all_or_partial);
  scheme.some_correct = true;
  auto parts = options("AD", "", 4, 4);
  for (Part& option : parts) option.judgement.outcome = Outcome::blank;
  const Score found = score(rules(scheme, 4), parts);
  EXPECT_EQ(found.points, p("0"));
  EXPECT_EQ(found.explanation, "nothing is marked: 0 of 4 points");
}

TEST(InWords, SaysEachRule) {
  EXPECT_EQ(in_words(signed_scheme("2", "-1")), "+2 for each right answer, -1 for a wrong one, 0 for none");
  EXPECT_EQ(in_words(of_kind(Kind::all_or_partial)),
            "any wrong option: 0; all right options and no other: the points; only some of them: their share "
            "of the "
            "points");
  EXPECT_EQ(in_words(of_kind(Kind::certainty)),
            "how sure the student is counts: at 1, +1 if right and 0 if wrong; at 2, +2 if right and -2 if "
            "wrong; at "
            "3, +3 if right and -6 if wrong; without a number as at 1");
  EXPECT_EQ(in_words(Floor::section), "a section below 0 counts as 0");
}

}  // namespace
}  // namespace assay::graders::exams
