/// Arithmetic as people write it, by the formula language: exact, and bounded in time.
#include <algorithm>
#include <array>
#include <cmath>

#include "graders/escape.hpp"
#include "graders/exams/answer_reading.hpp"
#include "oracles/numeric/ball.hpp"
#include "oracles/numeric/rational.hpp"
#include "properties/formula/formula.hpp"

namespace assay::graders::exams::reading {
namespace {

namespace formula = properties::formula;
using oracles::Ball;
using oracles::Rational;

constexpr std::uint64_t most_steps = 1000;
constexpr long ball_bits = 192;
constexpr double largest = 1e250;  // of any number on the way

/// What may stand between numbers. `frac` takes its two arguments in braces.
constexpr std::array<std::string_view, 12> functions{"exp", "log", "ln",   "sqrt",  "abs",   "tanh",
                                                     "pi",  "e",   "frac", "dfrac", "tfrac", "sigmoid"};

bool is_function(std::string_view word) {
  if (word.starts_with('\\')) word.remove_prefix(1);
  return std::ranges::find(functions, word) != functions.end();
}

/// A text, and for each byte of it where its token stood.
struct Spelled {
  std::string text;
  std::vector<std::size_t> offsets;
  void add(std::string_view piece, std::size_t offset) {
    text += piece;
    offsets.insert(offsets.end(), piece.size(), offset);
  }
};

Spelled spelled(const Tokens& tokens) {
  Spelled result;
  for (const Token& token : tokens) {
    std::string text = token.text;
    // The language has no sign for a list of numbers: [5*5 + 1] is a bracket.
    if (token.is("[")) text = "(";
    if (token.is("]")) text = ")";
    result.add(text, token.offset);
    if (token.kind == Token::Kind::word || token.kind == Token::Kind::number) result.add(" ", token.offset);
  }
  return result;
}

mpq_class to_mpq(const Rational& value) {
  return mpq_class(value.backend().data());
}

/// Numbers so large that only their first digits could be compared are no answers.
bool is_moderate(const formula::Formula& parsed) {
  formula::Environment<double> at;
  at.steps = most_steps;
  const double value = formula::number(parsed, at);
  return std::isfinite(value) && std::abs(value) < largest;
}

void evaluate_parsed(const formula::Formula& parsed, Evaluated& result) {
  try {
    formula::Environment<Rational> at;
    at.steps = most_steps;
    result.value = to_mpq(formula::number(parsed, at));
  } catch (const formula::NotRational&) {
    const oracles::PrecisionScope scope(ball_bits);
    formula::Environment<Ball> at;
    at.steps = most_steps;
    const Ball value = formula::number(parsed, at);
    if (!oracles::is_finite(value)) return;
    result.value = to_mpq(oracles::midpoint_rational(value));
    result.radius = to_mpq(oracles::midpoint_rational(oracles::radius(value)));
  }
}

std::size_t offset_in(const Spelled& spelled, std::size_t offset, std::size_t end) {
  return offset < spelled.offsets.size() ? spelled.offsets[offset] : end;
}

}  // namespace

Evaluated evaluate(const Tokens& tokens, std::size_t end) {
  Evaluated result;
  for (const Token& token : tokens)
    if (token.kind == Token::Kind::word && !is_function(token.text)) {
      result.error = unreadable(token.text, token.offset, "a number or a sign between numbers");
      return result;
    }
  const Spelled text = spelled(tokens);
  try {
    // A name that no answer can have closes the vocabulary: letters are no variables.
    const formula::Formula parsed = formula::parse(text.text, {{"no_variable"}});
    if (is_moderate(parsed)) evaluate_parsed(parsed, result);
    if (result.value)
      result.expression = formula::to_text(parsed);
    else
      result.error = {tokens.empty() ? 0 : tokens.front().offset,
                      "the number is too large, or divided by zero"};
  } catch (const formula::FormulaError& error) {
    result.error = {offset_in(text, error.offset, end), displayable_line(error.what(), 160)};
  } catch (const formula::EvaluationError& error) {
    result.error = {offset_in(text, error.offset, end), displayable_line(error.what(), 160)};
  }
  return result;
}

}  // namespace assay::graders::exams::reading
