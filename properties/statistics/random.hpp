/// Random numbers of the experiments: the same seed gives the same numbers on every machine, which the
/// distributions of <random> do not promise.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "properties/statistics/elementary.hpp"

namespace assay::properties {

/// splitmix64 (Steele, Lea and Flood, 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t bits() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  /// 0 ≤ n < count; the remainder's bias is below count / 2^64.
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(bits() % count); }
  /// In [0, 1), a multiple of 2^−53.
  double unit() { return static_cast<double>(bits() >> 11) * 0x1p-53; }
  double uniform(double low, double high) { return low + (high - low) * unit(); }
  bool chance(double probability) { return unit() < probability; }

  /// Standard normal, by Marsaglia's polar method; the second number of each pair is not kept, so that the
  /// state is one word.
  double normal() {
    for (;;) {
      const double u = 2 * unit() - 1, v = 2 * unit() - 1, s = u * u + v * v;
      if (s > 0 && s < 1) return u * std::sqrt(-2 * portable_log(s) / s);
    }
  }

  template <class T>
  void shuffle(std::vector<T>& values) {
    for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[below(i)]);
  }

 private:
  std::uint64_t state_;
};

/// A seed of its own for each purpose (data, initial weights, order of the batches ...): what one arm of a
/// pair draws more of never shifts what the other arm draws.
inline std::uint64_t derived_seed(std::uint64_t seed, std::uint64_t purpose) {
  return Random(Random(seed).bits() ^ (purpose * 0xd1342543de82ef95u)).bits();
}

}  // namespace assay::properties
