/// softmax_cross_entropy of 64 rows of 10 logits: the mean loss and its gradient, beside a loop written by
/// hand on Arb's own type, which knows no attributes, no classes to ignore and no other number type.
#include <benchmark/benchmark.h>

#include <cstddef>

#include "bench/measured/inputs.hpp"
#include "oracles/catalogue.hpp"
#include "oracles/numeric/arb.hpp"

namespace assay::bench {
namespace {

using namespace oracles;

constexpr std::size_t rows = 64, classes = 10;

std::size_t label(std::size_t n) {
  return n * 7 % classes;
}

void run(benchmark::State& state) {
  const Operation& loss = operation_named("softmax_cross_entropy");
  Arguments<Ball> arguments{{tensor<Ball>({rows, classes}, 1, Length::doubles), Tensor<Ball>(absent)},
                            {IndexTensor(Shape{rows})}};
  for (std::size_t n = 0; n < rows; ++n) arguments.index[0][n] = static_cast<std::int64_t>(label(n));
  const Tensors<Ball> upstream = {Tensor<Ball>::scalar(1)};
  for (auto _ : state) benchmark::DoNotOptimize(evaluated(loss.ball, arguments, upstream, {}));
}

void at_bits(benchmark::State& state) {
  const PrecisionScope scope(state.range(0));
  run(state);
}
BENCHMARK(at_bits)->Name("softmax_cross_entropy")->Arg(128)->Arg(256);

void in_binary64(benchmark::State& state) {
  const FormatScope scope(binary64);
  run(state);
}
BENCHMARK(in_binary64)->Name("softmax_cross_entropy/binary64");

/// e_j = exp(z_j − z_peak) once for loss and gradient: as fast as Arb itself can be used.
struct RawArb {
  arb_t total, partition, difference, loss;
  arb_ptr gradient = _arb_vec_init(rows * classes);

  RawArb() {
    for (arb_ptr x : {total, partition, difference, loss}) arb_init(x);
  }
  ~RawArb() {
    for (arb_ptr x : {total, partition, difference, loss}) arb_clear(x);
    _arb_vec_clear(gradient, rows * classes);
  }
  RawArb(const RawArb&) = delete;
  RawArb& operator=(const RawArb&) = delete;

  void row(arb_srcptr z, arb_ptr g, std::size_t y, slong bits) {
    std::size_t peak = 0;
    for (std::size_t j = 1; j < classes; ++j)
      if (arf_cmp(arb_midref(z + j), arb_midref(z + peak)) > 0) peak = j;
    arb_zero(partition);
    for (std::size_t j = 0; j < classes; ++j) {
      arb_sub(difference, z + j, z + peak, bits);
      arb_exp(g + j, difference, bits);
      arb_add(partition, partition, g + j, bits);
    }
    arb_log(loss, partition, bits);
    arb_sub(difference, z + y, z + peak, bits);
    arb_sub(loss, loss, difference, bits);
    arb_add(total, total, loss, bits);
    arb_mul_ui(partition, partition, rows, bits);
    for (std::size_t j = 0; j < classes; ++j) arb_div(g + j, g + j, partition, bits);
    arb_set_ui(difference, 1);
    arb_div_ui(difference, difference, rows, bits);
    arb_sub(g + y, g + y, difference, bits);
  }

  void run(arb_srcptr logits, slong bits) {
    arb_zero(total);
    for (std::size_t n = 0; n < rows; ++n) row(logits + n * classes, gradient + n * classes, label(n), bits);
    arb_div_ui(total, total, rows, bits);
  }
};

void raw_arb(benchmark::State& state) {
  const auto logits = tensor<Ball>({rows, classes}, 1, Length::doubles);
  for (auto _ : state) {
    RawArb raw;
    raw.run(as_arb(logits.data.data()), state.range(0));
    benchmark::DoNotOptimize(raw.gradient);
  }
}
BENCHMARK(raw_arb)->Name("softmax_cross_entropy/raw_arb")->Arg(256);

}  // namespace
}  // namespace assay::bench
