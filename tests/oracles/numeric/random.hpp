/// Seeded cases for the tests of the numbers: the same seed gives the same cases on every machine.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace assay::oracles::testing {

/// splitmix64: small, and the same everywhere (the distributions of <random> are not).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t bits() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  /// low ≤ n ≤ high.
  int integer(int low, int high) {
    return low + static_cast<int>(bits() % static_cast<std::uint64_t>(high - low + 1));
  }
  /// In [0, 1), a multiple of 2^−53.
  double unit() { return std::ldexp(static_cast<double>(bits() >> 11), -53); }
  double uniform(double low, double high) { return low + (high - low) * unit(); }
  /// A signed number of magnitude 2^low to 2^high: every binade alike, all bits random.
  double spread(int low, int high) {
    const double magnitude = std::ldexp(1 + unit(), integer(low, high - 1));
    return bits() & 1 ? -magnitude : magnitude;
  }
  template <class T>
  void shuffle(std::vector<T>& values) {
    for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[bits() % i]);
  }

 private:
  std::uint64_t state_;
};

}  // namespace assay::oracles::testing
