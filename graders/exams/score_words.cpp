#include <fmt/format.h>

#include <stdexcept>

#include "graders/exams/score.hpp"

namespace assay::graders::exams {
namespace {

using Kind = fixtures::Scheme::Kind;
using fixtures::Scheme;

std::string with_sign(const std::string& points) {
  return points.starts_with('-') || points == "0" ? points : "+" + points;
}

std::string partial_words(const Scheme& scheme) {
  if (scheme.partial == "proportional") return "only some of them: their share of the points";
  return fmt::format("only some of them: {} of the points", scheme.partial);
}

std::string certainty_words(const Scheme& scheme) {
  std::string words = "how sure the student is counts:";
  for (std::size_t i = 0; i < scheme.sure_right.size() && i < scheme.sure_wrong.size(); ++i)
    words += fmt::format("{} at {}, {} if right and {} if wrong", i ? ";" : "", i + 1,
                         with_sign(scheme.sure_right[i]), with_sign(scheme.sure_wrong[i]));
  return words + "; without a number as at 1";
}

std::vector<Points> numbers(const std::vector<std::string>& texts) {
  std::vector<Points> points;
  for (const std::string& text : texts) points.push_back(parse_points(text));
  if (points.empty()) throw std::invalid_argument("a certainty scheme without levels");
  return points;
}

std::string main_rule(const Scheme& scheme) {
  switch (scheme.kind) {
    case Kind::signed_marks:
      return fmt::format("{} for each right answer, {} for a wrong one, {} for none",
                         with_sign(scheme.correct), with_sign(scheme.wrong), with_sign(scheme.blank));
    case Kind::all_or_partial:
      return "any wrong option: 0; all right options and no other: the points; " + partial_words(scheme);
    case Kind::per_option:
      return "each option that is marked or left as in the key earns its share";
    case Kind::cells:
      return scheme.complete ? "all parts right, or no points" : "each part earns its own points";
    case Kind::rubric:
      return "marked by a person, line by line; what a key decides is marked by it";
    case Kind::guess_neutral:
      return "each right option earns its share, and each wrong one costs so much that guessing earns "
             "nothing on "
             "average";
    case Kind::certainty:
      return certainty_words(scheme);
  }
  return {};
}

}  // namespace

Rules read_rules(const Scheme& scheme) {
  Rules rules;
  rules.kind = scheme.kind;
  rules.correct = parse_points(scheme.correct);
  rules.wrong = parse_points(scheme.wrong);
  rules.blank = parse_points(scheme.blank);
  if (scheme.partial != "proportional") rules.partial = parse_points(scheme.partial);
  rules.complete = scheme.complete;
  rules.some_correct = scheme.some_correct;
  rules.sure_right = numbers(scheme.sure_right);
  rules.sure_wrong = numbers(scheme.sure_wrong);
  return rules;
}

std::string in_words(const Scheme& scheme) {
  const std::string words = main_rule(scheme);
  if (!scheme.some_correct) return words;
  return words + "; at least one option is right, so that nothing marked is a blank";
}

std::string in_words(fixtures::Floor floor) {
  using fixtures::Floor;
  switch (floor) {
    case Floor::none:
      return {};
    case Floor::item:
      return "an item below 0 counts as 0";
    case Floor::question:
      return "a question below 0 counts as 0";
    case Floor::section:
      return "a section below 0 counts as 0";
    case Floor::sheet:
      return "a total below 0 counts as 0";
  }
  return {};
}

}  // namespace assay::graders::exams
