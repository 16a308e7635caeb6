#include "oracles/misconceptions/convolutions.hpp"
#include "oracles/misconceptions/mistaken.hpp"
#include "oracles/ops/affine.hpp"
#include "oracles/ops/conv1d.hpp"
#include "oracles/ops/conv2d.hpp"
#include "oracles/ops/conv3d.hpp"
#include "oracles/ops/conv_transpose2d.hpp"
#include "oracles/ops/embedding.hpp"
#include "oracles/ops/fold.hpp"
#include "oracles/ops/matmul.hpp"
#include "oracles/ops/unfold.hpp"

namespace assay::oracles::mistakes {

namespace {

Tensor<Ball> transposed_data(const Tensor<Ball>& matrix) {
  Tensor<Ball> result(matrix.shape);
  const std::size_t rows = matrix.shape[0], columns = matrix.shape[1];
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) result[c * rows + r] = matrix(r, c);
  return result;
}

// ---- Convolutions --------------------------------------------------------------------------------------

using ops::detail::Convolution;
using ops::detail::WindowAxis;

template <class Op, class T>
Convolution convolution(const Arguments<T>& a, const Attributes& attributes) {
  return ops::detail::convolution_of(Op::name, {a.real[0].shape, a.real[1].shape, a.real[2].shape},
                                     attributes, Op::rank);
}

/// The weights with all spatial axes reversed.
template <class T>
Tensor<T> flipped(const Tensor<T>& w) {
  Tensor<T> result(w.shape);
  const std::size_t taps = w.size() / (w.shape[0] * w.shape[1]);
  for (std::size_t i = 0; i < w.size(); ++i) result[i] = w[i / taps * taps + (taps - 1 - i % taps)];
  return result;
}

template <class Op>
struct KernelFlipped {
  static constexpr std::string_view operation = Op::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& attributes) {
    return Op::forward(Arguments<T>{{a.real[0], flipped(a.real[1]), a.real[2]}, {}}, attributes);
  }
};

/// The taps at distance 1, in an output of the right shape.
template <class Op>
struct DilationIgnored {
  static constexpr std::string_view operation = Op::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& attributes) {
    Convolution c = convolution<Op>(a, attributes);
    for (WindowAxis& axis : c.window) axis.dilation = 1;
    return {ops::detail::correlated(a.real[0], a.real[1], a.real[2], c)};
  }
};

/// Channel c is taken for one of group c mod groups.
struct GroupsInterleaved {
  static constexpr std::string_view operation = "conv2d";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& attributes) {
    const Convolution c = convolution<ops::Conv2d>(a, attributes);
    Tensor<T> x = a.real[0];
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::size_t channel = i / c.inputs % c.channels, n = i / c.inputs / c.channels;
      const std::size_t taken = channel % c.depth() * c.groups + channel / c.depth();
      x[i] = a.real[0][(n * c.channels + taken) * c.inputs + i % c.inputs];
    }
    return ops::Conv2d::forward(Arguments<T>{{x, a.real[1], a.real[2]}, {}}, attributes);
  }
};

/// Without padding, where the kernel fits without it.
Tensors<Ball> padding_forgotten(In a, Set s) {
  Attributes none = s;
  none["padding"] = "0";
  try {
    return right_forward("conv2d", a, none);
  } catch (const ShapeError&) {
    return right_forward("conv2d", a, s);
  }
}

/// The gradients that the first of N images would have alone.
template <class Op>
Tensors<Ball> of_first_sample(In a, Up u, Set s) {
  const auto first = [](const Tensor<Ball>& all) {
    Shape one = all.shape;
    one[0] = 1;
    return Tensor<Ball>(
        one, {all.data.begin(), all.data.begin() + static_cast<std::ptrdiff_t>(all.size() / all.shape[0])});
  };
  return right_vjp(Op::name, {{first(a.real[0]), a.real[1], a.real[2]}, {}}, {first(u[0])}, s);
}

template <class Op>
Tensors<Ball> weights_of_first_sample(In a, Up u, Set s) {
  Tensors<Ball> right = right_vjp(Op::name, a, u, s);
  right[1] = of_first_sample<Op>(a, u, s)[1];
  return right;
}

template <class Op>
Tensors<Ball> bias_of_first_sample(In a, Up u, Set s) {
  Tensors<Ball> right = right_vjp(Op::name, a, u, s);
  right[2] = of_first_sample<Op>(a, u, s)[2];
  return right;
}

Tensors<Ball> stride_ignored_backwards(In a, Up u, Set s) {
  Tensors<Ball> right = right_vjp("conv2d", a, u, s);
  Convolution c = convolution<ops::Conv2d>(a, s);
  for (WindowAxis& axis : c.window) axis.stride = 1;
  right[0] = ops::detail::spread(u[0], a.real[1], Tensor<Ball>(absent), c);
  return right;
}

Tensors<Ball> kernel_flipped_backwards(In a, Up u, Set s) {
  Tensors<Ball> right = right_vjp("conv2d", a, u, s);
  right[0] = right_vjp("conv2d", {{a.real[0], flipped(a.real[1]), a.real[2]}, {}}, u, s)[0];
  return right;
}

// ---- Matrices and patches ------------------------------------------------------------------------------

/// The last two axes of B read as if they were swapped, in the same memory.
struct OperandTransposed {
  static constexpr std::string_view operation = "matmul";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& attributes) {
    Tensor<T> b = a.real[1];
    if (b.rank() < 2) return ops::Matmul::forward(a, attributes);
    const std::size_t columns = b.shape.back(), rows = b.shape[b.rank() - 2], size = rows * columns;
    for (std::size_t i = 0; i < b.size(); ++i)
      b[i] = a.real[1][i / size * size + i % columns * rows + i / columns % rows];
    return ops::Matmul::forward(Arguments<T>{{a.real[0], b}, {}}, attributes);
  }
};

/// A factor that many products share gets the gradient of the last of them.
Tensors<Ball> last_of_broadcast(In a, Up u, Set) {
  const auto batches = ops::detail::matrix_batches("matmul", a.real[0].shape, a.real[1].shape);
  const std::size_t rows = batches.rows, inner = batches.inner, columns = batches.columns;
  Tensor<Ball> da(a.real[0].shape), db(a.real[1].shape);
  for (std::size_t batch = 0; batch < batches.a.size(); ++batch) {
    const Ball* const g = &u[0][batch * rows * columns];
    const std::size_t first_a = batches.a[batch] * rows * inner, first_b = batches.b[batch] * inner * columns;
    for (std::size_t m = 0; m < rows; ++m)
      for (std::size_t k = 0; k < inner; ++k)
        da[first_a + m * inner + k] = dot(g + m * columns, 1, &a.real[1][first_b + k * columns], 1, columns);
    for (std::size_t k = 0; k < inner; ++k)
      for (std::size_t n = 0; n < columns; ++n)
        db[first_b + k * columns + n] = dot(&a.real[0][first_a + k], static_cast<std::ptrdiff_t>(inner),
                                            g + n, static_cast<std::ptrdiff_t>(columns), rows);
  }
  return {da, db};
}

/// Each place with an index writes its gradient over that of the one before.
Tensors<Ball> repeats_overwritten(In a, Up u, Set) {
  Tensor<Ball> dw(a.real[0].shape);
  const std::size_t columns = dw.shape[1];
  for (std::size_t n = 0; n < a.index[0].size(); ++n)
    for (std::size_t d = 0; d < columns; ++d)
      dw(static_cast<std::size_t>(a.index[0][n]), d) = u[0][n * columns + d];
  return {dw};
}

/// Indices counted from 1: row 0 is the last one.
struct IndicesFromOne {
  static constexpr std::string_view operation = "embedding";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& attributes) {
    Arguments<T> other = a;
    const auto rows = static_cast<std::int64_t>(a.real[0].shape[0]);
    for (std::int64_t& index : other.index[0].data) index = (index + rows - 1) % rows;
    return ops::Embedding::forward(other, attributes);
  }
};

/// Divided by how often each pixel occurs in the patches.
Tensors<Ball> overlaps_averaged_backwards(In a, Up u, Set s) {
  Tensors<Ball> right = right_vjp("unfold", a, u, s);
  Tensors<Ball> ones = u;
  for (Ball& element : ones[0].data) element = Ball(1);
  const Tensors<Ball> counts = right_vjp("unfold", a, ones, s);
  for (std::size_t i = 0; i < right[0].size(); ++i) right[0][i] /= max(counts[0][i], Ball(1));
  return right;
}

struct BiasForgotten {
  static constexpr std::string_view operation = "affine";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& attributes) {
    return ops::Affine::forward(Arguments<T>{{a.real[0], a.real[1], Tensor<T>(a.real[2].shape)}, {}},
                                attributes);
  }
};

Tensors<Ball> averaged_over_rows(In a, Up u, Set s) {
  Tensors<Ball> right = right_vjp("affine", a, u, s);
  const Ball rows(static_cast<int>(a.real[0].shape[0]));
  for (const std::size_t k : {1u, 2u})
    for (Ball& element : right[k].data) element /= rows;
  return right;
}

/// All of the padding at the end of each axis, none at its beginning.
template <class Op>
struct PaddingAtTheEnd {
  static constexpr std::string_view operation = Op::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& attributes) {
    Convolution c = convolution<Op>(a, attributes);
    for (WindowAxis& axis : c.window) axis.padding = 0;
    return {ops::detail::correlated(a.real[0], a.real[1], a.real[2], c)};
  }
};

/// Rows in the order (tap, channel) in place of (channel, tap).
struct TapsFirst {
  static constexpr std::string_view operation = "unfold";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& attributes) {
    const Tensor<T> right = ops::Unfold::forward(a, attributes)[0];
    const std::size_t channels = a.real[0].shape[1], rows = right.shape[1], columns = right.shape[2];
    const std::size_t taps = rows / channels;
    Tensor<T> y(right.shape);
    for (std::size_t i = 0; i < y.size(); ++i) {
      const std::size_t row = i / columns % rows, n = i / columns / rows;
      y[i] = right[(n * rows + row % channels * taps + row / channels) * columns + i % columns];
    }
    return {y};
  }
};

/// Rows taken to be in that order.
struct TapsReadFirst {
  static constexpr std::string_view operation = "fold";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& attributes) {
    const Tensor<T>& x = a.real[0];
    const std::size_t rows = x.shape[1], columns = x.shape[2];
    const std::size_t channels = ops::Fold::output_shapes({x.shape}, attributes)[0][1];
    Tensor<T> reordered(x.shape);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::size_t row = i / columns % rows, n = i / columns / rows, taps = rows / channels;
      reordered[i] = x[(n * rows + row % taps * channels + row / taps) * columns + i % columns];
    }
    return ops::Fold::forward(Arguments<T>{{reordered}, {}}, attributes);
  }
};

struct OverlapsAveraged {
  static constexpr std::string_view operation = "fold";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& attributes) {
    Tensor<T> y = ops::Fold::forward(a, attributes)[0];
    Tensor<T> ones = a.real[0];
    for (T& element : ones.data) element = T(1);
    const Tensor<T> counts = ops::Fold::forward(Arguments<T>{{ones}, {}}, attributes)[0];
    for (std::size_t i = 0; i < y.size(); ++i) y[i] /= max(counts[i], T(1));
    return {y};
  }
};

void add_convolutions(std::vector<Misconception>& list) {
  using namespace ops;
  constexpr std::string_view flips = "flips the kernel: a convolution of mathematics, not cross-correlation";
  constexpr std::string_view undilated = "ignores the dilation: the taps of the kernel are neighbours";
  constexpr std::string_view first_weights =
      "takes the weight gradient from the first image of the batch only";
  constexpr std::string_view first_bias =
      "takes the bias gradient from the first image, not summed over the batch";
  const std::vector<Misconception> own = {
      wrong_operation<KernelFlipped<Conv1d>>("conv1d.kernel_flipped", flips),
      wrong_operation<DilationIgnored<Conv1d>>("conv1d.dilation_ignored", undilated),
      wrong_operation<PaddingAtTheEnd<Conv1d>>("conv1d.padding_at_the_end",
                                               "pads the end of the axis only, so that all is shifted"),
      wrong_gradient("conv1d.gradient.bias_of_first_sample", first_bias, bias_of_first_sample<Conv1d>),
      wrong_operation<KernelFlipped<Conv2d>>("conv2d.kernel_flipped", flips),
      wrong_operation<DilationIgnored<Conv2d>>("conv2d.dilation_ignored", undilated),
      wrong_operation<PaddingAtTheEnd<Conv2d>>("conv2d.padding_at_the_end",
                                               "pads the end of each axis only, so that all is shifted"),
      wrong_operation<GroupsInterleaved>(
          "conv2d.groups_interleaved",
          "gives every other channel to a group, where a group is a run of neighbouring channels"),
      wrong_result("conv2d.padding_forgotten", "forgets the padding, so that the output is cropped",
                   padding_forgotten),
      wrong_gradient("conv2d.gradient.bias_of_first_sample", first_bias, bias_of_first_sample<Conv2d>),
      wrong_gradient("conv2d.gradient.input_with_flipped_kernel",
                     "spreads the upstream gradient with the kernel turned by 180 degrees",
                     kernel_flipped_backwards),
      wrong_gradient("conv2d.gradient.stride_ignored", "ignores the stride in the input gradient",
                     stride_ignored_backwards),
      wrong_gradient("conv2d.gradient.weights_of_first_sample", first_weights,
                     weights_of_first_sample<Conv2d>),
      wrong_operation<KernelFlipped<Conv3d>>("conv3d.kernel_flipped", flips),
      wrong_gradient("conv3d.gradient.weights_of_first_sample", first_weights,
                     weights_of_first_sample<Conv3d>),
      wrong_operation<KernelFlipped<ConvTranspose2d>>("conv_transpose2d.kernel_flipped", flips),
      wrong_gradient("conv_transpose2d.gradient.bias_of_first_sample", first_bias,
                     bias_of_first_sample<ConvTranspose2d>),
  };
  list.insert(list.end(), own.begin(), own.end());
}

}  // namespace

std::vector<Misconception> linear() {
  std::vector<Misconception> all = {
      wrong_gradient("add.gradient.sign_of_second", "subtracts the gradient of the second operand",
                     [](In, Up u, Set) {
                       Tensor<Ball> minus = u[0];
                       for (Ball& element : minus.data) element = -element;
                       return Tensors<Ball>{u[0], minus};
                     }),
      wrong_gradient("add.gradient.shared", "shares the gradient among the operands: each gets half",
                     [](In, Up u, Set) {
                       Tensor<Ball> half = u[0];
                       for (Ball& element : half.data) element /= 2;
                       return Tensors<Ball>{half, half};
                     }),
      wrong_operation<BiasForgotten>("affine.bias_forgotten", "forgets the bias"),
      wrong_gradient("affine.gradient.averaged_over_rows",
                     "averages the gradients of weights and bias over the rows, where they are summed",
                     averaged_over_rows),
      wrong_gradient("affine.gradient.weights_transposed", "stores the weight gradient transposed",
                     [](In a, Up u, Set s) {
                       Tensors<Ball> right = right_vjp("affine", a, u, s);
                       right[1] = transposed_data(right[1]);
                       return right;
                     }),
      wrong_gradient("affine.gradient.bias_of_first_row", "takes the bias gradient from the first row only",
                     [](In a, Up u, Set s) {
                       Tensors<Ball> right = right_vjp("affine", a, u, s);
                       for (std::size_t c = 0; c < right[2].size(); ++c) right[2][c] = u[0][c];
                       return right;
                     }),
      wrong_gradient("affine.gradient.bias_of_last_row",
                     "overwrites the bias gradient with each row, so that only the last one is left",
                     [](In a, Up u, Set s) {
                       Tensors<Ball> right = right_vjp("affine", a, u, s);
                       const std::size_t columns = right[2].size(), first = u[0].size() - columns;
                       for (std::size_t c = 0; c < columns; ++c) right[2][c] = u[0][first + c];
                       return right;
                     }),
      wrong_operation<IndicesFromOne>("embedding.indices_from_one", "counts the rows from 1, off by one"),
      wrong_gradient("embedding.gradient.repeats_overwritten",
                     "overwrites the gradient of an index that occurs again, where the gradients add up",
                     repeats_overwritten),
      wrong_operation<OverlapsAveraged>("fold.overlaps_averaged",
                                        "averages the entries of overlapping patches, where they are added"),
      wrong_operation<TapsReadFirst>("fold.taps_before_channels",
                                     "takes the rows to be in the order of taps, where channels come first"),
      wrong_gradient("matmul.gradient.last_of_broadcast",
                     "keeps the last gradient of a broadcast factor, where those of all products add up",
                     last_of_broadcast),
      wrong_operation<OperandTransposed>("matmul.operand_transposed",
                                         "reads the second factor as if it were stored transposed"),
      wrong_gradient("unfold.gradient.overlaps_averaged",
                     "averages the gradients of overlapping patches, where they add up",
                     overlaps_averaged_backwards),
      wrong_operation<TapsFirst>("unfold.taps_before_channels",
                                 "orders the rows by tap and then by channel, where channels come first"),
  };
  add_convolutions(all);
  const std::vector<Misconception> more = sums_and_biases();
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace assay::oracles::mistakes
