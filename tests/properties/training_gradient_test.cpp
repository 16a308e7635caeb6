/// The trainer's values and gradients against the catalogue's oracles: the same network, evaluated by their
/// forward and vjp on balls, at 200 bits for the truth and at binary64 for what rounding may do to it.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "oracles/catalogue.hpp"
#include "oracles/numeric/allowance.hpp"
#include "properties/training/network.hpp"

namespace assay::properties::training {
namespace {

using namespace oracles;
using Positions = std::vector<std::size_t>;

/// In training layout: images position by position. In the catalogue's: channel by channel.
struct Layout {
  Shape shape;
  Positions from;  ///< element i in the catalogue's order is element from[i] in ours
};

Layout plain(Shape shape) {
  Layout layout{shape, Positions(element_count(shape))};
  for (std::size_t i = 0; i < layout.from.size(); ++i) layout.from[i] = i;
  return layout;
}
Layout images(std::size_t rows, Extent extent) {
  Layout layout{{rows, extent.channels, extent.side, extent.side}, {}};
  for (std::size_t n = 0; n < rows; ++n)
    for (std::size_t c = 0; c < extent.channels; ++c)
      for (std::size_t p = 0; p < extent.positions(); ++p)
        layout.from.push_back((n * extent.positions() + p) * extent.channels + c);
  return layout;
}
Layout kernels(std::size_t out, std::size_t in) {
  Layout layout{{out, in, 3, 3}, {}};
  for (std::size_t o = 0; o < out; ++o)
    for (std::size_t c = 0; c < in; ++c)
      for (std::size_t p = 0; p < 9; ++p) layout.from.push_back((p * in + c) * out + o);
  return layout;
}

Tensor<Ball> gathered(const Layout& layout, const std::vector<Ball>& ours, std::size_t offset = 0) {
  Tensor<Ball> tensor(layout.shape);
  for (std::size_t i = 0; i < tensor.size(); ++i) tensor[i] = ours[offset + layout.from[i]];
  return tensor;
}
void scatter(const Layout& layout, const Tensor<Ball>& theirs, std::vector<Ball>& ours,
             std::size_t offset = 0) {
  for (std::size_t i = 0; i < theirs.size(); ++i) ours[offset + layout.from[i]] += theirs[i];
}

/// One layer as a call of the catalogue.
struct Call {
  const Operation* operation;
  Attributes attributes;
  Arguments<Ball> arguments;
  Layout in, out, weights, bias;
};

const std::map<Activation, std::string> activation_names{{Activation::relu, "relu"},
                                                         {Activation::leaky_relu, "leaky_relu"},
                                                         {Activation::tanh, "tanh"},
                                                         {Activation::sigmoid, "sigmoid"}};

class Mirror {
 public:
  Mirror(Network& network, std::size_t rows, const std::vector<double>& features,
         const std::vector<std::size_t>& labels, Mode mode)
      : net_(network), rows_(rows), mode_(mode) {
    for (const double p : network.parameters()) parameters_.push_back(Ball(p));
    values_.emplace_back(features.begin(), features.end());
    for (std::size_t l = 0; l < net_.layers().size(); ++l) forward(l);
    Arguments<Ball> arguments{{Tensor<Ball>({rows, net_.classes()}, values_.back()), Tensor<Ball>(absent)},
                              {IndexTensor({rows})}};
    for (std::size_t i = 0; i < rows; ++i) arguments.index[0][i] = static_cast<std::int64_t>(labels[i]);
    const Operation& loss = operation_named("softmax_cross_entropy");
    result.push_back(loss.ball.forward(arguments, {})[0][0]);
    const auto upstream = loss.ball.vjp(arguments, {Tensor<Ball>::scalar(Ball(1))}, {})[0].data;
    backward(upstream);
  }

  std::vector<Ball> result;  ///< the loss, then the gradient of each parameter

 private:
  Call weight_call(const Layer& layer, std::size_t l) const {
    const bool dense = layer.kind == Kind::dense;
    const std::size_t in = layer.fan_in(), out = layer.fan_out();
    Call call{&operation_named(dense ? "affine" : "conv2d"), {}, {}, {}, {}, {}, plain({out})};
    if (!dense) call.attributes["padding"] = "1";
    call.in = dense ? plain({rows_, in}) : images(rows_, layer.in);
    call.out = dense ? plain({rows_, out}) : images(rows_, layer.out);
    call.weights = dense ? plain({in, out}) : kernels(out, layer.in.channels);
    call.arguments.real = {gathered(call.in, values_[l]), gathered(call.weights, parameters_, layer.weights),
                           gathered(call.bias, parameters_, layer.bias)};
    return call;
  }

  Call batch_norm_call(const Layer& layer, std::size_t l) const {
    const std::size_t channels = layer.in.channels;
    const Layout all = plain({rows_ * layer.in.positions(), channels}), each = plain({channels});
    Call call{&operation_named("batch_norm"), {}, {}, all, all, each, each};
    call.arguments.real = {gathered(all, values_[l]), gathered(each, parameters_, layer.weights),
                           gathered(each, parameters_, layer.bias), Tensor<Ball>(absent),
                           Tensor<Ball>(absent)};
    if (mode_ == Mode::training) return call;
    call.attributes["training"] = "false";
    const std::vector<Ball> running(net_.snapshot().running.begin(), net_.snapshot().running.end());
    call.arguments.real[3] = gathered(each, running, layer.running);
    call.arguments.real[4] = gathered(each, running, layer.running + channels);
    return call;
  }

  Call other_call(const Layer& layer, std::size_t l) const {
    const bool pool = layer.kind == Kind::max_pool || layer.kind == Kind::average_pool;
    Call call;
    call.in = pool ? images(rows_, layer.in) : plain({rows_, layer.in.size()});
    call.out = pool ? images(rows_, layer.out) : call.in;
    call.arguments.real = {gathered(call.in, values_[l])};
    if (layer.kind == Kind::activation) {
      call.operation = &operation_named(activation_names.at(layer.activation));
    } else if (pool) {
      call.operation = &operation_named(layer.kind == Kind::max_pool ? "max_pool2d" : "avg_pool2d");
      call.attributes["kernel_size"] = "2";
    } else {
      call.operation = &operation_named("dropout");
      call.attributes["p"] = std::to_string(layer.dropout);
      call.attributes["training"] = mode_ == Mode::training ? "true" : "false";
      IndexTensor mask(call.in.shape);  // what the trainer drew, told by its zeros
      for (std::size_t i = 0; i < mask.size(); ++i) mask[i] = net_.values(l)[i] != 0;
      call.arguments.index = {mask};
    }
    return call;
  }

  Call call_of(std::size_t l) const {
    const Layer& layer = net_.layers()[l];
    if (layer.kind == Kind::dense || layer.kind == Kind::convolution) return weight_call(layer, l);
    if (layer.kind == Kind::batch_norm) return batch_norm_call(layer, l);
    return other_call(layer, l);
  }

  void forward(std::size_t l) {
    const Layer& layer = net_.layers()[l];
    std::vector<Ball>& out = values_.emplace_back(rows_ * layer.out.size());
    if (layer.kind == Kind::skip) {
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = values_[l][i] + values_[layer.source][i];
      return;
    }
    const Call call = call_of(l);
    scatter(call.out, call.operation->ball.forward(call.arguments, call.attributes)[0], out);
  }

  void backward(const std::vector<Ball>& upstream) {
    std::vector<std::vector<Ball>> cotangents;
    for (const auto& value : values_) cotangents.emplace_back(value.size());
    cotangents.back() = upstream;
    std::vector<Ball> gradients(parameters_.size());
    for (std::size_t l = net_.layers().size(); l-- > 0;) {
      const Layer& layer = net_.layers()[l];
      if (layer.kind == Kind::skip) {
        for (const std::size_t to : {l, layer.source})
          for (std::size_t i = 0; i < cotangents[to].size(); ++i) cotangents[to][i] += cotangents[l + 1][i];
        continue;
      }
      const Call call = call_of(l);
      Tensors<Ball> given{gathered(call.out, cotangents[l + 1])};
      for (std::size_t k = 1; k < call.operation->outputs.size(); ++k) given.push_back(statistics(call));
      const auto found = call.operation->ball.vjp(call.arguments, given, call.attributes);
      scatter(call.in, found[0], cotangents[l]);
      if (found.size() < 3) continue;
      scatter(call.weights, found[1], gradients, layer.weights);
      scatter(call.bias, found[2], gradients, layer.bias);
    }
    result.insert(result.end(), gradients.begin(), gradients.end());
  }

  /// Nothing comes back through the running statistics.
  Tensor<Ball> statistics(const Call& call) const {
    return Tensor<Ball>(mode_ == Mode::training ? absent : call.bias.shape);
  }

  const Network& net_;
  std::size_t rows_;
  Mode mode_;
  std::vector<Ball> parameters_;
  std::vector<std::vector<Ball>> values_;
};

struct Comparison {
  std::size_t compared = 0, vacuous = 0;
  double largest_ratio = 0;  ///< of an error to what rounding allows
};

Comparison compare(const Architecture& plan, Mode mode, std::uint64_t seed) {
  constexpr std::size_t rows = 5;
  Network network(plan, rows, seed);
  Random random(seed);
  std::vector<double> features(rows * plan.input.size());
  for (double& x : features) x = random.normal();
  std::vector<std::size_t> labels(rows);
  for (std::size_t& label : labels) label = random.below(plan.classes);
  for (double& p : network.parameters()) p += 0.1 * random.normal();  // no bias 0, no scale 1

  std::ranges::copy(features, network.input().begin());
  network.forward(rows, Mode::training, random);  // moves the running statistics
  network.forward(rows, mode, random);
  std::vector<double> got{network.backward(labels)};
  got.insert(got.end(), network.gradients().begin(), network.gradients().end());

  std::vector<Ball> evaluation;
  {
    const FormatScope format(binary64);
    evaluation = Mirror(network, rows, features, labels, mode).result;
  }
  const PrecisionScope precision(200);
  const std::vector<Ball> truth = Mirror(network, rows, features, labels, mode).result;
  Comparison comparison;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    // A bias in front of batch norm has the gradient 0, a sum that cancels: measured by its terms.
    const Allowance allowed = allowance(evaluation[i], truth[i], Rational(2), binary64, 1e-3);
    comparison.vacuous += allowed.vacuous;
    comparison.largest_ratio = std::max(comparison.largest_ratio, judge(got[i], truth[i], allowed).ratio);
  }
  comparison.compared = truth.size();
  return comparison;
}

void expect_agreement(const Architecture& plan, const std::string& what) {
  for (const Mode mode : {Mode::training, Mode::inference})
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
      const Comparison found = compare(plan, mode, seed);
      EXPECT_LE(found.largest_ratio, 1) << what << ", seed " << seed;
      EXPECT_EQ(found.vacuous, 0u) << what << ", seed " << seed << ": the bound says nothing";
    }
}

TEST(TrainingGradient, OfAPerceptronIsThatOfTheOracles) {
  for (const auto& [activation, name] : activation_names)
    expect_agreement(
        {{1, 3}, {{.width = 5, .activation = activation}, {.width = 4, .activation = activation}}, 3}, name);
}

TEST(TrainingGradient, ThroughBatchNormIsThatOfTheOracles) {
  const Block block{.width = 4, .batch_norm = true, .activation = Activation::tanh};
  expect_agreement({{1, 3}, {block, block}, 3}, "batch norm");
}

TEST(TrainingGradient, ThroughSkipConnectionsIsThatOfTheOracles) {
  const Block first{.width = 4}, block{.width = 4, .skip = true};
  expect_agreement({{1, 3}, {first, block, block}, 2}, "skip connections");
}

TEST(TrainingGradient, ThroughDropoutIsThatOfTheOracles) {
  // tanh and sigmoid put out no zeros of their own, so that the masks can be read off.
  const Block block{.width = 8, .activation = Activation::tanh, .dropout = 0.25};
  expect_agreement({{1, 3}, {block, block}, 3}, "dropout");
}

TEST(TrainingGradient, OfAConvolutionalNetIsThatOfTheOracles) {
  const Block first{.width = 2, .weights = Weights::convolution, .pool = Pool::max};
  const Block second{.width = 2, .weights = Weights::convolution, .batch_norm = true, .skip = true};
  const Block third{
      .width = 3, .weights = Weights::convolution, .activation = Activation::tanh, .pool = Pool::average};
  expect_agreement({{5, 2}, {first, second, third}, 3}, "convolutions");
}

/// Means, then variances, after one batch.
TEST(TrainingGradient, RunningStatisticsAreThoseOfTheOracle) {
  constexpr std::size_t rows = 5, channels = 4;
  Network network({{1, 3}, {{.width = channels, .batch_norm = true}}, 2}, rows, 1);
  Random random(1);
  for (double& x : network.input()) x = random.normal();
  network.forward(rows, Mode::training, random);
  const auto oracle = [&] {
    const Tensor<Ball> x({rows, channels}, {network.values(0).begin(), network.values(0).end()});
    const Tensor<Ball> zeros(Shape{channels}), ones({channels}, std::vector<Ball>(channels, Ball(1)));
    return operation_named("batch_norm").ball.forward({{x, ones, zeros, zeros, ones}, {}}, {});
  };
  Tensors<Ball> evaluation;
  {
    const FormatScope format(binary64);
    evaluation = oracle();
  }
  const PrecisionScope precision(200);
  const Tensors<Ball> truth = oracle();
  for (std::size_t i = 0; i < 2 * channels; ++i) {
    const Ball& exact = truth[1 + i / channels][i % channels];
    const Allowance allowed =
        allowance(evaluation[1 + i / channels][i % channels], exact, Rational(2), binary64);
    EXPECT_FALSE(allowed.vacuous);
    EXPECT_LE(judge(network.snapshot().running[i], exact, allowed).ratio, 1) << i;
  }
}

TEST(TrainingGradient, WouldNoticeAGradientThatIsOff) {
  const PrecisionScope precision(200);
  const Ball truth(0.25);
  const Allowance allowed =
      allowance(Ball(0.25) + ball_around(Ball(0), Ball(1e-15)), truth, Rational(2), binary64);
  EXPECT_GT(judge(0.25 + 1e-13, truth, allowed).ratio, 1);
}

/// All its units are 0 or 1 whatever happens: nothing comes back.
TEST(TrainingGradient, StopsAtStepFunctions) {
  Network network({{1, 3}, {{.width = 4, .activation = Activation::step}}, 2}, 2, 1);
  Random random(1);
  std::ranges::fill(network.input(), 1);
  network.forward(2, Mode::training, random);
  network.backward(std::vector<std::size_t>{0, 1});
  EXPECT_EQ(network.gradient_norms().front(), 0);
}

}  // namespace
}  // namespace assay::properties::training
