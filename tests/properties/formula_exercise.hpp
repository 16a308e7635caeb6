/// Everything that can be done to a text that may be a formula: for random tokens and for the fuzzer.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "oracles/numeric/numbers.hpp"
#include "properties/formula/formula.hpp"

namespace assay::properties::formula::testing {

inline const Vocabulary& some_names() {
  static const Vocabulary names{{"x", "y", "v", "W", "n", "T", "alpha", "x_1", "d_model", "w'"}};
  return names;
}

template <class T>
Environment<T> some_values() {
  const auto number = [](int p, int q) { return oracles::from_rational<T>(oracles::Rational(p, q)); };
  Environment<T> result;
  const auto scalar = [&](const char* name, int p, int q) {
    result.real[name] = oracles::Tensor<T>::scalar(number(p, q));
  };
  scalar("x", 3, 2);
  scalar("y", -1, 3);
  scalar("T", 2, 1);
  scalar("alpha", 0, 1);
  scalar("x_1", 1, 7);
  result.real["v"] = oracles::Tensor<T>({3}, {number(1, 2), number(0, 1), number(-4, 3)});
  result.real["W"] = oracles::Tensor<T>(
      {2, 3}, {number(1, 1), number(2, 1), number(-3, 1), number(1, 4), number(0, 1), number(6, 5)});
  result.index["n"] = oracles::IndexTensor::scalar(3);
  result.index["d_model"] = oracles::IndexTensor({2}, {0, 1});
  result.steps = 3000;
  return result;
}

/// Whether it has a value; anything but an EvaluationError escapes.
template <class T>
bool has_value(const Formula& formula) {
  static const Environment<T> values = some_values<T>();
  try {
    (void)evaluate(formula, values);
    return true;
  } catch (const EvaluationError&) {
    return false;
  }
}

struct Exercised {
  bool understood = false, valued = false;
};

/// The formula, if it is one, read back from what it is printed as. Throws std::logic_error where the
/// language breaks a promise.
inline std::optional<Formula> read(std::string_view text, const Vocabulary& vocabulary) {
  try {
    Formula formula = parse(text, vocabulary);
    (void)free_names(formula);
    const std::string printed = to_text(formula);
    try {
      if (!(parse(printed, vocabulary) == formula))
        throw std::logic_error("printed as another formula: " + printed);
    } catch (const FormulaTooLarge&) {
      // Longer than the text it came from; the limits hold for both.
    } catch (const FormulaError& error) {
      throw std::logic_error("printed as what is no formula: " + printed + ": " + error.what());
    }
    return formula;
  } catch (const FormulaError& error) {
    if (error.offset > text.size()) throw std::logic_error("an error beyond the text");
    if (pointed(text, error.offset).find('^') == std::string::npos) throw std::logic_error("no caret");
    return std::nullopt;
  }
}

inline Exercised exercise(std::string_view text, const Vocabulary& vocabulary) {
  Exercised result;
  const std::optional<Formula> formula = read(text, vocabulary);
  if (!formula) return result;
  result.understood = true;
  for (const bool valued : {has_value<oracles::Rational>(*formula), has_value<oracles::Ball>(*formula),
                            has_value<double>(*formula), has_value<float>(*formula)})
    result.valued = result.valued || valued;
  return result;
}

}  // namespace assay::properties::formula::testing
