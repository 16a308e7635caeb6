/// The words of the formula language: functions, constants, relations, and how LaTeX and Unicode spell them.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace assay::properties::formula {

enum class Constant { pi, e, yes, no, infinity };

enum class Relation { less, less_equal, greater, greater_equal, equal, not_equal };

enum class Function {
  exp,
  log,
  log1p,
  expm1,
  sqrt,
  tanh,
  sigmoid,
  softplus,
  erf,
  erfc,
  relu,
  step,
  sign,
  sin,
  cos,
  abs,
  floor,
  ceil,
  norm,
  dot,
  length,
  argmax,
  argmin,
  transpose,
  indicator,
  sum,
  prod,
  max,
  min,
  mean,
  choose,
  diff
};

struct FunctionSpec {
  std::string_view name;
  Function function;
  std::size_t least, most;  ///< arguments
  bool elementary = false;  ///< of one number: may be written without brackets ("log x"), works elementwise
};

inline constexpr std::size_t any_number = 1000000;

/// All functions, aliases behind the name that is printed.
std::span<const FunctionSpec> functions();
/// Null where there is none of that name.
const FunctionSpec* find_function(std::string_view name);
std::string_view name_of(Function function);

/// Null where there is none of that name: "pi", "e", "true", "false", "inf".
const Constant* find_constant(std::string_view name);
std::string_view name_of(Constant constant);

std::string_view name_of(Relation relation);

/// "alpha" for "alpha", "epsilon" for "varepsilon"; empty for what is no Greek letter.
std::string_view greek_letter(std::string_view command);

/// How a LaTeX command other than a Greek letter is read: as nothing ("left"), as a symbol ("cdot" is "*"),
/// as a word ("log"), or by the parser itself ("frac"). Empty `text` of a symbol: nothing.
struct Command {
  enum class Role { skip, symbol, word, accent, style, own } role;
  std::string_view name;
  std::string_view text = {};
};
/// Null for an unknown command.
const Command* find_command(std::string_view name);

/// How a character beyond ASCII is read: as a symbol, a word, a Greek letter, a raised or lowered digit, or
/// an accent above the letter before it.
struct Character {
  enum class Role { symbol, word, letter, raised, lowered, prime, space, accent } role;
  char32_t point;
  std::string_view text = {};
};
/// Null for a character that means nothing here.
const Character* find_character(char32_t point);

}  // namespace assay::properties::formula
