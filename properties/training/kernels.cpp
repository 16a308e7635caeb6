#include "properties/training/kernels.hpp"

#include <algorithm>

namespace assay::properties::training {
namespace {

/// `width` columns of the product: as many sums side by side, kept in registers.
template <std::size_t width>
void add_columns(double* out, Strided a, const double* b, std::size_t rows, std::size_t inner,
                 std::size_t columns) {
  for (std::size_t i = 0; i < rows; ++i) {
    double sums[width] = {};
    const double* left = a.data + i * a.row;
    const double* right = b;
    for (std::size_t k = 0; k < inner; ++k, left += a.column, right += columns) {
      const double factor = *left;
      for (std::size_t j = 0; j < width; ++j) sums[j] += factor * right[j];
    }
    for (std::size_t j = 0; j < width; ++j) out[i * columns + j] += sums[j];
  }
}

/// Calls visit(position in `patches`, position in `images`, count) for each run of numbers that lie side by
/// side in both: of a patch's three rows, the part inside the image.
template <class Visit>
void each_run(std::size_t count, std::size_t side, std::size_t channels, Visit visit) {
  std::size_t patch = 0;
  for (std::size_t n = 0; n < count; ++n)
    for (std::size_t y = 0; y < side; ++y)
      for (std::size_t x = 0; x < side; ++x)
        for (std::size_t dy = 0; dy < 3; ++dy, patch += 3 * channels) {
          const std::size_t row = y + dy - 1;  // above the image it wraps beyond `side`
          if (row >= side) continue;
          const std::size_t first = x == 0 ? 0 : x - 1, last = x + 1 == side ? x : x + 1;
          visit(patch + (first + 1 - x) * channels, ((n * side + row) * side + first) * channels,
                (last + 1 - first) * channels);
        }
}

}  // namespace

void add_product(double* out, Strided a, const double* b, std::size_t rows, std::size_t inner,
                 std::size_t columns) {
  std::size_t j = 0;
  // Four at a time: two vector registers on the oldest of 64-bit machines.
  for (; j + 4 <= columns; j += 4) add_columns<4>(out + j, a, b + j, rows, inner, columns);
  for (; j + 2 <= columns; j += 2) add_columns<2>(out + j, a, b + j, rows, inner, columns);
  for (; j < columns; ++j) add_columns<1>(out + j, a, b + j, rows, inner, columns);
}

void transpose(double* out, const double* in, std::size_t rows, std::size_t columns) {
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) out[j * rows + i] = in[i * columns + j];
}

void gather_patches(double* patches, const double* images, std::size_t count, std::size_t side,
                    std::size_t channels) {
  std::fill_n(patches, count * side * side * 9 * channels, 0.0);
  each_run(count, side, channels, [&](std::size_t patch, std::size_t image, std::size_t run) {
    for (std::size_t i = 0; i < run; ++i) patches[patch + i] = images[image + i];
  });
}

void scatter_patches(double* images, const double* patches, std::size_t count, std::size_t side,
                     std::size_t channels) {
  each_run(count, side, channels, [&](std::size_t patch, std::size_t image, std::size_t run) {
    for (std::size_t i = 0; i < run; ++i) images[image + i] += patches[patch + i];
  });
}

}  // namespace assay::properties::training
