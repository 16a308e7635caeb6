/// Nanoseconds per multiply-add of conv2d (3 × 32 × 32 image, eight 3 × 3 filters, padding 1), and
/// milliseconds of a whole network, side by side in one run:
///
///   balls (rigorous enclosures)   conv2d of the catalogue, forward and all three gradients
///   arb_dot                       Arb's dot product alone on rows that lie ready, the floor for balls
///   Boost mpfr (no enclosure)     the textbook loop, at the same number of bits
///   double                        conv2d of the catalogue in double
///
/// Read the counter `per_madd`; a gradient counts the multiply-adds of its forward. Significands have full
/// length ("full"), as behind a first layer, or are those of doubles ("short"), as in the data that comes in.
#include <benchmark/benchmark.h>

#include <boost/multiprecision/mpfr.hpp>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "oracles/catalogue.hpp"
#include "oracles/numeric/arb.hpp"

namespace {

using namespace assay::oracles;

const Shapes shapes = {{1, 3, 32, 32}, {8, 3, 3, 3}, {8}};
const Attributes attributes = {{"padding", "1"}};
constexpr std::size_t outputs = 8 * 32 * 32, terms = 27, multiply_adds = outputs * terms;

void report(benchmark::State& state) {
  state.counters["per_madd"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(multiply_adds),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

enum class Length { full, short_ };

/// sin of an integer: no structure. Full: to all bits of the number type.
template <class T>
T number(int i, Length length) {
  using std::sin;
  return length == Length::full ? T(sin(T(i))) : T(sin(static_cast<double>(i)));
}

template <class T>
Tensor<T> tensor(const Shape& shape, int first, Length length) {
  Tensor<T> result(shape);
  for (T& element : result.data) element = number<T>(first++, length);
  return result;
}

template <class T>
Arguments<T> inputs(Length length) {
  Arguments<T> result;
  for (const Shape& shape : shapes)
    result.real.push_back(tensor<T>(shape, 1 + 10000 * static_cast<int>(result.real.size()), length));
  return result;
}

const Operation& conv2d() {
  return operation_named("conv2d");
}

void forward_pass(benchmark::State& state, Length length) {
  const auto arguments = inputs<Ball>(length);
  for (auto _ : state) benchmark::DoNotOptimize(conv2d().ball.forward(arguments, attributes));
  report(state);
}

void gradient_pass(benchmark::State& state, Length length) {
  const auto arguments = inputs<Ball>(length);
  const Tensors<Ball> upstream = {tensor<Ball>({1, 8, 32, 32}, 50000, length)};
  for (auto _ : state) benchmark::DoNotOptimize(conv2d().ball.vjp(arguments, upstream, attributes));
  report(state);
}

template <Length length>
void forward(benchmark::State& state) {
  const PrecisionScope scope(state.range(0));
  forward_pass(state, length);
}
BENCHMARK(forward<Length::full>)->Name("conv2d_full")->Arg(128)->Arg(256);
BENCHMARK(forward<Length::short_>)->Name("conv2d_short")->Arg(128)->Arg(256);

template <Length length>
void gradient(benchmark::State& state) {
  const PrecisionScope scope(state.range(0));
  gradient_pass(state, length);
}
BENCHMARK(gradient<Length::full>)->Name("conv2d_gradient_full")->Arg(128)->Arg(256);
BENCHMARK(gradient<Length::short_>)->Name("conv2d_gradient_short")->Arg(128)->Arg(256);

/// The inputs of a submission are doubles; behind the first layer they are balls.
template <Length length>
void forward_in_binary64(benchmark::State& state) {
  const FormatScope scope(binary64);
  forward_pass(state, length);
}
BENCHMARK(forward_in_binary64<Length::full>)->Name("conv2d_full/binary64");
BENCHMARK(forward_in_binary64<Length::short_>)->Name("conv2d_short/binary64");

template <Length length>
void gradient_in_binary64(benchmark::State& state) {
  const FormatScope scope(binary64);
  gradient_pass(state, length);
}
BENCHMARK(gradient_in_binary64<Length::full>)->Name("conv2d_gradient_full/binary64");
BENCHMARK(gradient_in_binary64<Length::short_>)->Name("conv2d_gradient_short/binary64");

/// As many dot products of the same length, on two rows that are always the same.
void arb_dot_alone(benchmark::State& state) {
  const PrecisionScope scope(state.range(0));
  const auto a = tensor<Ball>({terms}, 1, Length::full), b = tensor<Ball>({terms}, 1000, Length::full);
  for (auto _ : state)
    for (std::size_t i = 0; i < outputs; ++i) {
      Ball y;
      arb_dot(arb(y), nullptr, 0, as_arb(a.data.data()), 1, as_arb(b.data.data()), 1, terms, state.range(0));
      benchmark::DoNotOptimize(y);
    }
  report(state);
}
BENCHMARK(arb_dot_alone)->Arg(128)->Arg(256);

/// The six-fold loop of a textbook.
template <class T>
void textbook_loop(benchmark::State& state) {
  const auto a = inputs<T>(Length::full);
  const Tensor<T>&x = a.real[0], &w = a.real[1], &b = a.real[2];
  Tensor<T> y({1, 8, 32, 32});
  for (auto _ : state) {
    for (std::size_t o = 0; o < 8; ++o)
      for (std::size_t p = 0; p < 32; ++p)
        for (std::size_t q = 0; q < 32; ++q) {
          T total = b[o];
          for (std::size_t c = 0; c < 3; ++c)
            for (std::size_t k = 0; k < 3; ++k)
              for (std::size_t l = 0; l < 3; ++l)
                if (p + k >= 1 && p + k <= 32 && q + l >= 1 && q + l <= 32)
                  total += x[(c * 32 + p + k - 1) * 32 + q + l - 1] * w[((o * 3 + c) * 3 + k) * 3 + l];
          y[(o * 32 + p) * 32 + q] = total;
        }
    benchmark::DoNotOptimize(y.data.data());
  }
  report(state);
}
namespace mp = boost::multiprecision;
template <unsigned digits>
using Mpfr = mp::number<mp::mpfr_float_backend<digits>, mp::et_off>;
BENCHMARK(textbook_loop<Mpfr<38>>)->Name("boost_mpfr/128");
BENCHMARK(textbook_loop<Mpfr<77>>)->Name("boost_mpfr/256");

void forward_in_double(benchmark::State& state) {
  const auto arguments = inputs<double>(Length::full);
  for (auto _ : state) benchmark::DoNotOptimize(conv2d().float64.forward(arguments, attributes));
  report(state);
}
BENCHMARK(forward_in_double)->Name("conv2d_in_double");

/// LeNet-5 with batch 1: the loss, and the gradients of all its parameters and of the image.
class LeNet {
 public:
  explicit LeNet(std::string pool) : pool_(std::move(pool)) {
    int first = 1;
    const auto draw = [&](const Shape& shape) {
      first += 20000;
      return tensor<Ball>(shape, first, Length::short_);
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

void lenet(benchmark::State& state, const std::string& pool) {
  LeNet network(pool);
  for (auto _ : state) benchmark::DoNotOptimize(network.gradients());
}
void lenet_at(benchmark::State& state, const std::string& pool) {
  const PrecisionScope scope(state.range(0));
  lenet(state, pool);
}
void lenet_in_binary64(benchmark::State& state, const std::string& pool) {
  const FormatScope scope(binary64);
  lenet(state, pool);
}
BENCHMARK_CAPTURE(lenet_at, avg_pool, "avg_pool2d")->Arg(128)->Arg(256)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(lenet_at, max_pool, "max_pool2d")->Arg(128)->Arg(256)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(lenet_in_binary64, avg_pool, "avg_pool2d")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(lenet_in_binary64, max_pool, "max_pool2d")->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
