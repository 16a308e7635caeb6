/// In which precision balls are computed, and whether they imitate a floating-point format. Knows no package.
#pragma once

namespace assay::oracles {

/// A binary floating-point format: numbers ±m · 2^k with m < 2^bits.
struct Format {
  int bits;          ///< of the significand, the hidden one included
  int min_exponent;  ///< 2^min_exponent is the smallest normal number
  int max_exponent;  ///< every finite number is below 2^max_exponent

  /// 2^subnormal_exponent() is the smallest positive number, and the spacing of all numbers near zero.
  constexpr int subnormal_exponent() const { return min_exponent - bits + 1; }
  bool operator==(const Format&) const = default;
};

inline constexpr Format binary64{53, -1022, 1024};
inline constexpr Format binary32{24, -126, 128};

/// The format of a C++ type.
template <class T>
inline constexpr Format format_of = binary64;
template <>
inline constexpr Format format_of<float> = binary32;

namespace detail {

/// How this thread computes balls. Read by every operation, so it is constant-initialised.
struct Arithmetic {
  long bits = 128;        ///< the precision of midpoints
  bool emulates = false;  ///< whether operations also admit the roundings of `format`
  Format format{};
};

extern constinit thread_local Arithmetic arithmetic;

}  // namespace detail

/// Bits in which this thread's balls are computed now; inside a FormatScope, the bits of that format.
/// 128 where no scope is open.
long working_precision();

/// The emulated format of this thread, or null outside a FormatScope.
const Format* emulated_format();

/// Sets this thread's working precision, in bits (2 at least), until the end of the scope. Inside, balls are
/// plain enclosures of the real result: a PrecisionScope within a FormatScope suspends the emulation.
class PrecisionScope {
 public:
  explicit PrecisionScope(long bits);
  ~PrecisionScope() { detail::arithmetic = outer_; }
  PrecisionScope(const PrecisionScope&) = delete;
  PrecisionScope& operator=(const PrecisionScope&) = delete;

 private:
  detail::Arithmetic outer_;
};

/// Emulates a format on this thread until the end of the scope: the ball of every operation then contains
/// each result that an implementation in that format may honestly return for inputs in the input balls.
///
///   radius = propagated + k · ulp(|z|max),   ulp(v) = max(2^(E − bits), 2^subnormal_exponent),  |v| < 2^E
///
/// with k = 1 for + − * / sqrt (either neighbour of the true value, so that a fused or a reciprocal form is
/// met as well) and a documented k for each function; nothing is added where the result is representable,
/// so exact operations keep radius 0. Midpoints have at least 11 bits more than the format, so that our own
/// arithmetic adds 2^−11 of what the format's does. Balls neither overflow nor underflow.
class FormatScope {
 public:
  explicit FormatScope(const Format& format);
  ~FormatScope() { detail::arithmetic = outer_; }
  FormatScope(const FormatScope&) = delete;
  FormatScope& operator=(const FormatScope&) = delete;

 private:
  detail::Arithmetic outer_;
};

}  // namespace assay::oracles
