#include "bench/figures.hpp"

#include <algorithm>
#include <cmath>

#include "bench/python.hpp"

namespace assay::bench {

namespace {

constexpr double multiply_adds = 8 * 32 * 32 * 27;  // of the convolution
constexpr double nanosecond = 1e-9, millisecond = 1e-3;

const std::string convolution = "conv2d 3x32x32, 8 filters 3x3, padding 1; a multiply-add at 256 bits";
const std::string networks = "Losses and networks, forward and gradient";
const std::string emulation = "The allowance pass (binary64) beside the pass at 256 bits";
const std::string claim = "No gradient grows through tanh; Hypothesis with mpmath at 128 bits";
const std::string program = "The program";

Source per_multiply_add(const std::string& benchmark) {
  return {"conv2d/" + benchmark, multiply_adds};
}

/// Emulating binary64 may cost no more than 256 bits do.
Figure allowance_pass(const std::string& what, const std::string& benchmark) {
  return {emulation, what, {benchmark + "/binary64"}, "256 bits", {benchmark + "/256"}, BarKind::ratio, 1};
}

}  // namespace

std::vector<Figure> figures() {
  return {
      {convolution, "forward", per_multiply_add("forward/doubles/256"), "arb_dot",
       per_multiply_add("arb_dot/doubles/256"), BarKind::seconds, 12 * nanosecond},
      {convolution, "", per_multiply_add("forward/doubles/256"), "Boost mpfr",
       per_multiply_add("boost_mpfr/256")},
      {convolution, "all three gradients", per_multiply_add("vjp/doubles/256"), "forward",
       per_multiply_add("forward/doubles/256"), BarKind::ratio, 3.5},
      {convolution, "forward, inputs of 256 bits", per_multiply_add("forward/full/256"), "arb_dot",
       per_multiply_add("arb_dot/full/256")},
      {convolution, "", per_multiply_add("forward/full/256"), "Boost mpfr",
       per_multiply_add("boost_mpfr/256")},
      {convolution, "its three gradients", per_multiply_add("vjp/full/256"), "forward",
       per_multiply_add("forward/full/256"), BarKind::ratio, 3.5},
      {networks,
       "cross-entropy 64x10, 256 bits",
       {"softmax_cross_entropy/256"},
       "raw Arb",
       {"softmax_cross_entropy/raw_arb/256"},
       BarKind::seconds,
       0.6 * millisecond},
      {networks,
       "LeNet-5, 128 bits",
       {"lenet/avg_pool/128"},
       "256 bits",
       {"lenet/avg_pool/256"},
       BarKind::seconds,
       80 * millisecond},
      {networks,
       "LeNet-5, max_pool2d",
       {"lenet/max_pool/128"},
       "256 bits",
       {"lenet/max_pool/256"},
       BarKind::seconds,
       80 * millisecond},
      allowance_pass("conv2d", "conv2d/forward/doubles"),
      allowance_pass("conv2d, gradients", "conv2d/vjp/doubles"),
      allowance_pass("conv2d, inputs of 256 bits", "conv2d/forward/full"),
      allowance_pass("cross-entropy and gradient", "softmax_cross_entropy"),
      allowance_pass("LeNet-5 and gradient", "lenet/avg_pool"),
      {claim,
       "verify, one instance",
       {"claim/tanh/assay", tanh_cases_here},
       "Hypothesis",
       {"claim/tanh/python", tanh_cases_in_python},
       BarKind::gain,
       50,
       why_no_hypothesis()},
      {program, "assay oracle, 300 requests", {"serve/300"}, "", {}, BarKind::seconds, 1},
  };
}

std::optional<double> MeasuredFigure::ratio() const {
  if (!seconds || !baseline_seconds) return std::nullopt;
  return figure.kind == BarKind::gain ? *baseline_seconds / *seconds : *seconds / *baseline_seconds;
}

std::optional<bool> MeasuredFigure::met() const {
  if (figure.kind == BarKind::none || !figure.absent.empty()) return std::nullopt;
  if (figure.kind == BarKind::gain) return ratio().value_or(0) >= figure.bar;
  if (figure.kind == BarKind::ratio) return ratio() && *ratio() <= figure.bar * (1 + noise);
  return seconds && *seconds <= figure.bar;
}

bool Findings::ratios_met() const {
  return std::ranges::all_of(figures, [](const MeasuredFigure& measured) {
    if (measured.figure.kind == BarKind::gain) return measured.met().value_or(true);
    return measured.figure.kind != BarKind::ratio || measured.met().value_or(false);
  });
}

Findings findings(const Times& times) {
  const auto seconds = [&](const Source& source) -> std::optional<double> {
    const auto found = times.find(source.benchmark);
    return found == times.end() ? std::nullopt : std::optional(found->second / source.divisor);
  };
  Findings result;
  for (const Figure& figure : figures())
    result.figures.push_back({figure, seconds(figure.measured), seconds(figure.baseline)});
  for (const Growth& growth : growths()) {
    MeasuredGrowth measured{growth, {}, {}};
    std::vector<double> known;
    for (const std::size_t value : growth.values) {
      measured.seconds.push_back(seconds({growth.benchmark(value)}));
      if (measured.seconds.back()) known.push_back(*measured.seconds.back());
    }
    if (known.size() == growth.values.size()) measured.exponent = fitted_exponent(growth.values, known);
    result.growths.push_back(measured);
  }
  return result;
}

double fitted_exponent(std::span<const std::size_t> x, std::span<const double> y) {
  const auto n = static_cast<double>(x.size());
  double mean_x = 0, mean_y = 0, covariance = 0, variance = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    mean_x += std::log(static_cast<double>(x[i])) / n;
    mean_y += std::log(y[i]) / n;
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double distance = std::log(static_cast<double>(x[i])) - mean_x;
    covariance += distance * (std::log(y[i]) - mean_y);
    variance += distance * distance;
  }
  return covariance / variance;
}

}  // namespace assay::bench
