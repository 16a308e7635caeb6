/// A number type that is nothing but a bound of degrees: run a formula on it, and learn which polynomials its
/// numerator and denominator can at most be.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace assay::properties {

/// Of a quotient of two polynomials: the highest power of each variable above and below.
class Degree {
 public:
  Degree(int = 0) {}
  /// The variable `index` itself.
  static Degree variable(std::size_t index) {
    Degree result;
    result.above_.resize(index + 1);
    result.above_[index] = 1;
    return result;
  }

  unsigned above(std::size_t variable) const { return at(above_, variable); }
  unsigned below(std::size_t variable) const { return at(below_, variable); }

  friend Degree operator+(const Degree& a, const Degree& b) {
    Degree result;
    result.above_ = joined(sum(a.above_, b.below_), sum(b.above_, a.below_));
    result.below_ = sum(a.below_, b.below_);
    return result;
  }
  friend Degree operator-(const Degree& a, const Degree& b) { return a + b; }
  friend Degree operator-(const Degree& a) { return a; }
  friend Degree operator*(const Degree& a, const Degree& b) {
    Degree result;
    result.above_ = sum(a.above_, b.above_);
    result.below_ = sum(a.below_, b.below_);
    return result;
  }
  friend Degree operator/(const Degree& a, const Degree& b) {
    Degree result;
    result.above_ = sum(a.above_, b.below_);
    result.below_ = sum(a.below_, b.above_);
    return result;
  }

 private:
  using Powers = std::vector<unsigned>;

  static unsigned at(const Powers& powers, std::size_t i) { return i < powers.size() ? powers[i] : 0; }
  template <class Join>
  static Powers combined(const Powers& a, const Powers& b, const Join& join) {
    Powers result(std::max(a.size(), b.size()));
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = join(at(a, i), at(b, i));
    return result;
  }
  static Powers sum(const Powers& a, const Powers& b) {
    return combined(a, b, [](unsigned x, unsigned y) { return x + y; });
  }
  static Powers joined(const Powers& a, const Powers& b) {
    return combined(a, b, [](unsigned x, unsigned y) { return std::max(x, y); });
  }

  Powers above_, below_;
};

}  // namespace assay::properties
