#include "properties/exact_text.hpp"

#include <fmt/format.h>

#include <cmath>

namespace assay::properties {
namespace {

template <class T, class Write>
std::string nested(const oracles::Tensor<T>& tensor, std::size_t axis, std::size_t& next,
                   const Write& write) {
  if (axis == tensor.rank()) return write(tensor[next++]);
  std::string text = "[";
  for (std::size_t i = 0; i < tensor.shape[axis]; ++i)
    text += (i ? ", " : "") + nested(tensor, axis + 1, next, write);
  return text + "]";
}

}  // namespace

std::string exact_text(double number) {
  constexpr double longest = 1 << 20;  // denominators and whole numbers that a person reads at a glance
  if (!std::isfinite(number)) return fmt::format("{}", number);
  if (std::signbit(number) && number == 0) return "-0";
  if (std::abs(number) < longest) {
    for (int denominator = 1; denominator <= 1024; denominator *= 2)
      if (const double numerator = number * denominator; std::trunc(numerator) == numerator)
        return denominator == 1 ? fmt::format("{:.0f}", numerator)
                                : fmt::format("{:.0f}/{}", numerator, denominator);
  }
  return fmt::format("{:a}", number);
}

std::string exact_text(const oracles::Tensor<double>& tensor) {
  std::size_t next = 0;
  return nested(tensor, 0, next, [](double number) { return exact_text(number); });
}

std::string exact_text(const oracles::IndexTensor& tensor) {
  std::size_t next = 0;
  return nested(tensor, 0, next, [](std::int64_t number) { return std::to_string(number); });
}

}  // namespace assay::properties
