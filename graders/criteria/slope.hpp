/// The derivative of a program's own values, by differences: central ones at h, h/2 and h/4, extrapolated
/// twice after Richardson, with a bound on what that leaves.
#pragma once

#include <functional>
#include <optional>

#include "oracles/expected.hpp"

namespace assay::graders {

/// The program's value at a place; nothing where it gives none, or none that is finite.
using Line = std::function<std::optional<double>(double)>;

struct Slope {
  double value = 0;
  /// Truncation: twice the difference of the two best extrapolations. Rounding: the noise of the values over
  /// the step. Kinks: the difference of the two one-sided derivatives, so that at a kink everything between
  /// them is inside.
  double bound = 0;
};

/// How far values scatter that should lie on a smooth curve: from tables of differences at places so close
/// together that only rounding tells them apart. At least one unit in the last place of the value.
std::optional<double> noise_of(const Line& line, double x, oracles::FloatFormat format);

/// At the step, out of several, with the least bound; nothing where no step gives values.
std::optional<Slope> slope_of(const Line& line, double x, double noise, oracles::FloatFormat format);

}  // namespace assay::graders
