#include "oracles/ops/detail/softmax_in_format.hpp"

#include <algorithm>
#include <cmath>

#include "oracles/numeric/outline.hpp"
#include "oracles/numeric/rounding.hpp"

namespace assay::oracles::ops::detail {
namespace {

using oracles::detail::compute_bits;
using oracles::detail::Outline, oracles::detail::outline;

constexpr double lowest = -80;  // e^−80 / 1000 is a normal number of binary32
constexpr std::size_t most_classes = 1000;
constexpr double small = 1e-3;  // relative radii: e^d − 1 ≤ d (1 + d) and the like hold with room
constexpr double outward = 1 + 0x1p-40;  // more than the roundings of the doubles below

double radius_above(const Ball& x) {
  return mag_get_d(arb_radref(arb(x)));  // never below the radius
}

/// |x| for every x in the ball; infinity where that is far from 1.
double magnitude_above(const Ball& x) {
  Outline seen;
  return outline(seen, arb(x)) ? seen.magnitude * outward : HUGE_VAL;
}

/// The spacing of the format at numbers of at most this magnitude, which is moderate.
double spacing(double magnitude, const Format& format) {
  return std::ldexp(1.0, static_cast<int>(oracles::detail::exponent_above(magnitude)) - format.bits);
}

/// |x − y| for all x and y of two balls.
double distance_above(const Ball& x, const Ball& y) {
  Ball difference;
  arb_sub(arb(difference), arb(x), arb(y), compute_bits());
  return arb_is_zero(arb(difference)) ? 0 : magnitude_above(difference);
}

/// The radius in units of the midpoint, which is positive; infinity or NaN if it is not.
double relative_radius(const Ball& x) {
  return radius_above(x) / arf_get_d(arb_midref(arb(x)), ARF_RND_DOWN) * outward;
}

/// The ball's one number in the middle.
Ball middle(const Ball& x) {
  Ball result;
  arb_get_mid_arb(arb(result), arb(x));
  return result;
}

/// What is the same for all elements of a line.
struct Shared {
  const Format& format;
  const Ball& peak;         ///< z_p
  Ball partition;           ///< P
  Ball share;               ///< 1/P
  double partition_width;   ///< relative
  double off_sum, off_log;  ///< how far z_p + log P and log P lie from what the forms subtract
  double log;               ///< log P is at most this

  Shared(const ShiftedLine& line, const Format& emulated)
      : format(emulated),
        peak(line.peak),
        partition(middle(line.partition)),
        partition_width(relative_radius(line.partition)) {
    arb_inv(arb(share), arb(partition), compute_bits());
    Ball log_p, sum;
    arb_log(arb(log_p), arb(partition), compute_bits());
    arb_add(arb(sum), arb(line.peak), arb(log_p), compute_bits());
    off_sum = distance_above(line.log_sum, sum);
    off_log = distance_above(line.log_partition, log_p);
    log = magnitude_above(log_p);
  }
  bool usable() const { return partition_width < small && off_sum < small && off_log < small && log < 10; }
};

/// |z_i − z_p − m_i|: nothing but our own rounding, where z_i and z_p are numbers.
double beside(const Ball& z, const Ball& peak, const Ball& below) {
  Ball difference;
  arb_sub(arb(difference), arb(z), arb(peak), compute_bits());
  arf_sub(arb_midref(arb(difference)), arb_midref(arb(difference)), arb_midref(arb(below)), ARF_PREC_EXACT,
          ARF_RND_DOWN);
  return arb_is_zero(arb(difference)) ? 0 : magnitude_above(difference);
}

/// All forms of one element, as one ball; false where something is not small.
bool element(Ball& result, const Shared& shared, const Ball& z, const Ball& below, const Ball& e) {
  const double lies_at = arf_get_d(arb_midref(arb(below)), ARF_RND_DOWN), off = radius_above(below);
  const double width = relative_radius(e);
  if (!(lies_at > lowest && off < small && width < small)) return false;
  const double quotient = (width + shared.partition_width) * (1 + 2 * (width + shared.partition_width));
  // Both t lie near m_i − log P, and are rounded once.
  const double rounded = spacing(off - lies_at + shared.log + small, shared.format);
  const double t =
      (std::max(beside(z, shared.peak, below) + shared.off_sum, off + shared.off_log) + rounded) * outward;
  if (!(t < small)) return false;
  const double exponential = (t + width) * (1 + 2 * (t + width));
  arb_mul_arf(arb(result), arb(shared.share), arb_midref(arb(e)), compute_bits());
  const double centre = magnitude_above(result);
  mag_t error;
  mag_init(error);
  mag_set_d(error, std::max(quotient, exponential) * centre * outward);
  arb_add_error_mag(arb(result), error);
  mag_clear(error);
  oracles::detail::admit_rounding(arb(result), 1);
  return true;
}

}  // namespace

std::optional<std::vector<Ball>> softmax_in_format(const ShiftedLine& line) {
  const Format* const format = emulated_format();
  if (!format || format->bits > 53 || line.z.size() < 2 || line.z.size() > most_classes ||
      !is_finite(line.partition) || !is_finite(line.peak))
    return std::nullopt;
  const Shared shared(line, *format);
  if (!shared.usable()) return std::nullopt;
  std::vector<Ball> p(line.z.size());
  for (std::size_t i = 0; i < p.size(); ++i)
    if (!is_finite(line.z[i]) || !element(p[i], shared, line.z[i], line.below[i], line.e[i]))
      return std::nullopt;
  return p;
}

}  // namespace assay::oracles::ops::detail
