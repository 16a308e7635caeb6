/// conv2d of the catalogue on a 3 × 32 × 32 image with eight 3 × 3 filters and padding 1, forward and all
/// three gradients, beside
///
///   arb_dot       Arb's dot product alone on two rows that lie ready, the floor for balls
///   Boost mpfr    the textbook loop without any enclosure, at the same number of bits
///   double        conv2d of the catalogue in double
#include <benchmark/benchmark.h>

#include <boost/multiprecision/mpfr.hpp>
#include <cstddef>

#include "bench/measured/inputs.hpp"
#include "oracles/catalogue.hpp"
#include "oracles/numeric/arb.hpp"

namespace assay::bench {
namespace {

using namespace oracles;

const Shapes shapes = {{1, 3, 32, 32}, {8, 3, 3, 3}, {8}};
const Attributes attributes = {{"padding", "1"}};
constexpr std::size_t outputs = 8 * 32 * 32, terms = 27;

template <class T>
Arguments<T> arguments(Length length) {
  return {tensors<T>(shapes, length), {}};
}

void run_forward(benchmark::State& state, Length length) {
  const Operation& conv2d = operation_named("conv2d");
  const auto inputs = arguments<Ball>(length);
  for (auto _ : state) benchmark::DoNotOptimize(conv2d.ball.forward(inputs, attributes));
}

void run_vjp(benchmark::State& state, Length length) {
  const Operation& conv2d = operation_named("conv2d");
  const auto inputs = arguments<Ball>(length);
  const Tensors<Ball> upstream = {tensor<Ball>({1, 8, 32, 32}, 50000, length)};
  for (auto _ : state) benchmark::DoNotOptimize(conv2d.ball.vjp(inputs, upstream, attributes));
}

template <auto run, Length length>
void at_bits(benchmark::State& state) {
  const PrecisionScope scope(state.range(0));
  run(state, length);
}
BENCHMARK(at_bits<run_forward, Length::doubles>)->Name("conv2d/forward/doubles")->Arg(128)->Arg(256);
BENCHMARK(at_bits<run_forward, Length::full>)->Name("conv2d/forward/full")->Arg(128)->Arg(256);
BENCHMARK(at_bits<run_vjp, Length::doubles>)->Name("conv2d/vjp/doubles")->Arg(128)->Arg(256);
BENCHMARK(at_bits<run_vjp, Length::full>)->Name("conv2d/vjp/full")->Arg(128)->Arg(256);

template <auto run, Length length>
void in_binary64(benchmark::State& state) {
  const FormatScope scope(binary64);
  run(state, length);
}
BENCHMARK(in_binary64<run_forward, Length::doubles>)->Name("conv2d/forward/doubles/binary64");
BENCHMARK(in_binary64<run_forward, Length::full>)->Name("conv2d/forward/full/binary64");
BENCHMARK(in_binary64<run_vjp, Length::doubles>)->Name("conv2d/vjp/doubles/binary64");
BENCHMARK(in_binary64<run_vjp, Length::full>)->Name("conv2d/vjp/full/binary64");

void run_arb_dot(benchmark::State& state, Length length) {
  const auto a = tensor<Ball>({terms}, 1, length), b = tensor<Ball>({terms}, 1000, length);
  for (auto _ : state)
    for (std::size_t i = 0; i < outputs; ++i) {
      Ball y;
      arb_dot(arb(y), nullptr, 0, as_arb(a.data.data()), 1, as_arb(b.data.data()), 1, terms, state.range(0));
      benchmark::DoNotOptimize(y);
    }
}
BENCHMARK(at_bits<run_arb_dot, Length::doubles>)->Name("conv2d/arb_dot/doubles")->Arg(128)->Arg(256);
BENCHMARK(at_bits<run_arb_dot, Length::full>)->Name("conv2d/arb_dot/full")->Arg(128)->Arg(256);

/// The six-fold loop of a textbook.
template <class T>
void textbook_loop(benchmark::State& state) {
  const auto inputs = tensors<T>(shapes, Length::full);
  const Tensor<T>&x = inputs[0], &w = inputs[1], &b = inputs[2];
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
}
namespace mp = boost::multiprecision;
template <unsigned decimal_digits>
using Mpfr = mp::number<mp::mpfr_float_backend<decimal_digits>, mp::et_off>;
BENCHMARK(textbook_loop<Mpfr<38>>)->Name("conv2d/boost_mpfr/128");
BENCHMARK(textbook_loop<Mpfr<77>>)->Name("conv2d/boost_mpfr/256");

void forward_in_double(benchmark::State& state) {
  const Operation& conv2d = operation_named("conv2d");
  const auto inputs = arguments<double>(Length::doubles);
  for (auto _ : state) benchmark::DoNotOptimize(conv2d.float64.forward(inputs, attributes));
}
BENCHMARK(forward_in_double)->Name("conv2d/double");

}  // namespace
}  // namespace assay::bench
