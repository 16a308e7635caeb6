/// Attention and recurrence as students get them wrong: templates over the number, for the tape.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "oracles/misconceptions/mistaken.hpp"
#include "oracles/ops/lstm_cell.hpp"
#include "oracles/ops/multi_head_attention.hpp"
#include "oracles/ops/patch_attention.hpp"
#include "oracles/ops/scaled_dot_product_attention.hpp"

namespace assay::oracles::mistakes {

// ---- Scaled dot-product attention ---------------------------------------------------------------------

/// Flips what 1 in the mask means; queries that are left with nothing give 0.
template <class Op>
struct MaskInverted {
  static constexpr std::string_view operation = Op::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    if (a.index[0].size() == 0) return Op::forward(a, s);
    const bool attend = choice_attribute(s, ops::detail::mask_one_attribute) == 0;
    return Op::forward(a, with(with(s, "mask_one", attend ? "block" : "attend"), "masked_row", "zero"));
  }
};

/// 1/E for 1/√E.
struct DividedByFeatures {
  static constexpr std::string_view operation = ops::ScaledDotProductAttention::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    if (text_attribute(s, ops::ScaledDotProductAttention::scale_attribute) != "none")
      return ops::ScaledDotProductAttention::forward(a, s);
    const std::string scale = "1/" + std::to_string(a.real[0].shape.back());
    return ops::ScaledDotProductAttention::forward(a, with(s, "scale", scale));
  }
};

struct KeysAndValuesSwapped {
  static constexpr std::string_view operation = ops::ScaledDotProductAttention::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    if (a.real[1].shape != a.real[2].shape) return ops::ScaledDotProductAttention::forward(a, s);
    return ops::ScaledDotProductAttention::forward<T>({{a.real[0], a.real[2], a.real[1]}, a.index}, s);
  }
};

/// Attention whose weights `Wrong::weights(scores, visible)` makes of a matrix of scores.
template <class Wrong>
struct WrongWeights {
  static constexpr std::string_view operation = ops::ScaledDotProductAttention::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    const Tensor<T>&q = a.real[0], &k = a.real[1], &v = a.real[2];
    const std::size_t queries = q.shape[q.rank() - 2], features = q.shape.back();
    const std::size_t keys = k.shape[k.rank() - 2], width = v.shape.back();
    Shape shape = q.shape;
    shape.back() = width;
    Tensor<T> y(shape);
    for (std::size_t b = 0; b < q.size() / (queries * features); ++b) {
      Tensor<T> z(Shape{queries, keys});
      for (std::size_t i = 0; i < queries; ++i)
        for (std::size_t j = 0; j < keys; ++j)
          z(i, j) = scale_of<T>(s, features) *
                    dot(&q[(b * queries + i) * features], 1, &k[(b * keys + j) * features], 1, features);
      const Tensor<T> p = Wrong::weights(
          z,
          ops::detail::visible_keys(operation, with(s, "masked_row", "zero"), a.index[0], b, queries, keys));
      for (std::size_t i = 0; i < queries; ++i)
        for (std::size_t e = 0; e < width; ++e)
          y[(b * queries + i) * width + e] =
              dot(&p[i * keys], 1, &v[b * keys * width + e], static_cast<std::ptrdiff_t>(width), keys);
    }
    return {y};
  }

 private:
  template <class T>
  static T scale_of(const Attributes& s, std::size_t features) {
    constexpr AttributeSpec scale = ops::ScaledDotProductAttention::scale_attribute;
    if (text_attribute(s, scale) != "none") return real_attribute<T>(s, scale);
    return T(1) / sqrt(static_cast<T>(static_cast<int>(features)));
  }
};

inline bool sees(const std::vector<std::size_t>& visible, std::size_t key) {
  return std::ranges::find(visible, key) != visible.end();
}

struct AttentionOverQueries : WrongWeights<AttentionOverQueries> {
  template <class T>
  static Tensor<T> weights(const Tensor<T>& z, const ops::detail::VisibleKeys& visible) {
    Tensor<T> p(z.shape);
    for (std::size_t j = 0; j < z.shape[1]; ++j) {
      std::vector<T> column;
      for (std::size_t i = 0; i < z.shape[0]; ++i)
        if (sees(visible[i], j)) column.push_back(z(i, j));
      if (column.empty()) continue;
      const std::vector<T> shares = ops::detail::softmax(std::span<const T>(column));
      for (std::size_t i = 0, next = 0; i < z.shape[0]; ++i)
        if (sees(visible[i], j)) p(i, j) = shares[next++];
    }
    return p;
  }
};

struct MaskAfterSoftmax : WrongWeights<MaskAfterSoftmax> {
  template <class T>
  static Tensor<T> weights(const Tensor<T>& z, const ops::detail::VisibleKeys& visible) {
    Tensor<T> p(z.shape);
    for (std::size_t i = 0; i < z.shape[0]; ++i) {
      const std::vector<T> row(&z[i * z.shape[1]], &z[i * z.shape[1]] + z.shape[1]);
      const std::vector<T> shares = ops::detail::softmax(std::span<const T>(row));
      for (const std::size_t j : visible[i]) p(i, j) = shares[j];
    }
    return p;
  }
};

struct MaskedScoresZero : WrongWeights<MaskedScoresZero> {
  template <class T>
  static Tensor<T> weights(const Tensor<T>& z, const ops::detail::VisibleKeys& visible) {
    Tensor<T> p(z.shape);
    for (std::size_t i = 0; i < z.shape[0]; ++i) {
      std::vector<T> row(z.shape[1]);
      for (const std::size_t j : visible[i]) row[j] = z(i, j);
      const std::vector<T> shares = ops::detail::softmax(std::span<const T>(row));
      std::ranges::copy(shares, &p[i * z.shape[1]]);
    }
    return p;
  }
};

/// The causal rule as a mask that reaches one key too far.
struct SeesTheNextToken {
  static constexpr std::string_view operation = ops::ScaledDotProductAttention::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    const bool causal = flag_attribute(s, ops::detail::is_causal_attribute);
    if (!causal || a.index[0].size() != 0) return ops::ScaledDotProductAttention::forward(a, s);
    const bool bottom_right = choice_attribute(s, ops::detail::causal_alignment_attribute) == 1;
    const std::size_t queries = a.real[0].shape[a.real[0].rank() - 2];
    const std::size_t keys = a.real[1].shape[a.real[1].rank() - 2];
    const bool attend = choice_attribute(s, ops::detail::mask_one_attribute) == 0;
    IndexTensor mask(Shape{queries, keys});
    for (std::size_t i = 0; i < queries; ++i)
      for (std::size_t j = 0; j < keys; ++j)
        mask(i, j) = (bottom_right ? j + queries <= i + keys + 1 : j <= i + 1) == attend;
    return ops::ScaledDotProductAttention::forward<T>({a.real, {mask}}, with(s, "is_causal", "false"));
  }
};

// ---- Multi-head attention -----------------------------------------------------------------------------

/// The places of the real inputs.
enum MultiHeadInput : std::size_t { packed_weight = 3, query_weight = 4, out_weight = 8, out_bias = 9 };

struct NoOutputProjection {
  static constexpr std::string_view operation = ops::MultiHeadAttention::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    Arguments<T> joined = a;
    Tensor<T>& weight = joined.real[out_weight];
    for (std::size_t i = 0; i < weight.size(); ++i)
      weight[i] = T(i / weight.shape[1] == i % weight.shape[1] ? 1 : 0);
    joined.real[out_bias] = Tensor<T>(absent);
    return ops::MultiHeadAttention::forward(joined, s);
  }
};

/// (heads, L, E / heads) read as if it were (L, E).
struct HeadsNotTransposed {
  static constexpr std::string_view operation = ops::MultiHeadAttention::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    const Tensor<T> joined = NoOutputProjection::forward(a, s)[0];
    const std::size_t rows = joined.shape[1], width = joined.shape[2];
    const std::size_t heads = ops::detail::num_heads_of(operation, s, width), part = width / heads;
    Tensor<T> mixed(Shape{joined.shape[0] * rows, width});
    for (std::size_t i = 0; i < joined.size(); ++i) {
      const std::size_t batch = i / (rows * width), row = i / width % rows, column = i % width;
      const std::size_t head = column / part;
      mixed[batch * rows * width + head * rows * part + row * part + column % part] = joined[i];
    }
    Tensor<T> y = ops::detail::linear_rows(mixed, a.real[out_weight], a.real[out_bias]);
    y.shape = joined.shape;
    return {y};
  }
};

/// The projection of the queries, shrunk by what is divided by too much.
struct ScaledByAllFeatures {
  static constexpr std::string_view operation = ops::MultiHeadAttention::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    const std::size_t width = a.real[0].shape[2];
    const std::size_t heads = ops::detail::num_heads_of(operation, s, width);
    const T share = T(1) / sqrt(static_cast<T>(static_cast<int>(heads)));
    Arguments<T> smaller = a;
    Tensor<T>& weight = smaller.real[a.real[packed_weight].size() == 0 ? query_weight : packed_weight];
    for (std::size_t i = 0; i < width * width; ++i) weight[i] *= share;
    Tensor<T>& bias = smaller.real[7];
    for (std::size_t i = 0; i < std::min(width, bias.size()); ++i) bias[i] *= share;
    return ops::MultiHeadAttention::forward(smaller, s);
  }
};

// ---- Patch attention ----------------------------------------------------------------------------------

/// The image of which the elements of one part are divided by the norm of that part, or by its square:
/// element i of an image of C channels belongs to the part `part(i, C)`.
template <std::size_t (*part)(std::size_t i, std::size_t channels), bool squared = false>
struct NormalisedBy {
  static constexpr std::string_view operation = ops::PatchAttention::name;
  template <class T>
  static Tensor<T> image(const Arguments<T>& a, const Attributes& s) {
    Tensor<T> x = a.real[0];
    if (!flag_attribute(s, ops::PatchAttention::normalise_attribute)) return x;
    const std::size_t channels = x.shape[2];
    std::vector<T> size(x.size(), T(0));
    for (std::size_t i = 0; i < x.size(); ++i) size[part(i, channels)] += x[i] * x[i];
    for (std::size_t i = 0; i < x.size(); ++i) {
      const T& squares = size[part(i, channels)];
      x[i] /= squared ? squares : T(sqrt(squares));
    }
    return x;
  }
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    Arguments<T> unit = a;
    unit.real[0] = image(a, s);
    return ops::PatchAttention::forward(unit, with(s, "normalise", "false"));
  }
};

inline std::size_t whole_image(std::size_t, std::size_t) {
  return 0;
}
inline std::size_t own_channel(std::size_t i, std::size_t channels) {
  return i % channels;
}
inline std::size_t own_pixel(std::size_t i, std::size_t channels) {
  return i / channels;
}

/// Y_ijo = Σ_ab weight(i, j, o, ab) v_o,ab with weights made of all scores of a pixel, (O, K K).
template <class Wrong>
struct WrongPatch {
  static constexpr std::string_view operation = ops::PatchAttention::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    const Tensor<T> x = NormalisedBy<own_channel>::image(a, s);
    const Tensor<T>&k = a.real[1], &v = a.real[2];
    const std::size_t outputs = k.shape[0], positions = v.size() / outputs;
    Tensor<T> y(Shape{x.shape[0], x.shape[1], outputs});
    for (std::size_t pixel = 0; pixel < y.size() / outputs; ++pixel) {
      Tensor<T> z(Shape{outputs, positions});
      for (std::size_t m = 0; m < z.size(); ++m) z[m] = Wrong::score(x, k, pixel, m);
      const Tensor<T> p = Wrong::weights(z);
      for (std::size_t o = 0; o < outputs; ++o)
        y[pixel * outputs + o] = dot(&p[o * positions], 1, &v[o * positions], 1, positions);
    }
    return {y};
  }

  /// q · k, with the m-th position of all kernels.
  template <class T>
  static T score(const Tensor<T>& x, const Tensor<T>& k, std::size_t pixel, std::size_t m) {
    const std::size_t channels = k.shape[3];
    return dot(&x[pixel * channels], 1, &k[m * channels], 1, channels);
  }
};

struct PatchWithoutSoftmax : WrongPatch<PatchWithoutSoftmax> {
  template <class T>
  static Tensor<T> weights(const Tensor<T>& z) {
    return z;
  }
};

struct PatchSoftmaxOverOutputs : WrongPatch<PatchSoftmaxOverOutputs> {
  template <class T>
  static Tensor<T> weights(Tensor<T> z) {
    for (const ops::detail::Line& line : ops::detail::lines(z.shape, 0))
      ops::detail::put(z, line, ops::detail::softmax(std::span<const T>(ops::detail::take(z, line))));
    return z;
  }
};

/// The query of position (a, b) is the pixel there; 0 beyond the edge.
struct SlidingPatch : WrongPatch<SlidingPatch> {
  template <class T>
  static T score(const Tensor<T>& x, const Tensor<T>& k, std::size_t pixel, std::size_t m) {
    const std::size_t kernel = k.shape[1], channels = k.shape[3], half = kernel / 2;
    const std::size_t row = pixel / x.shape[1] + m / kernel % kernel;
    const std::size_t column = pixel % x.shape[1] + m % kernel;
    if (row < half || row - half >= x.shape[0] || column < half || column - half >= x.shape[1]) return T(0);
    const std::size_t there = (row - half) * x.shape[1] + column - half;
    return dot(&x[there * channels], 1, &k[m * channels], 1, channels);
  }
  template <class T>
  static Tensor<T> weights(Tensor<T> z) {
    for (const ops::detail::Line& line : ops::detail::lines(z.shape, 1))
      ops::detail::put(z, line, ops::detail::softmax(std::span<const T>(ops::detail::take(z, line))));
    return z;
  }
};

// ---- Recurrent cells ----------------------------------------------------------------------------------

/// h′ = o c′: the right h′ / tanh c′ is o.
struct NoOutputTanh {
  static constexpr std::string_view operation = ops::LstmCell::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    Tensors<T> right = ops::LstmCell::forward(a, s);
    for (std::size_t i = 0; i < right[0].size(); ++i)
      right[0][i] = right[0][i] / tanh(right[1][i]) * right[1][i];
    return right;
  }
};

}  // namespace assay::oracles::mistakes
