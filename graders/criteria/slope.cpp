#include "graders/criteria/slope.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace assay::graders {
namespace {

using oracles::FloatFormat;

/// What depends on the precision that the program computes in.
struct Steps {
  std::array<int, 4> exponents;  ///< of the steps, relative to max(|x|, 1)
  int spacing;                   ///< of the places where the noise is measured
  double unit;                   ///< relative spacing of numbers
  double enough;                 ///< a relative bound that needs no other step
};

constexpr Steps steps_of_double{{-8, -12, -16, -21}, -32, 0x1p-52, 0x1p-26};
constexpr Steps steps_of_float{{-3, -5, -7, -10}, -14, 0x1p-23, 0x1p-10};

const Steps& steps_in(FloatFormat format) {
  return format == FloatFormat::binary32 ? steps_of_float : steps_of_double;
}

/// A place that the program can be given.
double place(double x, FloatFormat format) {
  return format == FloatFormat::binary32 ? static_cast<double>(static_cast<float>(x)) : x;
}

struct Points {
  const Line& line;
  double x;
  FloatFormat format;
  bool whole = true;

  double at(double t) {
    const auto value = whole ? line(t) : std::nullopt;
    if (!value) whole = false;
    return value.value_or(0);
  }
  double central(double h) {
    const double above = place(x + h, format), below = place(x - h, format);
    const double high = at(above), low = at(below);
    return (high - low) / (above - below);
  }
  /// Of second order, on the side of h's sign.
  double one_sided(double h, double here) {
    return (4 * at(place(x + h, format)) - at(place(x + 2 * h, format)) - 3 * here) / (2 * h);
  }
};

std::optional<Slope> slope_with(const Line& line, double x, double h, double here, double noise,
                                FloatFormat format) {
  Points points{line, x, format};
  const double wide = points.central(h), middle = points.central(h / 2), near = points.central(h / 4);
  const double above = points.one_sided(h / 4, here), below = points.one_sided(-h / 4, here);
  if (!points.whole) return std::nullopt;
  const double coarse = (4 * middle - wide) / 3, fine = (4 * near - middle) / 3;
  const double best = (16 * fine - coarse) / 15;
  const double bound = 2 * std::abs(best - fine) + 7 * noise / h + std::abs(above - below);
  if (!std::isfinite(best) || !std::isfinite(bound)) return std::nullopt;
  return Slope{best, bound};
}

/// How far seven evenly spaced values lie from a smooth curve, or one unit in the last place.
std::optional<double> scatter(const Line& line, double x, double spacing, FloatFormat format) {
  constexpr int count = 7;
  std::array<double, count> table{};
  double largest = 0;
  for (int i = 0; i < count; ++i) {
    const auto value = line(place(x + (i - count / 2) * spacing, format));
    if (!value) return std::nullopt;
    table[static_cast<std::size_t>(i)] = *value;
    largest = std::max(largest, std::abs(*value));
  }
  // The k-th differences of independent errors of size e have size e * sqrt(binomial(2k, k)).
  double noise = steps_in(format).unit * largest, binomial = 1;
  for (int k = 1; k <= 4; ++k) {
    binomial = binomial * 2 * (2 * k - 1) / k;
    double sum = 0;
    for (int i = 0; i + k < count; ++i) {
      const auto here = static_cast<std::size_t>(i);
      table[here] = table[here + 1] - table[here];
      sum += table[here] * table[here];
    }
    if (k >= 3) noise = std::max(noise, 4 * std::sqrt(sum / (count - k) / binomial));
  }
  return noise;
}

}  // namespace

std::optional<double> noise_of(const Line& line, double x, FloatFormat format) {
  // Rounding may be regular along evenly spaced places; hardly along two kinds of them.
  constexpr double golden = 0.6180339887498949;
  const double spacing = std::ldexp(std::max(std::abs(x), 1.0), steps_in(format).spacing);
  const auto wide = scatter(line, x, spacing, format);
  const auto narrow = wide ? scatter(line, x, golden * spacing / 2, format) : std::nullopt;
  if (!narrow) return std::nullopt;
  return std::max(*wide, *narrow);
}

std::optional<Slope> slope_of(const Line& line, double x, double noise, FloatFormat format) {
  const Steps& steps = steps_in(format);
  const auto here = line(x);
  if (!here) return std::nullopt;
  std::optional<Slope> best;
  for (const int exponent : steps.exponents) {
    const double h = std::ldexp(std::exp2(std::ceil(std::log2(std::max(std::abs(x), 1.0)))), exponent);
    const auto slope = slope_with(line, x, h, *here, noise, format);
    if (slope && (!best || slope->bound < best->bound)) best = slope;
    if (best && best->bound <= steps.enough * std::abs(best->value)) break;
  }
  return best;
}

}  // namespace assay::graders
