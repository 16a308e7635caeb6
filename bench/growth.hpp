/// Which growth is measured: the one list that the benchmarks and the report share.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace assay::bench {

struct Growth {
  std::string operation;
  std::string over;                 ///< "bits" or "size"
  std::vector<std::size_t> values;  ///< ascending

  /// The name of the benchmark at one value.
  std::string benchmark(std::size_t value) const {
    return "growth/" + operation + "/" + over + "/" + std::to_string(value);
  }
};

inline std::vector<Growth> growths() {
  std::vector<Growth> all;
  for (const char* operation : {"conv2d", "affine", "softmax_cross_entropy"}) {
    all.push_back({operation, "bits", {53, 64, 128, 256, 512, 1024, 2048}});
    all.push_back({operation, "size", {1, 2, 4, 8, 16, 32, 64}});
  }
  return all;
}

/// Registers a benchmark for each value.
void register_growth();

}  // namespace assay::bench
