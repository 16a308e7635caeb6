#include "graders/report/plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace assay::graders::report {

Span::Span() : low(HUGE_VAL), high(-HUGE_VAL) {}

void Span::include(double x) {
  low = std::min(low, x);
  high = std::max(high, x);
}

double Span::place(double x) const {
  return high / 2 > low / 2 ? (x / 2 - low / 2) / (high / 2 - low / 2) : 0.5;  // halves do not overflow
}

std::string plot_x(const Span& span, double x) {
  return fmt::format("{:.1f}", 56 + 294 * span.place(x));
}

std::string plot_y(const Span& span, double y) {
  return fmt::format("{:.1f}", 160 - 150 * span.place(y));
}

std::string plot_line(const Span& x, const Span& y, const PlotPoints& points) {
  std::string line;
  for (const auto& [across, up] : points)
    line += fmt::format("{}{},{}", line.empty() ? "" : " ", plot_x(x, across), plot_y(y, up));
  return line;
}

}  // namespace assay::graders::report
