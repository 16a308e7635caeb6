/// Rows of numbers gathered from anywhere, side by side as dot and sum want them.
///
///   Gathered<T> patch(9);                                  // nine zeros
///   for (k = 0; k < 9; ++k) patch.set(k, image[at(k)]);
///   dot(patch.data(), 1, filter.data(), 1, patch.size());  // for each of many filters
///
/// Balls are not copied: a gathered ball is the three words of the original, which keeps what they point to.
/// So gathering a 256-bit number costs a nanosecond, and nothing is allocated nor freed. In exchange a row of
/// balls is a view: the originals must outlive it, and must not change while it is in use.
#pragma once

#include <algorithm>
#include <cstddef>
#include <type_traits>
#include <vector>

#include "oracles/numeric/ball.hpp"

namespace assay::oracles {

template <class T>
class Gathered {
 public:
  explicit Gathered(std::size_t size = 0) : numbers_(size, T(0)) {}

  /// `size` zeros.
  void reset(std::size_t size) { numbers_.assign(size, T(0)); }
  void set(std::size_t i, const T& number) { numbers_[i] = number; }

  std::size_t size() const { return numbers_.size(); }
  const T* data() const { return numbers_.data(); }

 private:
  std::vector<T> numbers_;
};

template <>
class Gathered<Ball> {
 public:
  explicit Gathered(std::size_t size = 0) : numbers_(size) {}

  void reset(std::size_t size) { numbers_.assign(size, arb_struct{}); }
  void set(std::size_t i, const Ball& number) { numbers_[i] = *arb(number); }
  void set(std::size_t, Ball&&) = delete;  // the original would be gone

  std::size_t size() const { return numbers_.size(); }
  const Ball* data() const { return reinterpret_cast<const Ball*>(numbers_.data()); }

 private:
  // All zero bytes are the ball 0. No constructor and no destructor ever runs: nothing is owned.
  static_assert(std::is_trivial_v<arb_struct>);
  std::vector<arb_struct> numbers_;
};

}  // namespace assay::oracles
