/// Nanoseconds per multiply-add of a dot product, side by side in one run:
///
///   balls (rigorous enclosures)       dot at 128 and 256 bits, and in the emulation of binary64
///   balls, one operation at a time    what an operation costs that does not go through dot
///   Boost mpfr (no enclosure)         the usual loop, at the same number of bits
///   double                            the loop as the compiler has it
///
/// Read the counter `per_madd`. Significands have full length, as behind a first layer, or are those of
/// doubles, as in the data that comes in.
#include <benchmark/benchmark.h>

#include <boost/multiprecision/mpfr.hpp>
#include <cstddef>
#include <vector>

#include "oracles/numeric/numbers.hpp"

namespace {

using namespace assay::oracles;

constexpr std::size_t terms = 576;  // a 3 × 3 convolution over 64 channels

/// Reports the time of one multiply-add.
void report(benchmark::State& state) {
  state.counters["per_madd"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(terms),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

/// sin 1, sin 2, ...: no structure, and no short significand.
template <class T>
std::vector<T> numbers(int first) {
  using std::sin;
  std::vector<T> result;
  for (std::size_t i = 0; i < terms; ++i) result.push_back(sin(T(first + static_cast<int>(i))));
  return result;
}

void balls_with_dot(benchmark::State& state) {
  const PrecisionScope scope(state.range(0));
  const std::vector<Ball> a = numbers<Ball>(1), b = numbers<Ball>(1000);
  for (auto _ : state) benchmark::DoNotOptimize(dot(a, b));
  report(state);
}
BENCHMARK(balls_with_dot)->Arg(64)->Arg(128)->Arg(256);

void balls_of_doubles_with_dot(benchmark::State& state) {
  const PrecisionScope scope(state.range(0));
  const std::vector<double> x = numbers<double>(1), y = numbers<double>(1000);
  const std::vector<Ball> a(x.begin(), x.end()), b(y.begin(), y.end());
  for (auto _ : state) benchmark::DoNotOptimize(dot(a, b));
  report(state);
}
BENCHMARK(balls_of_doubles_with_dot)->Arg(64)->Arg(128)->Arg(256);

void balls_in_binary64(benchmark::State& state) {
  const FormatScope scope(binary64);
  const std::vector<Ball> a = numbers<Ball>(1), b = numbers<Ball>(1000);
  for (auto _ : state) benchmark::DoNotOptimize(dot(a, b));
  report(state);
}
BENCHMARK(balls_in_binary64);

void balls_one_by_one(benchmark::State& state) {
  const PrecisionScope scope(state.range(0));
  const std::vector<Ball> a = numbers<Ball>(1), b = numbers<Ball>(1000);
  for (auto _ : state) {
    Ball total = 0;
    for (std::size_t i = 0; i < terms; ++i) total += a[i] * b[i];
    benchmark::DoNotOptimize(total);
  }
  report(state);
}
BENCHMARK(balls_one_by_one)->Arg(128)->Arg(256);

template <unsigned decimal_digits>
void boost_mpfr(benchmark::State& state) {
  namespace mp = boost::multiprecision;
  using Mpfr = mp::number<mp::mpfr_float_backend<decimal_digits>, mp::et_off>;
  const std::vector<Mpfr> a = numbers<Mpfr>(1), b = numbers<Mpfr>(1000);
  for (auto _ : state) {
    Mpfr total = 0;
    for (std::size_t i = 0; i < terms; ++i) total += a[i] * b[i];
    benchmark::DoNotOptimize(total);
  }
  report(state);
}
BENCHMARK(boost_mpfr<38>)->Name("boost_mpfr/128");
BENCHMARK(boost_mpfr<77>)->Name("boost_mpfr/256");

void plain_double(benchmark::State& state) {
  const std::vector<double> a = numbers<double>(1), b = numbers<double>(1000);
  for (auto _ : state) benchmark::DoNotOptimize(dot(a, b));
  report(state);
}
BENCHMARK(plain_double);

}  // namespace

BENCHMARK_MAIN();
