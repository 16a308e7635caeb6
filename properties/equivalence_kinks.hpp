/// Kinks and ties of a formula, and points that lie on them. Internal.
#pragma once

#include <string>
#include <vector>

#include "properties/equivalence_points.hpp"

namespace assay::properties::equivalence {

/// Where a comparison, a maximum, an absolute value or the like turns: where `difference` is 0.
struct Kink {
  struct Index {
    std::string name;
    Formula low, high;
  };
  Formula difference;
  std::string text;            ///< "z1 = z2"
  std::vector<Index> indices;  ///< of the sums around it, outermost first
  bool equality = false;       ///< of a = b or a != b
};

/// Of the formula alone: those of its definitions are asked for one by one. Each once, and not too many.
std::vector<Kink> kinks_of(const Formula& formula);

/// A point on a kink, or between two of them.
struct Turn {
  Drawn drawn;
  std::string tie;  ///< the kink's text; empty between kinks
};

/// Points on kinks along one number of a point, and one between each two of them.
class Turns {
 public:
  Turns(const Settled& settled, const Points& points, Budget& budget)
      : settled_(settled), points_(points), budget_(budget) {}

  struct Root {
    Rational at;
    std::string tie;
  };
  /// Where kinks are met when the number moves through its range, all else as in `base`; sorted.
  std::vector<Root> roots(const Drawn& base, const Scalar& along, const std::vector<Kink>& kinks);
  /// The roots themselves and what lies between them and the ends of the range.
  std::vector<Turn> turns(const Drawn& base, const Scalar& along, const std::vector<Root>& roots) const;
  /// The texts of the kinks that a point lies on.
  Names ties(const Drawn& drawn, const std::vector<Kink>& kinks);

 private:
  struct Line;
  std::vector<Formula> instances(const Kink& kink, const Drawn& base);
  std::optional<Rational> at(const Line& line, const Rational& t);
  bool solve_linear(const Line& line, const std::string& tie, std::vector<Root>& roots);
  void scan(const Line& line, const std::string& tie, std::vector<Root>& roots);
  void bisect(const Line& line, const std::string& tie, Rational low, Rational high, bool falls,
              std::vector<Root>& roots);

  const Settled& settled_;
  const Points& points_;
  Budget& budget_;
};

}  // namespace assay::properties::equivalence
