/// Loops over contiguous numbers, written so that compilers vectorise them without being allowed to reorder
/// sums: every sum runs in one stated order, so results are the same bits with and without vector units.
#pragma once

#include <cstddef>

namespace assay::properties::training {

/// A matrix seen through two steps: element (i, k) at data[i * row + k * column].
struct Strided {
  const double* data;
  std::size_t row, column;
};

/// out(i, j) += Σ_k a(i, k) b(k, j), k ascending; `out` and `b` are row-major with `columns` columns.
void add_product(double* out, Strided a, const double* b, std::size_t rows, std::size_t inner,
                 std::size_t columns);

/// out(j, i) = in(i, j).
void transpose(double* out, const double* in, std::size_t rows, std::size_t columns);

/// The 3 × 3 neighbourhood of each position of `count` images of side × side × channels, zeros outside:
/// row (image, position) of `patches` holds 9 × channels numbers.
void gather_patches(double* patches, const double* images, std::size_t count, std::size_t side,
                    std::size_t channels);

/// The transposed map: adds each patch to the positions that it came from.
void scatter_patches(double* images, const double* patches, std::size_t count, std::size_t side,
                     std::size_t channels);

}  // namespace assay::properties::training
