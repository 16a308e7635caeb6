/// Points of a setting: at random, small whole numbers, the ends of the bounds. Internal.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "properties/equivalence_setting.hpp"

namespace assay::properties::equivalence {

/// The same numbers on every machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  /// 0 .. count-1; count > 0.
  std::uint64_t below(std::uint64_t count) { return next() % count; }

 private:
  std::uint64_t state_;
};

/// What one real input may be: multiples of the step between the ends.
struct Range {
  Rational low, high, step;
  bool whole = false;  ///< whole numbers only; other grids are for convenience, and kinks may lie between

  bool admits(const Rational& x) const;
  /// The multiple of the step next to x, inside.
  Rational nearest(const Rational& x) const;
  Rational random(Random& random) const;
};

/// One number of a point.
struct Scalar {
  std::string name;
  std::size_t element = 0;
};

class Points {
 public:
  /// Throws WrittenFormulaError for bounds that are no numbers.
  explicit Points(const fixtures::Setting& setting);

  Drawn random(Random& random) const;
  /// Small whole numbers: the `index`-th; all 0, all 1, and then by chance.
  Drawn small(Random& random, std::size_t index) const;
  /// Each number at one of its ends, or 0.
  Drawn extreme(Random& random) const;

  const Range& range(const std::string& name) const { return ranges_.at(name); }
  /// The elements of all real inputs among `names`; of large ones the first few.
  std::vector<Scalar> scalars(const Drawn& drawn, const Names& names) const;
  /// Whether one could draw it.
  bool admits(const Drawn& drawn) const;
  /// With another extent: elements are dropped; labels beyond it become the last one. Extents may not grow.
  Drawn shrunk(const Drawn& drawn, const std::string& dimension, std::size_t extent) const;
  std::size_t least(const std::string& dimension) const;

 private:
  Drawn drawn(const std::function<std::size_t(const fixtures::Dimension&)>& extent,
              const std::function<Rational(const Range&)>& number,
              const std::function<std::uint64_t(std::uint64_t)>& label) const;
  oracles::Shape shape(const fixtures::InputSpec& input, const Drawn& drawn) const;

  fixtures::Setting setting_;
  std::map<std::string, Range, std::less<>> ranges_;
};

/// Small points first: the fewer and the shorter the numbers other than 0 are.
std::uint64_t size_of(const Drawn& drawn);

/// The fraction with the smallest denominator in [low, high], of these the one nearest to 0.
Rational simplest_between(const Rational& low, const Rational& high);

}  // namespace assay::properties::equivalence
