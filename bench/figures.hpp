/// What the measured times mean: each figure beside its baseline of the same run, its ratio and its bar.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bench/collector.hpp"
#include "bench/growth.hpp"

namespace assay::bench {

/// A benchmark, and by what its time is divided: multiply-adds, say. No name: there is none.
struct Source {
  std::string benchmark;
  double divisor = 1;
};

/// By how much the ratios of two runs differ on a quiet machine.
inline constexpr double noise = 0.02;

/// A bar in seconds depends on the machine, and is reported only; a ratio is held to. A `gain` is how many
/// times slower the baseline is: reported, and held to where the baseline could run.
enum class BarKind { none, seconds, ratio, gain };

struct Figure {
  std::string group, what;
  Source measured;
  std::string baseline_name;
  Source baseline;
  BarKind kind = BarKind::none;
  double bar = 0;           ///< the largest that meets it; of a gain, the smallest
  std::string absent = {};  ///< why the baseline does not run here
};

/// All of them, in the order of the report.
std::vector<Figure> figures();

struct MeasuredFigure {
  Figure figure;
  std::optional<double> seconds, baseline_seconds;  ///< absent: was not measured

  /// Measured over baseline; of a gain, the other way round.
  std::optional<double> ratio() const;
  /// Absent where there is no bar. What was not measured meets none.
  std::optional<bool> met() const;
};

struct MeasuredGrowth {
  Growth growth;
  std::vector<std::optional<double>> seconds;  ///< one for each value
  std::optional<double> exponent;              ///< of the fit; absent where a value was not measured
};

struct Findings {
  std::vector<MeasuredFigure> figures;
  std::vector<MeasuredGrowth> growths;

  /// Every bar that is a ratio or a gain.
  bool ratios_met() const;
};

Findings findings(const Times& times);

/// The k of y ≈ c · x^k by least squares on the logarithms. At least two different x; all numbers positive.
double fitted_exponent(std::span<const std::size_t> x, std::span<const double> y);

}  // namespace assay::bench
