/// Answers that need no work: what `assay check` tries in a submission's place. A criterion that accepts one
/// of them would reward an empty file. Only a driver compiled with ASSAY_TRIVIAL includes this.
#pragma once

#include <cstddef>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "assay/tensor.hpp"

namespace assay::detail {

enum class Trivial {
  nothing = 1,   ///< returns what a default constructor makes, and writes nothing
  zeros = 2,     ///< the shape of an argument where one fits, all 0
  constant = 3,  ///< the same, all 1
  echo = 4,      ///< the first argument that fits, as it came
};

inline constexpr Trivial trivial = static_cast<Trivial>(ASSAY_TRIVIAL);

template <class T>
void fill(T& number, double value) requires std::is_arithmetic_v<T> {
  number = static_cast<T>(value);
}
template <class T>
void fill(std::vector<T>& values, double value) {
  for (auto& one : values) fill(one, value);
}
inline void fill(Matrix& matrix, double value) {
  fill(matrix.data, value);
}
inline void fill(Tensor& tensor, double value) {
  fill(tensor.data, value);
}

/// Where both are containers of one kind, a copy; elsewhere nothing.
template <class T, class S>
bool copy(T& into, const S& from) {
  if constexpr (std::is_same_v<T, S>) {
    into = from;
    return true;
  } else if constexpr (requires {
                         into.assign(from.begin(), from.end());
                         into.front() = from.front();
                       }) {
    into.assign(from.begin(), from.end());
    return true;
  } else if constexpr (std::is_arithmetic_v<T> && requires { from.data.front(); }) {
    if (!from.data.empty()) into = static_cast<T>(from.data.front());
    return !from.data.empty();
  } else if constexpr (std::is_arithmetic_v<T> && requires { into = static_cast<T>(from.front()); }) {
    if (!from.empty()) into = static_cast<T>(from.front());
    return !from.empty();
  } else {
    return false;
  }
}

/// A value as trivial as it gets, of the shape of the first argument that fits; `first` is the number of the
/// argument to begin after, so that an output is not copied from itself.
template <class T, class... Stored>
void make_trivial(T& value, const std::tuple<Stored...>& arguments, const void* self) {
  if (trivial == Trivial::nothing) return;
  std::apply(
      [&](const auto&... argument) {
        (void)((static_cast<const void*>(&argument) != self && copy(value, argument)) || ...);
      },
      arguments);
  if (trivial == Trivial::zeros) fill(value, 0);
  if (trivial == Trivial::constant) fill(value, 1);
}

template <class R, class... Stored>
R trivial_result(const std::tuple<Stored...>& arguments) {
  R result{};
  if constexpr (requires { std::tuple_size<R>::value; }) {
    std::apply([&](auto&... part) { (make_trivial(part, arguments, nullptr), ...); }, result);
  } else {
    make_trivial(result, arguments, nullptr);
  }
  return result;
}

/// An output keeps its shape: of an argument it takes the numbers only where there are as many.
template <class T, class... Stored>
void trivial_output(T& output, const std::tuple<Stored...>& arguments) {
  T made = output;
  make_trivial(made, arguments, &output);
  if (trivial == Trivial::nothing) return;
  if constexpr (requires { output.data.size(); }) {
    if (made.data.size() == output.data.size())
      output.data = made.data;
    else if (trivial != Trivial::echo)
      fill(output, trivial == Trivial::zeros ? 0 : 1);
  } else if constexpr (requires { output.size(); }) {
    if (made.size() == output.size())
      output = made;
    else if (trivial != Trivial::echo)
      fill(output, trivial == Trivial::zeros ? 0 : 1);
  } else {
    output = made;
  }
}

}  // namespace assay::detail
