/// LeNet-5 with batch 1, operation by operation of the catalogue: the loss, then the gradients of all its
/// parameters and of the image.
#include <benchmark/benchmark.h>

#include <string>
#include <utility>
#include <vector>

#include "bench/measured/inputs.hpp"
#include "oracles/catalogue.hpp"

namespace assay::bench {
namespace {

using namespace oracles;

class LeNet {
 public:
  explicit LeNet(std::string pool) : pool_(std::move(pool)) {
    int first = 1;
    const auto draw = [&](const Shape& shape) {
      first += 20000;
      return tensor<Ball>(shape, first, Length::doubles);
    };
    image_ = draw({1, 1, 28, 28});
    for (const auto& [w, b] : std::vector<std::pair<Shape, Shape>>{{{6, 1, 5, 5}, {6}},
                                                                   {{16, 6, 5, 5}, {16}},
                                                                   {{400, 120}, {120}},
                                                                   {{120, 84}, {84}},
                                                                   {{84, 10}, {10}}})
      parameters_.push_back({draw(w), draw(b)});
  }

  Tensors<Ball> gradients() {
    calls_.clear();
    Tensor<Ball> x = image_;
    for (std::size_t layer = 0; layer < parameters_.size(); ++layer) {
      const auto& [w, b] = parameters_[layer];
      if (layer == 2) x.shape = {1, 400};
      x = call(layer < 2 ? "conv2d" : "affine", {x, w, b},
               layer == 0 ? Attributes{{"padding", "2"}} : Attributes{});
      if (layer < 4) x = call("tanh", {x});
      if (layer < 2) x = call(pool_, {x}, {{"kernel_size", "2"}});
    }
    call("softmax_cross_entropy", {x, Tensor<Ball>(absent)}, {}, {IndexTensor({1}, {3})});
    return backwards();
  }

 private:
  struct Call {
    const Operation* operation;
    Arguments<Ball> arguments;
    Attributes attributes;
    Shape output;
  };

  Tensor<Ball> call(const std::string& name, Tensors<Ball> real, const Attributes& settings = {},
                    std::vector<IndexTensor> index = {}) {
    calls_.push_back({&operation_named(name), {std::move(real), std::move(index)}, settings, {}});
    Tensor<Ball> y = calls_.back().operation->ball.forward(calls_.back().arguments, settings)[0];
    calls_.back().output = y.shape;
    return y;
  }

  Tensors<Ball> backwards() const {
    Tensors<Ball> all;
    Tensor<Ball> upstream = Tensor<Ball>::scalar(1);
    for (auto made = calls_.rbegin(); made != calls_.rend(); ++made) {
      upstream.shape = made->output;  // flattened on the way forwards
      const Tensors<Ball> back = made->operation->ball.vjp(made->arguments, {upstream}, made->attributes);
      upstream = back[0];
      all.insert(all.end(), back.begin(), back.end());
    }
    return all;
  }

  std::string pool_;
  Tensor<Ball> image_;
  std::vector<std::pair<Tensor<Ball>, Tensor<Ball>>> parameters_;
  std::vector<Call> calls_;
};

void run(benchmark::State& state, const std::string& pool) {
  LeNet network(pool);
  for (auto _ : state) benchmark::DoNotOptimize(network.gradients());
}

void at_bits(benchmark::State& state, const std::string& pool) {
  const PrecisionScope scope(state.range(0));
  run(state, pool);
}
BENCHMARK_CAPTURE(at_bits, avg_pool, "avg_pool2d")->Name("lenet/avg_pool")->Arg(128)->Arg(256);
BENCHMARK_CAPTURE(at_bits, max_pool, "max_pool2d")->Name("lenet/max_pool")->Arg(128)->Arg(256);

void in_binary64(benchmark::State& state, const std::string& pool) {
  const FormatScope scope(binary64);
  run(state, pool);
}
BENCHMARK_CAPTURE(in_binary64, avg_pool, "avg_pool2d")->Name("lenet/avg_pool/binary64");
BENCHMARK_CAPTURE(in_binary64, max_pool, "max_pool2d")->Name("lenet/max_pool/binary64");

}  // namespace
}  // namespace assay::bench
