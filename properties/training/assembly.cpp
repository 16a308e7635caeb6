/// From an architecture to the layers of a network, their buffers and their first weights.
#include <cmath>
#include <stdexcept>

#include "properties/training/network.hpp"

namespace assay::properties::training {

class Assembly {
 public:
  Assembly(Network& network, const Architecture& plan) : net_(network), plan_(plan), extent_(plan.input) {}

  void build() {
    for (const Block& block : plan_.blocks) add_block(block);
    add_weights(Weights::dense, plan_.classes);
    add_buffers();
  }

  void draw(Random random) {
    std::size_t index = 0;
    for (const Layer& layer : net_.layers_) {
      if (layer.kind == Kind::batch_norm) reset_batch_norm(layer);
      if (layer.kind != Kind::dense && layer.kind != Kind::convolution) continue;
      draw_weights(layer, index == net_.weights_.size() - 1 ? 0 : plan_.start.bias, random, index);
      ++index;
    }
  }

 private:
  Layer& add(Kind kind, Extent out) {
    net_.layers_.push_back({.kind = kind, .in = extent_, .out = out, .leak = plan_.leak});
    extent_ = out;
    return net_.layers_.back();
  }

  std::size_t reserve(std::size_t count) {
    const std::size_t offset = net_.state_.parameters.size();
    net_.state_.parameters.resize(offset + count);
    return offset;
  }

  void add_weights(Weights weights, std::size_t width) {
    const bool dense = weights == Weights::dense;
    Layer& layer = add(dense ? Kind::dense : Kind::convolution, {dense ? 1 : extent_.side, width});
    const std::size_t size = layer.fan_in() * layer.fan_out();
    layer.weights = reserve(size);
    layer.bias = reserve(width);
    net_.weights_.push_back({layer.weights, size});
    net_.biases_.push_back({layer.bias, width});
  }

  void add_batch_norm() {
    Layer& layer = add(Kind::batch_norm, extent_);
    layer.weights = reserve(extent_.channels);
    layer.bias = reserve(extent_.channels);
    layer.running = net_.state_.running.size();
    net_.state_.running.resize(layer.running + 2 * extent_.channels);
  }

  void add_block(const Block& block) {
    const Extent before = extent_;
    const std::size_t source = net_.layers_.size();
    if (block.width == 0) throw std::invalid_argument("a block needs a width of at least 1");
    add_weights(block.weights, block.width);
    if (block.batch_norm) add_batch_norm();
    add(Kind::activation, extent_).activation = block.activation;
    if (block.skip && before != extent_)
      throw std::invalid_argument("a skip connection needs the same extent before and after its block");
    if (block.skip) add(Kind::skip, extent_).source = source;
    if (block.pool != Pool::none) {
      if (extent_.side < 2) throw std::invalid_argument("nothing is left to pool");
      add(block.pool == Pool::max ? Kind::max_pool : Kind::average_pool,
          {extent_.side / 2, extent_.channels});
    }
    if (block.dropout < 0 || block.dropout >= 1) throw std::invalid_argument("dropout lies in [0, 1)");
    if (block.dropout > 0) add(Kind::dropout, extent_).dropout = block.dropout;
  }

  void add_buffers() {
    net_.values_.emplace_back(net_.capacity_ * plan_.input.size());
    std::size_t scratch = 0;
    for (const Layer& layer : net_.layers_) {
      net_.values_.emplace_back(net_.capacity_ * layer.out.size());
      prepare(layer, net_.capacity_, net_.workspaces_.emplace_back());
      scratch = std::max(scratch, scratch_size(layer, net_.capacity_));
    }
    net_.cotangents_ = net_.values_;
    net_.scratch_.resize(scratch);
    net_.gradients_.resize(net_.state_.parameters.size());
  }

  void reset_batch_norm(const Layer& layer) {
    for (std::size_t c = 0; c < layer.in.channels; ++c) {
      net_.state_.parameters[layer.weights + c] = 1;
      net_.state_.running[layer.running + layer.in.channels + c] = 1;
    }
  }

  double deviation(const Layer& layer) const {
    const double in = static_cast<double>(layer.fan_in()), out = static_cast<double>(layer.fan_out());
    switch (plan_.start.draw) {
      case Draw::he:
        return std::sqrt(2 / in);
      case Draw::xavier:
        return std::sqrt(2 / (in + out));
      case Draw::framework:
        return 1 / std::sqrt(in);
      case Draw::fixed:
        break;
    }
    return 1;
  }

  void draw_weights(const Layer& layer, double bias, Random& random, std::size_t index) {
    const bool uniform = plan_.start.draw == Draw::framework;
    const double spread = deviation(layer) * plan_.start.scale;
    const Slice weights = net_.weights_[index], biases = net_.biases_[index];
    for (std::size_t i = 0; i < weights.size; ++i)
      net_.state_.parameters[weights.offset + i] =
          spread * (uniform ? random.uniform(-1, 1) : random.normal());
    for (std::size_t i = 0; i < biases.size; ++i)
      net_.state_.parameters[biases.offset + i] = bias + (uniform ? spread * random.uniform(-1, 1) : 0);
  }

  Network& net_;
  const Architecture& plan_;
  Extent extent_;
};

Network::Network(const Architecture& architecture, std::size_t capacity, std::uint64_t seed)
    : capacity_(capacity), classes_(architecture.classes) {
  if (capacity == 0 || architecture.classes == 0 || architecture.input.size() == 0)
    throw std::invalid_argument("a network needs inputs, classes, and room for a batch");
  Assembly assembly(*this, architecture);
  assembly.build();
  assembly.draw(Random(seed));
}

Architecture perceptron(const Dataset& data, std::size_t depth, Block block) {
  return {data.extent, std::vector<Block>(depth, block), data.classes, {}, 0.01};
}

}  // namespace assay::properties::training
