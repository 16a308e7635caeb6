/// Formulas as text: for claims written by a teaching assistant, and for the answers of students.
///
///   const Formula loss = parse("-sum(i, 1, n, y_i log p_i) / n");            // or LaTeX, or Unicode
///   const Rational value = number(parse("x^2 + 1/3"), environment);          // exact
///   const Truth smaller = holds(parse("tanh(x)^2 <= 1"), balls);              // yes, no, unknown
///   to_text(parse(R"(\frac{1}{m} \sum_{i=1}^m a_i)"))                         // "1/m*sum(i = 1..m, a[i])"
///
/// The language is described in docs/formulas.md. Elements are counted from 1, as papers do. Nothing in here
/// hangs, recurses without bound or crashes, whatever the bytes of the text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>

#include "oracles/numeric/truth.hpp"
#include "oracles/tensor.hpp"
#include "properties/subject.hpp"

namespace assay::properties::formula {

struct Node;

/// Texts longer than this many bytes are refused.
inline constexpr std::size_t longest_text = 20000;
/// Brackets, exponents and the like nest this deep at most.
inline constexpr int deepest_nesting = 64;
/// Operations depend on each other in chains of this length at most (1 + 1 + 1 is a chain of two).
inline constexpr int deepest_formula = 256;

/// What the names in a formula may be.
struct Vocabulary {
  /// Declared names. They win over functions and constants of the same name. With none declared, every name
  /// that means nothing else is a variable.
  std::set<std::string, std::less<>> names = {};

  bool open() const { return names.empty(); }
};

/// A formula that was understood; immutable, and cheap to copy.
class Formula {
 public:
  explicit Formula(std::shared_ptr<const Node> root) : root_(std::move(root)) {}
  const Node& root() const { return *root_; }
  /// The same operations on the same names and numbers, wherever they stood in the text.
  bool operator==(const Formula& other) const;

 private:
  std::shared_ptr<const Node> root_;
};

/// Raised where text is no formula: `found ")", expected a number, a name or a bracket`.
struct FormulaError : std::invalid_argument {
  FormulaError(std::size_t where, std::string what_stood_there, std::string what_may_stand_there);

  std::size_t offset;  ///< in bytes, from 0; the length of the text where it ends too early
  std::string found;
  std::string expected;
};

/// Raised for texts beyond the limits above.
struct FormulaTooLarge : FormulaError {
  using FormulaError::FormulaError;
};

/// The line of `text` at `offset`, and below it a caret: what a person needs to see the place. Bytes that
/// are no text are shown as "?".
std::string pointed(std::string_view text, std::size_t offset);

/// Plain, LaTeX and Unicode spellings, mixed at will. Throws FormulaError.
Formula parse(std::string_view text, const Vocabulary& vocabulary = {});

/// Canonical plain text; parse reads the same formula back.
std::string to_text(const Formula& formula);

/// The variables: all names that an environment must give a value.
std::set<std::string, std::less<>> free_names(const Formula& formula);

/// Whether the formula is a statement (a comparison, and, or, not, implies) rather than a number.
bool is_statement(const Formula& formula);

/// Values of the names, and who evaluates the operations of the catalogue.
template <class T>
struct Environment {
  std::map<std::string, oracles::Tensor<T>, std::less<>> real = {};
  /// Labels, masks, and sizes such as n: these are exact, and may be used as indices.
  std::map<std::string, oracles::IndexTensor, std::less<>> index = {};
  Subject<T> subject = {};
  /// Evaluation stops with TooMuchWork after this many elementary operations.
  std::uint64_t steps = 1'000'000;
};

/// Raised where a formula has no value; `offset` is the place in the text.
struct EvaluationError : std::invalid_argument {
  EvaluationError(std::size_t where, const std::string& message)
      : std::invalid_argument(message), offset(where) {}
  std::size_t offset;
};
/// The value is no fraction, or not evidently one (exp, sqrt, pi, a catalogue operation on reals): evaluate
/// on balls.
struct NotRational : EvaluationError {
  using EvaluationError::EvaluationError;
};
/// Of fractions only: balls become NaN, floats infinite or NaN.
struct DivisionByZero : EvaluationError {
  using EvaluationError::EvaluationError;
};
/// The steps of the environment are used up, or a fraction grew beyond 65536 bits.
struct TooMuchWork : EvaluationError {
  using EvaluationError::EvaluationError;
};
struct UnboundName : EvaluationError {
  using EvaluationError::EvaluationError;
};
/// A vector where a number is needed, lengths that differ, an index out of range, a matrix times a row.
struct ShapeMismatch : EvaluationError {
  using EvaluationError::EvaluationError;
};
/// An element that is not there: x[4] of three.
struct IndexOutOfRange : ShapeMismatch {
  using ShapeMismatch::ShapeMismatch;
};
/// A third derivative, or a second one through an operation of the catalogue.
struct NotDifferentiable : EvaluationError {
  using EvaluationError::EvaluationError;
};

template <class T>
using Value = std::variant<oracles::Tensor<T>, oracles::Truth>;

/// For Rational, Ball, double and float. Throws EvaluationError.
template <class T>
Value<T> evaluate(const Formula& formula, const Environment<T>& environment);
/// The same, with steps out of a purse that many evaluations share: what is left is there afterwards, also
/// after an exception. The environment's own number of steps does not count.
template <class T>
Value<T> evaluate(const Formula& formula, const Environment<T>& environment, std::uint64_t& steps);

/// The same where the value must be one number, or must be a statement.
template <class T>
T number(const Formula& formula, const Environment<T>& environment);
template <class T>
oracles::Truth holds(const Formula& formula, const Environment<T>& environment);

}  // namespace assay::properties::formula
