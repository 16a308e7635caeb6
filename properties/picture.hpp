/// A small plot that says more than a sentence: data only, drawn by the reports.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace assay::properties {

struct Series {
  std::string name;
  std::vector<std::pair<double, double>> points;  ///< x increasing
};

struct Picture {
  std::string title;  ///< what is seen
  std::string x, y;   ///< the axes
  std::vector<Series> series;
};

}  // namespace assay::properties
