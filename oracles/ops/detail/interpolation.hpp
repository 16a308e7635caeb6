/// Linear interpolation along one axis: which inputs an output lies between, and their weights.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "oracles/numeric/gather.hpp"
#include "oracles/ops/detail/shapes.hpp"

namespace assay::oracles::ops::detail {

template <class T>
struct Neighbour {
  std::size_t input;
  T weight;
};

/// Where output i lies between the inputs 0 .. input − 1, exactly.
Rational source_position(std::size_t i, std::size_t input, std::size_t output, bool align_corners);

/// The same in the arithmetic of T, with its roundings: (i + 1/2) · scale − 1/2, or i · scale.
template <class T>
T computed_position(std::size_t i, std::size_t input, std::size_t output, bool align_corners) {
  const auto number = [](std::size_t n) { return from_rational<T>(Rational(n)); };
  if (align_corners) return output == 1 ? T(0) : T(number(i) * T(number(input - 1) / number(output - 1)));
  const T half = from_rational<T>(Rational(1) / 2);
  const T position = (number(i) + half) * T(number(input) / number(output)) - half;
  return min(max(position, T(0)), number(input - 1));
}

/// The weights of each output's neighbours: max(0, 1 − |s − a|), two of them, of which one may be 0.
///
/// Honest: a weight rounded once, and one from a rounded position s. Such a position may fall short of an
/// input that the exact one meets, so in a FormatScope the input before it takes part as well.
template <class T>
std::vector<std::vector<Neighbour<T>>> neighbours(std::size_t input, std::size_t output, bool align_corners) {
  std::vector<std::vector<Neighbour<T>>> all(output);
  for (std::size_t i = 0; i < output; ++i) {
    const Rational exact = source_position(i, input, output, align_corners);
    const auto below = static_cast<std::size_t>(boost::multiprecision::numerator(exact) /
                                                boost::multiprecision::denominator(exact));
    const bool meets = exact == Rational(below);
    const std::size_t first = emulated_format() && meets && below > 0 ? below - 1 : below;
    for (std::size_t a = first; a <= std::min(below + 1, input - 1); ++a) {
      const Rational tent = relu(Rational(1 - abs(Rational(exact - Rational(a)))));
      all[i].push_back({a, either([&] { return from_rational<T>(tent); },
                                  [&] {
                                    const T s = computed_position<T>(i, input, output, align_corners);
                                    return T(relu(T(T(1) - abs(T(s - from_rational<T>(Rational(a)))))));
                                  })});
    }
  }
  return all;
}

}  // namespace assay::oracles::ops::detail
