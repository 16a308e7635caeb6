#include "properties/training/layers.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "properties/training/kernels.hpp"
#include "properties/training/normalisation.hpp"

namespace assay::properties::training {
namespace {

/// Rows and columns of the product that a weight layer is.
struct ProductSize {
  std::size_t rows, inner, columns;
};
ProductSize product_size(const Layer& layer, std::size_t examples) {
  if (layer.kind == Kind::convolution)
    return {examples * layer.out.positions(), layer.fan_in(), layer.out.channels};
  return {examples, layer.fan_in(), layer.out.size()};
}

void forward_product(const Layer& layer, const Forward& call, Workspace& workspace) {
  const auto [rows, inner, columns] = product_size(layer, call.rows);
  const double* in = call.in;
  if (layer.kind == Kind::convolution) {
    gather_patches(workspace.kept.data(), in, call.rows, layer.in.side, layer.in.channels);
    in = workspace.kept.data();
  }
  for (std::size_t i = 0; i < rows; ++i)
    std::copy_n(call.parameters.data() + layer.bias, columns, call.out + i * columns);
  add_product(call.out, {in, inner, 1}, call.parameters.data() + layer.weights, rows, inner, columns);
}

void backward_product(const Layer& layer, const Backward& call, const Workspace& workspace) {
  const auto [rows, inner, columns] = product_size(layer, call.rows);
  const bool convolution = layer.kind == Kind::convolution;
  const double* in = convolution ? workspace.kept.data() : call.in;
  add_product(call.gradients.data() + layer.weights, {in, 1, inner}, call.upstream, inner, rows, columns);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j)
      call.gradients[layer.bias + j] += call.upstream[i * columns + j];
  if (!call.cotangent) return;
  double* transposed = call.scratch.data();
  transpose(transposed, call.parameters.data() + layer.weights, inner, columns);
  if (!convolution) {
    add_product(call.cotangent, {call.upstream, columns, 1}, transposed, rows, columns, inner);
    return;
  }
  double* patches = transposed + inner * columns;
  std::fill_n(patches, rows * inner, 0.0);
  add_product(patches, {call.upstream, columns, 1}, transposed, rows, columns, inner);
  scatter_patches(call.cotangent, patches, call.rows, layer.in.side, layer.in.channels);
}

template <class F>
void each(std::size_t count, F f) {
  for (std::size_t i = 0; i < count; ++i) f(i);
}

/// `value` or 0, by a mask: compilers make a branch of the conditional operator here, and processors guess it
/// wrong half of the time, which costs as much as the whole layer before.
double kept_if(bool condition, double value) {
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(value) & -static_cast<std::uint64_t>(condition));
}
double leaked(double x, double value, double leak) {
  return kept_if(x > 0, value) + kept_if(!(x > 0), leak * value);
}

void activate(const Layer& layer, const Forward& call) {
  const std::size_t count = call.rows * layer.in.size();
  const double* x = call.in;
  double* y = call.out;
  switch (layer.activation) {
    case Activation::identity:
      return each(count, [=](std::size_t i) { y[i] = x[i]; });
    case Activation::relu:
      return each(count, [=](std::size_t i) { y[i] = kept_if(!(x[i] < 0), x[i]); });
    case Activation::leaky_relu: {
      const double leak = layer.leak;
      return each(count, [=](std::size_t i) { y[i] = leaked(x[i], x[i], leak); });
    }
    case Activation::tanh:
      return each(count, [=](std::size_t i) { y[i] = portable_tanh(x[i]); });
    case Activation::sigmoid:
      return each(count, [=](std::size_t i) { y[i] = portable_sigmoid(x[i]); });
    case Activation::step:
      return each(count, [=](std::size_t i) { y[i] = x[i] > 0; });
  }
}

/// At the kinks the slope is the one of PyTorch.
void activate_backward(const Layer& layer, const Backward& call) {
  const std::size_t count = call.rows * layer.in.size();
  const double *x = call.in, *y = call.out, *g = call.upstream;
  double* to = call.cotangent;
  switch (layer.activation) {
    case Activation::identity:
      return each(count, [=](std::size_t i) { to[i] += g[i]; });
    case Activation::relu:
      return each(count, [=](std::size_t i) { to[i] += kept_if(x[i] > 0, g[i]); });
    case Activation::leaky_relu: {
      const double leak = layer.leak;
      return each(count, [=](std::size_t i) { to[i] += leaked(x[i], g[i], leak); });
    }
    case Activation::tanh:
      return each(count, [=](std::size_t i) { to[i] += g[i] * (1 - y[i] * y[i]); });
    case Activation::sigmoid:
      return each(count, [=](std::size_t i) { to[i] += g[i] * (y[i] * (1 - y[i])); });
    case Activation::step:
      return;
  }
}

/// Calls visit(output element, the four input elements under it) for 2 × 2 windows; an odd last row or column
/// is left out.
template <class Visit>
void each_window(const Layer& layer, std::size_t rows, Visit visit) {
  const std::size_t side = layer.in.side, channels = layer.in.channels, half = layer.out.side;
  std::size_t out = 0;
  for (std::size_t n = 0; n < rows; ++n)
    for (std::size_t y = 0; y < half; ++y)
      for (std::size_t x = 0; x < half; ++x)
        for (std::size_t c = 0; c < channels; ++c, ++out) {
          const std::size_t corner = ((n * side + 2 * y) * side + 2 * x) * channels + c;
          const std::size_t below = corner + side * channels;
          const std::size_t window[]{corner, corner + channels, below, below + channels};
          visit(out, window);
        }
}

void forward_pool(const Layer& layer, const Forward& call, Workspace& workspace) {
  const double* in = call.in;
  if (layer.kind == Kind::average_pool) {
    each_window(layer, call.rows, [&](std::size_t out, const std::size_t(&window)[4]) {
      call.out[out] = (in[window[0]] + in[window[1]] + in[window[2]] + in[window[3]]) / 4;
    });
    return;
  }
  each_window(layer, call.rows, [&](std::size_t out, const std::size_t(&window)[4]) {
    const std::size_t upper = in[window[1]] > in[window[0]] ? window[1] : window[0];
    const std::size_t lower = in[window[3]] > in[window[2]] ? window[3] : window[2];
    workspace.argmax[out] = in[lower] > in[upper] ? lower : upper;
    call.out[out] = in[workspace.argmax[out]];
  });
}

void backward_pool(const Layer& layer, const Backward& call, const Workspace& workspace) {
  each_window(layer, call.rows, [&](std::size_t out, const std::size_t(&window)[4]) {
    if (layer.kind == Kind::max_pool)
      call.cotangent[workspace.argmax[out]] += call.upstream[out];
    else
      for (const std::size_t i : window) call.cotangent[i] += call.upstream[out] / 4;
  });
}

void forward_dropout(const Layer& layer, const Forward& call, Workspace& workspace) {
  const std::size_t count = call.rows * layer.in.size();
  const double scale = 1 / (1 - layer.dropout);
  for (std::size_t i = 0; i < count; ++i) {
    workspace.kept[i] = !call.training ? 1 : call.random.chance(layer.dropout) ? 0 : scale;
    call.out[i] = call.in[i] * workspace.kept[i];
  }
}

}  // namespace

void prepare(const Layer& layer, std::size_t capacity, Workspace& workspace) {
  const std::size_t in = capacity * layer.in.size();
  if (layer.kind == Kind::convolution) workspace.kept.resize(9 * in);
  if (layer.kind == Kind::batch_norm || layer.kind == Kind::dropout) workspace.kept.resize(in);
  if (layer.kind == Kind::batch_norm) {
    workspace.means.resize(layer.in.channels);
    workspace.deviations.resize(layer.in.channels);
  }
  if (layer.kind == Kind::max_pool || layer.kind == Kind::average_pool)
    workspace.argmax.resize(capacity * layer.out.size());
}

std::size_t scratch_size(const Layer& layer, std::size_t capacity) {
  if (layer.kind == Kind::batch_norm) return 2 * layer.in.channels;
  if (layer.kind != Kind::dense && layer.kind != Kind::convolution) return 0;
  const auto [rows, inner, columns] = product_size(layer, capacity);
  return inner * columns + (layer.kind == Kind::convolution ? rows * inner : 0);
}

void run_forward(const Layer& layer, const Forward& call, Workspace& workspace) {
  const std::size_t count = call.rows * layer.in.size();
  workspace.training = call.training;
  switch (layer.kind) {
    case Kind::dense:
    case Kind::convolution:
      return forward_product(layer, call, workspace);
    case Kind::batch_norm:
      return forward_batch_norm(layer, call, workspace);
    case Kind::activation:
      return activate(layer, call);
    case Kind::skip:
      for (std::size_t i = 0; i < count; ++i) call.out[i] = call.in[i] + call.source[i];
      return;
    case Kind::max_pool:
    case Kind::average_pool:
      return forward_pool(layer, call, workspace);
    case Kind::dropout:
      return forward_dropout(layer, call, workspace);
  }
}

void run_backward(const Layer& layer, const Backward& call, const Workspace& workspace) {
  const std::size_t count = call.rows * layer.in.size();
  switch (layer.kind) {
    case Kind::dense:
    case Kind::convolution:
      return backward_product(layer, call, workspace);
    case Kind::batch_norm:
      return backward_batch_norm(layer, call, workspace);
    case Kind::activation:
      return activate_backward(layer, call);
    case Kind::skip:
      for (std::size_t i = 0; i < count; ++i) call.cotangent[i] += call.upstream[i];
      for (std::size_t i = 0; i < count; ++i) call.source_cotangent[i] += call.upstream[i];
      return;
    case Kind::max_pool:
    case Kind::average_pool:
      return backward_pool(layer, call, workspace);
    case Kind::dropout:
      for (std::size_t i = 0; i < count; ++i) call.cotangent[i] += call.upstream[i] * workspace.kept[i];
      return;
  }
}

}  // namespace assay::properties::training
