/// Random formulas with their values: an independent evaluator, and the same formula in three spellings.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <stdexcept>
#include <string>

#include "oracles/numeric/rational.hpp"

namespace assay::properties::formula::testing {

using oracles::Rational;

/// A formula as text, fully bracketed, beside its value at one point.
struct Written {
  std::string plain, latex, unicode;
  Rational value;
  int degree = 0;  ///< in all variables together, where it is a polynomial
};

class Writer {
 public:
  using Point = std::map<std::string, Rational>;

  Writer(std::uint64_t seed, Point point, bool polynomials = false)
      : random_(seed), point_(std::move(point)), polynomials_(polynomials) {}

  /// A fraction p/q with |p| <= 12, 1 <= q <= 6.
  static Rational fraction(std::mt19937_64& random) {
    const auto below = [&](std::uint64_t n) { return static_cast<int>(random() % n); };
    return Rational(below(25) - 12) / Rational(below(6) + 1);
  }

  Written formula(int depth) {
    if (depth == 0 || below(7) == 0) return leaf();
    switch (below(polynomials_ ? 4 : 10)) {
      case 0:
        return infix(formula(depth - 1), "+", "+", "+", formula(depth - 1));
      case 1:
        return infix(formula(depth - 1), "-", "-", "−", formula(depth - 1));
      case 2:
        return infix(formula(depth - 1), "*", "\\cdot ", "·", formula(depth - 1));
      case 3:
        return power(formula(depth - 1));
      case 4:
        return quotient(formula(depth - 1), formula(depth - 1));
      case 5:
        return negated(formula(depth - 1));
      case 6:
        return magnitude(formula(depth - 1));
      case 7:
        return larger(formula(depth - 1), formula(depth - 1));
      case 8:
        return chosen(formula(depth - 1), formula(depth - 1), formula(depth - 1));
      default:
        return summed(formula(depth - 1));
    }
  }

 private:
  std::uint64_t below(std::uint64_t n) { return random_() % n; }

  Written leaf() {
    if (below(3) == 0) {
      const std::string digits = std::to_string(below(20));
      return {digits, digits, digits, Rational(digits), 0};
    }
    auto place = point_.begin();
    std::advance(place, static_cast<long>(below(point_.size())));
    const std::string& name = place->first;
    const bool greek = name == "alpha";
    return {name, greek ? "\\alpha " : name, greek ? "α" : name, place->second, 1};
  }

  static Written infix(const Written& a, const char* plain, const char* latex, const char* unicode,
                       const Written& b) {
    const Rational value = *plain == '+'   ? Rational(a.value + b.value)
                           : *plain == '-' ? Rational(a.value - b.value)
                                           : Rational(a.value * b.value);
    return {"(" + a.plain + ")" + plain + "(" + b.plain + ")",
            "{" + a.latex + "}" + latex + "\\left(" + b.latex + "\\right)",
            "(" + a.unicode + ")" + unicode + "(" + b.unicode + ")", value,
            *plain == '*' ? a.degree + b.degree : std::max(a.degree, b.degree)};
  }

  static Written power(const Written& a) {
    return {"(" + a.plain + ")^2", "\\left(" + a.latex + "\\right)^{2}", "(" + a.unicode + ")²",
            Rational(a.value * a.value), 2 * a.degree};
  }

  static Written quotient(const Written& a, const Written& b) {
    if (b.value == 0) return a;
    return {"(" + a.plain + ")/(" + b.plain + ")", "\\frac{" + a.latex + "}{" + b.latex + "}",
            "(" + a.unicode + ")÷(" + b.unicode + ")", Rational(a.value / b.value)};
  }

  static Written negated(const Written& a) {
    return {"-(" + a.plain + ")", "-\\left(" + a.latex + "\\right)", "−(" + a.unicode + ")",
            Rational(-a.value)};
  }

  static Written magnitude(const Written& a) {
    return {"abs(" + a.plain + ")", "\\left|" + a.latex + "\\right|", "|(" + a.unicode + ")|",
            a.value < 0 ? Rational(-a.value) : a.value};
  }

  static Written larger(const Written& a, const Written& b) {
    return {"max(" + a.plain + ", " + b.plain + ")", "\\max\\{" + a.latex + ", " + b.latex + "\\}",
            "max(" + a.unicode + ", " + b.unicode + ")", a.value < b.value ? b.value : a.value};
  }

  static Written chosen(const Written& condition, const Written& a, const Written& b) {
    return {"if(" + condition.plain + " >= 1, " + a.plain + ", " + b.plain + ")",
            "\\begin{cases} " + a.latex + " & \\text{if } " + condition.latex + " \\ge 1 \\\\ " + b.latex +
                " & \\text{otherwise} \\end{cases}",
            "cases(" + condition.unicode + " ≥ 1, " + a.unicode + ", " + b.unicode + ")",
            condition.value >= 1 ? a.value : b.value};
  }

  /// Σ_{k=1}^{3} k a = 6 a.
  static Written summed(const Written& a) {
    return {"(sum(k, 1, 3, k*(" + a.plain + ")))", "(\\sum_{k=1}^{3} k \\left(" + a.latex + "\\right))",
            "(Σ_{k=1}^3 k (" + a.unicode + "))", Rational(6 * a.value)};
  }

  std::mt19937_64 random_;
  Point point_;
  bool polynomials_;
};

}  // namespace assay::properties::formula::testing
