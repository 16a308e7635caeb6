/// dot on 576 terms (a 3 × 3 convolution over 64 channels), beside
///
///   one by one    what balls cost that do not go through dot
///   Boost mpfr    the usual loop without any enclosure, at the same number of bits
///   double        the loop as the compiler has it
#include <benchmark/benchmark.h>

#include <boost/multiprecision/mpfr.hpp>
#include <cstddef>

#include "bench/measured/inputs.hpp"
#include "oracles/numeric/numbers.hpp"

namespace assay::bench {
namespace {

using namespace oracles;

constexpr std::size_t terms = 576;

void run_dot(benchmark::State& state, Length length) {
  const auto a = tensor<Ball>({terms}, 1, length), b = tensor<Ball>({terms}, 1000, length);
  for (auto _ : state) benchmark::DoNotOptimize(dot(a.data, b.data));
}

template <Length length>
void at_bits(benchmark::State& state) {
  const PrecisionScope scope(state.range(0));
  run_dot(state, length);
}
BENCHMARK(at_bits<Length::doubles>)->Name("dot/doubles")->Arg(64)->Arg(128)->Arg(256);
BENCHMARK(at_bits<Length::full>)->Name("dot/full")->Arg(64)->Arg(128)->Arg(256);

template <Length length>
void in_binary64(benchmark::State& state) {
  const FormatScope scope(binary64);
  run_dot(state, length);
}
BENCHMARK(in_binary64<Length::doubles>)->Name("dot/doubles/binary64");
BENCHMARK(in_binary64<Length::full>)->Name("dot/full/binary64");

template <class T>
void run_one_by_one(benchmark::State& state) {
  const auto a = tensor<T>({terms}, 1, Length::full), b = tensor<T>({terms}, 1000, Length::full);
  for (auto _ : state) {
    T total = 0;
    for (std::size_t i = 0; i < terms; ++i) total += a[i] * b[i];
    benchmark::DoNotOptimize(total);
  }
}
void balls_one_by_one(benchmark::State& state) {
  const PrecisionScope scope(state.range(0));
  run_one_by_one<Ball>(state);
}
BENCHMARK(balls_one_by_one)->Name("dot/one_by_one")->Arg(128)->Arg(256);

namespace mp = boost::multiprecision;
template <unsigned decimal_digits>
using Mpfr = mp::number<mp::mpfr_float_backend<decimal_digits>, mp::et_off>;
BENCHMARK(run_one_by_one<Mpfr<38>>)->Name("dot/boost_mpfr/128");
BENCHMARK(run_one_by_one<Mpfr<77>>)->Name("dot/boost_mpfr/256");
BENCHMARK(run_one_by_one<double>)->Name("dot/double");

}  // namespace
}  // namespace assay::bench
