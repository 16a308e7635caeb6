/// Values of formulas at points: exact, or balls; and whether two of them are the same. Internal.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "oracles/numeric/ball.hpp"
#include "oracles/numeric/rational.hpp"
#include "properties/formula/formula.hpp"

namespace assay::properties::equivalence {

using oracles::Ball;
using oracles::Rational;
using oracles::Tensor;
using oracles::Truth;

/// Balls begin at this precision; values that overlap there, with radii below 2^-tight_bits of their size,
/// are the same.
inline constexpr long base_bits = 256;
inline constexpr long tight_bits = 160;
inline constexpr long most_bits = 2048;

/// Why there is no value.
enum class Trouble {
  none,
  pole,      ///< division by zero, a logarithm of what is not positive
  range,     ///< an element that does not exist
  shape,     ///< lengths that differ, a vector where a number is needed
  work,      ///< too much
  undecided  ///< balls do not tell
};

/// What a formula is at a point.
struct Value {
  std::variant<std::monostate, Truth, Tensor<Rational>, Tensor<Ball>> held;
  Trouble trouble = Trouble::none;
  std::string why = {};  ///< the trouble in words

  bool exists() const { return held.index() != 0; }
  bool is_truth() const { return std::holds_alternative<Truth>(held); }
  bool is_exact() const { return std::holds_alternative<Tensor<Rational>>(held); }
  bool is_ball() const { return std::holds_alternative<Tensor<Ball>>(held); }
  const Tensor<Rational>& exact() const { return std::get<Tensor<Rational>>(held); }
  const Tensor<Ball>& ball() const { return std::get<Tensor<Ball>>(held); }
  /// The shape without axes of length 1; of a number ().
  oracles::Shape shape() const;
  std::size_t size() const;
};

/// Steps that a comparison may take; balls cost more the more bits they have.
struct Budget {
  std::uint64_t steps;
};

/// Evaluates in fractions; a NotRational or UnboundName is the caller's to meet with balls, hence nothing.
std::optional<Value> exact_value(const formula::Formula& formula,
                                 const formula::Environment<Rational>& environment, Budget& budget);
/// Evaluates on balls of the working precision. No value where an element is NaN or infinite.
Value ball_value(const formula::Formula& formula, const formula::Environment<Ball>& environment,
                 Budget& budget);

/// The balls of an exact value, at the working precision.
Tensor<Ball> to_balls(const Value& value);

/// Yes and no are certain; `digits` is lowered to how many decimal digits balls agree in. A number meets
/// every element of a vector. Precondition: both exist, shapes fit.
struct Match {
  Truth same = Truth::unknown;
  int digits = 1000;  ///< far more than any ball has: compared in fractions
};
Match match(const Value& a, const Value& b);

/// Whether the balls of a value are small.
bool is_tight(const Tensor<Ball>& balls);

/// "3/2", "[1, -2]", "2.718281828459045...", "true"; long numbers as decimals.
std::string shown(const Value& value);
std::string shown(const Rational& number);

}  // namespace assay::properties::equivalence
