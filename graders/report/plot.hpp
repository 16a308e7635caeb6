/// Lines in one frame of 360 by 214 units: the geometry of plot.html.mustache.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace assay::graders::report {

/// The numbers that an axis spans.
struct Span {
  double low, high;

  Span();  ///< of nothing
  void include(double x);
  /// 0 .. 1, of a number inside; the middle where there is only one.
  double place(double x) const;
};

/// Places in the frame, in units with one decimal.
std::string plot_x(const Span& span, double x);
std::string plot_y(const Span& span, double y);

using PlotPoints = std::vector<std::pair<double, double>>;

/// "56.0,160.0 350.0,10.0"
std::string plot_line(const Span& x, const Span& y, const PlotPoints& points);

}  // namespace assay::graders::report
