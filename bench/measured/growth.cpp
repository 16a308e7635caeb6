/// What more bits and larger inputs cost: one operation forward, with significands of full length, at the
/// precisions and sizes of growth.hpp.
#include "bench/growth.hpp"

#include <benchmark/benchmark.h>

#include "bench/measured/inputs.hpp"
#include "oracles/catalogue.hpp"

namespace assay::bench {
namespace {

using namespace oracles;

/// `size` times the work of size 1.
Shapes shapes_of(const std::string& operation, std::size_t size) {
  if (operation == "conv2d") return {{1, 3, 8 * size, 8}, {8, 3, 3, 3}, {8}};
  if (operation == "affine") return {{4, 16 * size}, {16 * size, 16}, {16}};
  return {{4 * size, 10}, absent};  // softmax_cross_entropy
}

void measure(benchmark::State& state, const std::string& name, std::size_t size, long bits) {
  const PrecisionScope scope(bits);
  const Operation& operation = operation_named(name);
  Arguments<Ball> arguments{tensors<Ball>(shapes_of(name, size), Length::full), {}};
  if (name == "softmax_cross_entropy") arguments.index = {IndexTensor(Shape{4 * size})};
  const Attributes attributes = name == "conv2d" ? Attributes{{"padding", "1"}} : Attributes{};
  for (auto _ : state) benchmark::DoNotOptimize(operation.ball.forward(arguments, attributes));
}

}  // namespace

void register_growth() {
  const auto add = [](const Growth& growth, std::size_t value, std::size_t size, long bits) {
    const std::string operation = growth.operation;
    benchmark::RegisterBenchmark(growth.benchmark(value).c_str(),
                                 [=](benchmark::State& state) { measure(state, operation, size, bits); });
  };
  for (const Growth& growth : growths())
    for (const std::size_t value : growth.values)
      if (growth.over == "bits")
        add(growth, value, 4, static_cast<long>(value));
      else
        add(growth, value, value, 256);
}

}  // namespace assay::bench
