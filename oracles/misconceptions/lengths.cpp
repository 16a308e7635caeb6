#include "oracles/attribute_access.hpp"
#include "oracles/misconceptions/normalisation.hpp"
#include "oracles/ops/l2_normalize.hpp"
#include "oracles/ops/local_response_norm.hpp"

namespace assay::oracles::mistakes {

namespace {

struct OtherEnergy {
  static constexpr std::string_view operation = "local_response_norm";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, Attributes attributes) {
    const bool mean = choice_attribute(attributes, ops::LocalResponseNorm::energy_attribute) == 0;
    attributes["energy"] = mean ? "sum" : "mean";
    return ops::LocalResponseNorm::forward(a, attributes);
  }
};

/// g / m for each line.
Tensors<Ball> length_held_constant(In a, Up u, Set s) {
  const Tensor<Ball>& x = a.real[0];
  const Ball eps = real_attribute<Ball>(s, ops::L2Normalize::eps_attribute);
  const bool maximum = choice_attribute(s, ops::L2Normalize::guard_attribute) == 0;
  Tensor<Ball> dx = x;
  for (const auto& line :
       ops::detail::lines(x.shape, ops::detail::axis_of("l2_normalize", "X", x.shape, s))) {
    const std::vector<Ball> values = ops::detail::take(x, line);
    const Ball squares = dot(values, values);
    const Ball m = maximum ? max(sqrt(squares), eps) : sqrt(Ball(squares + eps));
    std::vector<Ball> g = ops::detail::take(u[0], line);
    for (Ball& element : g) element /= m;
    ops::detail::put(dx, line, g);
  }
  return {dx};
}

/// g d^−β: only the numerator.
Tensors<Ball> energy_held_constant(In a, Up u, Set s) {
  Tensor<Ball> dx = right_forward("local_response_norm", a, s)[0];
  for (std::size_t i = 0; i < dx.size(); ++i) dx[i] = u[0][i] * dx[i] / a.real[0][i];
  return {dx};
}

/// Divided by m once more.
struct BySquaredLength {
  static constexpr std::string_view operation = "l2_normalize";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    const Tensor<T>& x = a.real[0];
    Tensor<T> y(x.shape);
    for (const auto& line :
         ops::detail::lines(x.shape, ops::detail::axis_of("l2_normalize", "X", x.shape, s))) {
      std::vector<T> values = ops::detail::take(x, line);
      const T squares = dot(values, values);
      for (T& element : values) element /= squares;
      ops::detail::put(y, line, values);
    }
    return {y};
  }
};

/// Elements whose part(i, shape, axis) are equal are divided by the length of these.
template <std::size_t (*part)(std::size_t i, const Shape& shape, std::size_t axis)>
struct OtherLength {
  static constexpr std::string_view operation = "l2_normalize";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    Tensor<T> y = a.real[0];
    const std::size_t axis = ops::detail::axis_of("l2_normalize", "X", y.shape, s);
    std::vector<T> squares(y.size(), T(0));
    for (std::size_t i = 0; i < y.size(); ++i) squares[part(i, y.shape, axis)] += y[i] * y[i];
    for (std::size_t i = 0; i < y.size(); ++i) y[i] /= T(sqrt(squares[part(i, a.real[0].shape, axis)]));
    return {y};
  }
};

std::size_t all_together(std::size_t, const Shape&, std::size_t) {
  return 0;
}

/// The place along the axis: everything that the right lines hold apart belongs together.
std::size_t place_along_axis(std::size_t i, const Shape& shape, std::size_t axis) {
  std::size_t stride = 1;
  for (std::size_t k = axis + 1; k < shape.size(); ++k) stride *= shape[k];
  return i / stride % shape[axis];
}

}  // namespace

std::vector<Misconception> lengths() {
  return {
      wrong_operation<OtherLength<place_along_axis>>("l2_normalize.other_axis",
                                                     "normalises along the other axis"),
      wrong_operation<OtherLength<all_together>>("l2_normalize.over_all_elements",
                                                 "divides everything by one length, that of all elements"),
      wrong_operation<BySquaredLength>("l2_normalize.by_squared_length",
                                       "divides by the square of the length, without its root"),
      wrong_gradient("l2_normalize.gradient.length_as_constant",
                     "takes the length for a constant, where it depends on the input", length_held_constant),
      wrong_gradient("local_response_norm.gradient.energy_as_constant",
                     "takes the energy for a constant, where it depends on the input", energy_held_constant),
      wrong_operation<OtherEnergy>(
          "local_response_norm.other_energy",
          "sums the squares of a window where their mean counts, or the other way round"),
  };
}

}  // namespace assay::oracles::mistakes
