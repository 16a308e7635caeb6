/// The small containers that assignments hand out. Plain data, row-major, checked access.
#pragma once

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace assay {

/// Stops the program with a message when an index lies outside its extent.
inline void require_index(std::size_t index, std::size_t extent, const char* what) {
  if (index < extent) return;
  std::fprintf(stderr, "assay: %s index %zu is outside 0..%zu\n", what, index, extent - 1);
  std::abort();
}

/// rows x cols numbers of type double, row by row in `data`.
struct Matrix {
  std::size_t rows = 0;
  std::size_t cols = 0;
  std::vector<double> data;

  Matrix() = default;
  /// All zeros.
  Matrix(std::size_t row_count, std::size_t col_count)
      : rows(row_count), cols(col_count), data(row_count * col_count) {}

  double& operator()(std::size_t i, std::size_t j) { return data[offset(i, j)]; }
  const double& operator()(std::size_t i, std::size_t j) const { return data[offset(i, j)]; }

 private:
  std::size_t offset(std::size_t i, std::size_t j) const {
    require_index(i, rows, "row");
    require_index(j, cols, "column");
    return i * cols + j;
  }
};

/// Any number of axes; `shape` lists the extents, outermost first.
struct Tensor {
  std::vector<std::size_t> shape;
  std::vector<double> data;

  Tensor() = default;
  /// All zeros.
  explicit Tensor(std::vector<std::size_t> extents)
      : shape(static_cast<std::vector<std::size_t>&&>(extents)) {
    std::size_t count = 1;
    for (const std::size_t extent : shape) count *= extent;
    data.resize(count);
  }

  /// Element at one index per axis: x(n, c, h, w).
  template <class... Index>
  double& operator()(Index... index) {
    return data[offset(index...)];
  }
  template <class... Index>
  const double& operator()(Index... index) const {
    return data[offset(index...)];
  }

 private:
  template <class... Index>
  std::size_t offset(Index... index) const {
    require_index(sizeof...(index) - 1, shape.size(), "axis");
    std::size_t place = 0;
    std::size_t axis = 0;
    ((require_index(static_cast<std::size_t>(index), shape[axis], "tensor"),
      place = place * shape[axis++] + static_cast<std::size_t>(index)),
     ...);
    return place;
  }
};

}  // namespace assay
