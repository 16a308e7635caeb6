#include "oracles/network/layers.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace assay::oracles {
namespace {

using fixtures::Layer;
using fixtures::LayerKind;
using fixtures::Padding;

/// (fan-in + bias) x outputs.
Product weights(Extents inputs, const Layer& layer, Extents outputs) {
  Product product;
  product.sum.push_back(std::move(inputs));
  if (layer.bias) product.sum.push_back({1});
  product.after = std::move(outputs);
  return product;
}

void check_channels(const Layer& layer, const Whole& channels) {
  if (layer.expects && *layer.expects != channels)
    throw Misfit(
        fmt::format("expects {} input channels, gets {}", layer.expects->get_str(), channels.get_str()));
}

/// The rules for one layer on one input shape.
class Rules {
 public:
  Rules(const Layer& layer, const Extents& input, const Padding& conv_padding, Layout layout)
      : layer_(layer), input_(input), conv_padding_(conv_padding), layout_(layout) {}

  Effect effect() const {
    switch (layer_.kind) {
      case LayerKind::conv:
        return conv();
      case LayerKind::conv_transpose:
        return conv_transpose();
      case LayerKind::patch_attention:
        return patch_attention();
      case LayerKind::max_pool:
      case LayerKind::avg_pool:
        return pool();
      case LayerKind::global_pool:
        return global_pool();
      case LayerKind::fully_connected:
        return fully_connected();
      case LayerKind::flatten:
        return flatten();
      case LayerKind::batch_norm:
      case LayerKind::layer_norm:
      case LayerKind::instance_norm:
      case LayerKind::group_norm:
        return normalisation();
      case LayerKind::pointwise:
        return unchanged();
      case LayerKind::upsample:
        return upsample();
      case LayerKind::zero_pad:
        return zero_pad();
      case LayerKind::embedding:
        return embedding();
      case LayerKind::rnn:
        return recurrent(1);
      case LayerKind::lstm:
        return recurrent(4);
      case LayerKind::gru:
        return recurrent(3);
      case LayerKind::attention:
        return attention();
    }
    throw std::logic_error("a layer without rules");
  }

 private:
  const Whole& channels() const { return input_.front(); }
  std::size_t rank() const { return input_.size() - 1; }
  std::string input_text() const { return shape_text(input_, layout_); }

  Effect unchanged() const {
    Effect effect;
    effect.shape = input_;
    return effect;
  }

  void need_positions() const {
    if (rank() == 0)
      throw Misfit(fmt::format("needs channels and positions, gets a vector of {}", input_text()));
  }

  void need_sequence() const {
    if (rank() != 1)
      throw Misfit(fmt::format("needs a sequence (features x length), gets {}{}",
                               rank() == 0 ? "a vector of " : "", input_text()));
  }

  /// Channels first, then one size per dimension.
  static Extents map_of(const Whole& channels, const Extents& sizes) {
    Extents shape{channels};
    shape.insert(shape.end(), sizes.begin(), sizes.end());
    return shape;
  }

  /// Checks channels and groups; the weights of one filter are kernel x channels / groups.
  Product filters() const {
    check_channels(layer_, channels());
    const Whole& groups = layer_.groups;
    if (channels() % groups != 0)
      throw Misfit(fmt::format("groups {} does not divide the {} input channels", groups.get_str(),
                               channels().get_str()));
    if (layer_.count % groups != 0)
      throw Misfit(
          fmt::format("groups {} does not divide the {} filters", groups.get_str(), layer_.count.get_str()));
    Extents filter = per_dimension(layer_.extent, rank(), "kernel");
    filter.push_back(channels() / groups);
    return weights(std::move(filter), layer_, {layer_.count});
  }

  Effect conv() const {
    need_positions();
    Effect effect;
    effect.steps = windows_of(layer_, conv_padding_, rank());
    effect.parameters = filters();
    const Extents counts = window_counts(input_, effect.steps, false, effect.notes);
    effect.shape = map_of(layer_.count, counts);
    effect.multiply_adds = product_of(effect.parameters.sum.front()) * product_of(effect.shape);
    return effect;
  }

  Effect conv_transpose() const {
    need_positions();
    if (layer_.padding.rule == Padding::Rule::same)
      throw Misfit("padding same has no meaning for a transposed convolution; give a number");
    Effect effect;
    effect.steps = windows_of(layer_, {}, rank());
    for (Step& step : effect.steps) step.kind = Step::Kind::transposed;
    effect.parameters = filters();
    const Extents more = per_dimension(layer_.output_padding.value_or(Extents{0}), rank(), "output padding");
    effect.shape = map_of(layer_.count, transposed_sizes(input_, effect.steps, more));
    const Whole positions = product_of(input_) / channels();
    effect.multiply_adds = product_of(effect.parameters.sum.front()) * layer_.count * positions;
    return effect;
  }

  /// One key kernel (k x k x C) and one value kernel (k x k x 1) for each output channel, no bias.
  Effect patch_attention() const {
    need_positions();
    check_channels(layer_, channels());
    Effect effect;
    effect.steps = windows_of(layer_, {}, rank());
    const Extents kernel = per_dimension(layer_.extent, rank(), "kernel");
    Extents outputs = kernel;
    outputs.push_back(layer_.count);
    effect.parameters = {{}, {{channels()}, {1}}, outputs};
    effect.shape = map_of(layer_.count, window_counts(input_, effect.steps, false, effect.notes));
    effect.multiply_adds = product_of(kernel) * (channels() + 1) * product_of(effect.shape);
    return effect;
  }

  Effect pool() const {
    need_positions();
    Effect effect;
    effect.steps = windows_of(layer_, {}, rank());
    effect.shape = map_of(channels(), window_counts(input_, effect.steps, layer_.ceil_mode, effect.notes));
    return effect;
  }

  Effect global_pool() const {
    need_positions();
    Effect effect;
    effect.shape = map_of(channels(), Extents(rank(), 1));
    effect.flow = Effect::Flow::gathers;
    return effect;
  }

  Effect fully_connected() const {
    const Whole inputs = product_of(input_);
    if (layer_.expects && *layer_.expects != inputs)
      throw Misfit(fmt::format("expects {} inputs, gets {}{}", layer_.expects->get_str(), inputs.get_str(),
                               rank() == 0 ? "" : " (" + input_text() + " flattened)"));
    Effect effect;
    effect.shape = {layer_.count};
    effect.parameters = weights(input_, layer_, {layer_.count});
    effect.parameters.shape_first = true;
    effect.multiply_adds = inputs * layer_.count;
    effect.flow = Effect::Flow::gathers;
    return effect;
  }

  Effect flatten() const {
    Effect effect;
    effect.shape = {product_of(input_)};
    effect.is_view = true;
    return effect;
  }

  /// Scale and shift for each channel, or for each feature of a layer norm. Batch normalisation also stores
  /// a running mean and variance for each channel.
  Effect normalisation() const {
    check_channels(layer_, channels());
    if (layer_.kind == LayerKind::instance_norm) need_positions();
    if (layer_.kind == LayerKind::group_norm && channels() % layer_.count != 0)
      throw Misfit(fmt::format("{} groups do not divide the {} channels", layer_.count.get_str(),
                               channels().get_str()));
    Effect effect = unchanged();
    const bool whole_map = layer_.kind == LayerKind::layer_norm && rank() > 1;
    if (layer_.affine) effect.parameters = {{2}, {whole_map ? input_ : Extents{channels()}}, {}, whole_map};
    if (layer_.kind == LayerKind::batch_norm) effect.fixed = 2 * channels();
    effect.multiply_adds = product_of(input_);
    return effect;
  }

  Effect upsample() const {
    need_positions();
    const Extents scale = per_dimension(layer_.extent, rank(), "scale");
    Effect effect = unchanged();
    for (std::size_t i = 0; i < rank(); ++i) {
      effect.shape[i + 1] *= scale[i];
      effect.steps.push_back({Step::Kind::upsample, 1, scale[i], 1, 0, 0});
    }
    return effect;
  }

  Effect zero_pad() const {
    need_positions();
    const Extents zeros = per_dimension(layer_.extent, rank(), "padding");
    Effect effect = unchanged();
    for (std::size_t i = 0; i < rank(); ++i) {
      effect.shape[i + 1] += 2 * zeros[i];
      effect.steps.push_back({Step::Kind::window, 1, 1, 1, zeros[i], zeros[i]});
    }
    return effect;
  }

  Effect embedding() const {
    if (rank() != 0) throw Misfit(fmt::format("needs a vector of indices, gets {}", input_text()));
    if (layer_.extent.size() != 1) throw Misfit("the number of words must be one number");
    Effect effect;
    effect.shape = {layer_.count, input_.front()};
    effect.parameters = {{}, {{layer_.extent.front()}}, {layer_.count}};
    effect.flow = Effect::Flow::restarts;
    return effect;
  }

  /// `gates` times a matrix for the input, one for the state, and the biases.
  Effect recurrent(unsigned gates) const {
    need_sequence();
    if (layer_.expects && *layer_.expects != channels())
      throw Misfit(
          fmt::format("expects {} features, gets {}", layer_.expects->get_str(), channels().get_str()));
    const Whole &units = layer_.count, &length = input_[1];
    Effect effect;
    effect.parameters.sum = {{channels()}, {units}};
    if (layer_.bias) effect.parameters.sum.push_back({layer_.bias_vectors});
    if (gates > 1) effect.parameters.before = {gates};
    effect.parameters.after = {units};
    effect.shape = layer_.last ? Extents{units} : Extents{units, length};
    effect.multiply_adds = gates * (channels() + units) * units * length;
    effect.flow = Effect::Flow::gathers;
    return effect;
  }

  /// Queries, keys, values and output: four square projections; then scores and their weighted sums.
  Effect attention() const {
    need_sequence();
    const Whole &width = channels(), &length = input_[1];
    if (layer_.expects && *layer_.expects != width)
      throw Misfit(fmt::format("expects {} features, gets {}", layer_.expects->get_str(), width.get_str()));
    if (width % layer_.count != 0)
      throw Misfit(
          fmt::format("{} heads do not divide {} features", layer_.count.get_str(), width.get_str()));
    Effect effect = unchanged();
    effect.parameters = weights({width}, layer_, {width});
    effect.parameters.before = {4};
    effect.multiply_adds = 4 * width * width * length + 2 * length * length * width;
    effect.flow = Effect::Flow::gathers;
    return effect;
  }

  const Layer& layer_;
  const Extents& input_;
  const Padding& conv_padding_;
  Layout layout_;
};

}  // namespace

Effect effect_of(const Layer& layer, const Extents& input, const Padding& conv_padding, Layout layout) {
  return Rules(layer, input, conv_padding, layout).effect();
}

}  // namespace assay::oracles
