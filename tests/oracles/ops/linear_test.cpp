#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/oracles/ops/calls.hpp"

namespace assay::oracles::testing {
namespace {

constexpr int cases = 60;

// ---- matmul --------------------------------------------------------------------------------------------

/// Σ_k A[m, k] B[k, n] of one pair of matrices, from their places in memory.
std::vector<Rational> product(const Rational* a, const Rational* b, std::size_t rows, std::size_t inner,
                              std::size_t columns) {
  std::vector<Rational> y;
  for (std::size_t m = 0; m < rows; ++m)
    for (std::size_t n = 0; n < columns; ++n) {
      Rational total = 0;
      for (std::size_t k = 0; k < inner; ++k) total += a[m * inner + k] * b[k * columns + n];
      y.push_back(total);
    }
  return y;
}

TEST(Matmul, IsTheSumOverTheInnerAxis) {
  CaseGenerator generator(1);
  for (int i = 0; i < cases; ++i) {
    const std::size_t m = generator.integer(1, 4), k = generator.integer(1, 4), n = generator.integer(1, 4);
    const auto a = generator.tensor({m, k}), b = generator.tensor({k, n});
    const auto y = output_of<Rational>("matmul", {a, b});
    EXPECT_EQ(y.shape, (Shape{m, n}));
    EXPECT_EQ(y.data, product(a.data.data(), b.data.data(), m, k, n));
  }
}

/// (2, 1, M, K) times (3, K, N): matrix (i, j) of the result is A_i B_j.
TEST(Matmul, BroadcastsLeadingAxes) {
  CaseGenerator generator(2);
  const auto a = generator.tensor({2, 1, 2, 3}), b = generator.tensor({3, 3, 4});
  const auto y = output_of<Rational>("matmul", {a, b});
  ASSERT_EQ(y.shape, (Shape{2, 3, 2, 4}));
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t j = 0; j < 3; ++j) {
      const auto expected = product(&a[i * 6], &b[j * 12], 2, 3, 4);
      for (std::size_t e = 0; e < 8; ++e) EXPECT_EQ(y[(i * 3 + j) * 8 + e], expected[e]);
    }
}

TEST(Matmul, TakesAVectorForARowOrAColumn) {
  const auto shape = [](const Shape& a, const Shape& b) {
    return operation_named("matmul").output_shapes({a, b}, {})[0];
  };
  EXPECT_EQ(shape({3}, {3}), Shape{});
  EXPECT_EQ(shape({3}, {3, 4}), Shape{4});
  EXPECT_EQ(shape({2, 3}, {3}), Shape{2});
  EXPECT_EQ(shape({3}, {5, 3, 4}), (Shape{5, 4}));
  EXPECT_EQ(shape({5, 2, 3}, {3}), (Shape{5, 2}));
  CaseGenerator generator(3);
  const auto v = generator.tensor({3}), m = generator.tensor({3, 4});
  EXPECT_EQ(output_of<Rational>("matmul", {v, m}).data, product(v.data.data(), m.data.data(), 1, 3, 4));
}

TEST(Matmul, SaysWhichShapesDoNotFit) {
  EXPECT_EQ(complaint("matmul", {{2, 3}, {4, 5}}),
            "matmul: input \"B\" has shape (4, 5); it needs (..., 3, N), because input \"A\" is (2, 3)");
  EXPECT_EQ(complaint("matmul", {{2, 3}, {4}}),
            "matmul: input \"B\" has shape (4); it needs (3), because input \"A\" is (2, 3)");
  EXPECT_EQ(
      complaint("matmul", {{2, 2, 3}, {3, 3, 3}}),
      "matmul: input \"B\" has shape (3, 3, 3); it needs leading axes that broadcast with those of input "
      "\"A\", which is (2, 2, 3)");
  EXPECT_EQ(complaint("matmul", {{}, {3}}), "matmul: input \"A\" has shape (); it needs at least one axis");
  EXPECT_EQ(complaint("matmul", {{2, 0}, {0, 3}}),
            "matmul: input \"A\" has shape (2, 0); it needs no empty axis");
}

TEST(Cost, OfMatmulIsTheInnerExtentForEachElement) {
  EXPECT_EQ(operation_named("matmul").cost({{2, 1, 2, 3}, {3, 3, 4}}, {}).multiply_adds, 2u * 3 * 2 * 4 * 3);
  const std::size_t large = std::size_t{1} << 40;
  EXPECT_THROW(operation_named("matmul").cost({{large, 2}, {2, large}}, {}), ShapeError);
}

// ---- embedding -----------------------------------------------------------------------------------------

Tensor<Rational> looked_up(const IndexTensor& indices, const Tensor<Rational>& w,
                           const Attributes& attributes = {}) {
  return operation_named("embedding").rational.forward({{w}, {indices}}, attributes)[0];
}

Tensor<Rational> learned(const IndexTensor& indices, const Tensor<Rational>& w,
                         const Tensor<Rational>& upstream, const Attributes& attributes = {}) {
  return operation_named("embedding").rational.vjp({{w}, {indices}}, {upstream}, attributes)[0];
}

/// A lookup is the product of one-hot rows with the table.
TEST(Embedding, IsAMatrixProductWithOneHotRows) {
  CaseGenerator generator(4);
  for (int i = 0; i < cases; ++i) {
    const auto w = generator.tensor({4, 3});
    IndexTensor indices({5});
    Tensor<Rational> rows({5, 4});
    for (std::size_t n = 0; n < 5; ++n) {
      indices[n] = static_cast<std::int64_t>(generator.integer(0, 3));
      rows(n, static_cast<std::size_t>(indices[n])) = 1;
    }
    const auto upstream = generator.tensor({5, 3});
    EXPECT_EQ(looked_up(indices, w), output_of<Rational>("matmul", {rows, w}));
    EXPECT_EQ(learned(indices, w, upstream), cotangents_of<Rational>("matmul", {rows, w}, {upstream})[1]);
  }
}

TEST(Embedding, LooksUpThePaddingRowButNeverTeachesIt) {
  CaseGenerator generator(5);
  const auto w = generator.tensor({3, 2}), upstream = generator.tensor({4, 2});
  const IndexTensor indices({4}, {2, 0, 2, 1});
  for (const char* const padding : {"2", "-1"}) {
    const Attributes attributes = {{"padding_idx", padding}};
    EXPECT_EQ(looked_up(indices, w, attributes), looked_up(indices, w));
    Tensor<Rational> expected = learned(indices, w, upstream);
    expected(2, 0) = expected(2, 1) = 0;
    EXPECT_EQ(learned(indices, w, upstream, attributes), expected);
    EXPECT_EQ(operation_named("embedding").rational.tape_vjp({{w}, {indices}}, {upstream}, attributes)[0],
              expected);
  }
}

TEST(Embedding, RefusesIndicesAndPaddingRowsThatAreNotThere) {
  const Tensor<Rational> w({3, 2});
  EXPECT_EQ(message_of([&] {
              looked_up(IndexTensor({2}, {0, 3}), w);
            }),
            "embedding: input \"indices\" holds 3 at index 1; it needs 0 to 2");
  EXPECT_EQ(
      complaint("embedding", {{2}, {3, 2}}, {{"padding_idx", "3"}}),
      "attribute \"padding_idx\" is \"3\"; it needs none, or a row between -3 and 2 (the row whose gradient "
      "is 0; negative counts from the last)");
  EXPECT_EQ(looked_up(IndexTensor(Shape{0}), w).shape, (Shape{0, 2})) << "no index, no row";
}

// ---- unfold and fold -----------------------------------------------------------------------------------

struct Patches {
  std::int64_t n, c, h, w, kh, kw, sh, sw, ph, pw, dh, dw;

  std::int64_t rows() const { return (h + 2 * ph - dh * (kh - 1) - 1) / sh + 1; }
  std::int64_t columns() const { return (w + 2 * pw - dw * (kw - 1) - 1) / sw + 1; }
  bool fits() const { return h + 2 * ph > dh * (kh - 1) && w + 2 * pw > dw * (kw - 1); }
  Attributes attributes() const {
    const auto pair = [](std::int64_t a, std::int64_t b) {
      return std::to_string(a) + "," + std::to_string(b);
    };
    return {{"kernel_size", pair(kh, kw)},
            {"stride", pair(sh, sw)},
            {"padding", pair(ph, pw)},
            {"dilation", pair(dh, dw)}};
  }
  Shape image() const {
    return {static_cast<std::size_t>(n), static_cast<std::size_t>(c), static_cast<std::size_t>(h),
            static_cast<std::size_t>(w)};
  }
};

Patches drawn(CaseGenerator& generator) {
  const auto between = [&](std::size_t low, std::size_t high) {
    return static_cast<std::int64_t>(generator.integer(low, high));
  };
  for (;;) {
    const Patches p{between(1, 2), between(1, 2), between(1, 5), between(1, 5), between(1, 3), between(1, 3),
                    between(1, 3), between(1, 3), between(0, 2), between(0, 2), between(1, 2), between(1, 2)};
    if (p.fits()) return p;
  }
}

TEST(Unfold, IsItsDefinition) {
  CaseGenerator generator(6);
  for (int i = 0; i < cases; ++i) {
    const Patches s = drawn(generator);
    const auto x = generator.tensor(s.image());
    std::vector<Rational> expected;
    for (std::int64_t n = 0; n < s.n; ++n)
      for (std::int64_t c = 0; c < s.c; ++c)
        for (std::int64_t i_h = 0; i_h < s.kh; ++i_h)
          for (std::int64_t i_w = 0; i_w < s.kw; ++i_w)
            for (std::int64_t p = 0; p < s.rows(); ++p)
              for (std::int64_t q = 0; q < s.columns(); ++q) {
                const std::int64_t u = p * s.sh - s.ph + i_h * s.dh, v = q * s.sw - s.pw + i_w * s.dw;
                const bool inside = u >= 0 && u < s.h && v >= 0 && v < s.w;
                expected.push_back(inside ? x[static_cast<std::size_t>(((n * s.c + c) * s.h + u) * s.w + v)]
                                          : Rational(0));
              }
    EXPECT_EQ(output_of<Rational>("unfold", {x}, s.attributes()).data, expected);
  }
}

/// ⟨fold(x), y⟩ = ⟨x, unfold(y)⟩.
TEST(Fold, IsTheAdjointOfUnfold) {
  CaseGenerator generator(7);
  for (int i = 0; i < cases; ++i) {
    const Patches s = drawn(generator);
    const auto y = generator.tensor(s.image());
    const auto columns = output_of<Rational>("unfold", {y}, s.attributes());
    const auto x = generator.tensor(columns.shape);
    Attributes attributes = s.attributes();
    attributes["output_size"] = std::to_string(s.h) + "," + std::to_string(s.w);
    const auto image = output_of<Rational>("fold", {x}, attributes);
    ASSERT_EQ(image.shape, y.shape);
    EXPECT_EQ(inner<Rational>({image}, {y}), inner<Rational>({x}, {columns}));
  }
}

TEST(Fold, AddsWherePatchesOverlap) {
  const Tensor<Rational> ones({1, 2, 3}, std::vector<Rational>(6, Rational(1)));
  EXPECT_EQ(output_of<Rational>("fold", {ones}, {{"output_size", "1,4"}, {"kernel_size", "1,2"}}).data,
            (std::vector<Rational>{1, 2, 2, 1}));
}

TEST(Fold, SaysHowManyColumnsThereShouldBe) {
  EXPECT_EQ(
      complaint("fold", {{1, 4, 5}}, {{"output_size", "3,3"}, {"kernel_size", "2"}}),
      "fold: input \"X\" has shape (1, 4, 5); it needs 4 columns, one for each window in an image of (3, 3)");
  EXPECT_EQ(complaint("fold", {{1, 5, 4}}, {{"output_size", "3,3"}, {"kernel_size", "2"}}),
            "fold: input \"X\" has shape (1, 5, 4); it needs a multiple of 4 rows, the window's extent");
  EXPECT_NE(complaint("fold", {{1, 4, 4}}, {{"kernel_size", "2"}}), "") << "output_size has no default";
  EXPECT_NE(complaint("unfold", {{1, 1, 4, 4}}), "") << "kernel_size has no default";
  EXPECT_NE(complaint("unfold", {{1, 1, 4, 4}}, {{"kernel_size", "1000000000000"}}), "");
}

TEST(ShapeError, OfUnfoldComesBeforeAnySizeWraps) {
  const Arguments<double> one{{Tensor<double>({1, 1, 1, 1})}, {}};
  const Attributes huge = {{"kernel_size", "1000000000000"}, {"padding", "1000000000000"}};
  EXPECT_THROW(operation_named("unfold").float64.forward(one, huge), ShapeError);
}

}  // namespace
}  // namespace assay::oracles::testing
