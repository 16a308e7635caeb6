#include "oracles/ops/detail/avg_pool.hpp"

namespace assay::oracles::ops::detail {

namespace {

std::vector<std::uint64_t> divisors(const WindowAxis& axis, bool count_include_pad) {
  const std::size_t low = count_include_pad ? 0 : axis.padding;  // in the padded input
  const std::size_t high = axis.input + axis.padding + (count_include_pad ? axis.padding : 0);
  std::vector<std::uint64_t> counts;
  for (std::size_t o = 0; o < axis.output; ++o) {
    const std::size_t start = o * axis.stride;
    counts.push_back(std::min(start + axis.kernel, high) - std::max(start, low));
  }
  return counts;
}

}  // namespace

std::vector<std::uint64_t> divisors(const Window& window, bool count_include_pad) {
  std::vector<std::uint64_t> all = {1};
  for (const WindowAxis& axis : window) {
    std::vector<std::uint64_t> product;
    for (const std::uint64_t outer : all)
      for (const std::uint64_t own : divisors(axis, count_include_pad)) product.push_back(outer * own);
    all = product;
  }
  return all;
}

}  // namespace assay::oracles::ops::detail
