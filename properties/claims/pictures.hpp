/// What pictures of claims are drawn with: values of the catalogue, none of them typed in.
#pragma once

#include <string>
#include <utility>

#include "properties/picture.hpp"

namespace assay::properties::topics {

/// f at `parts` + 1 numbers in equal distances.
template <class F>
Series curve(std::string name, double low, double high, int parts, const F& f) {
  Series series{std::move(name), {}};
  for (int i = 0; i <= parts; ++i) {
    const double x = low + (high - low) * i / parts;
    series.points.emplace_back(x, f(x));
  }
  return series;
}

}  // namespace assay::properties::topics
