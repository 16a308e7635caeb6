#pragma once

#include <cstddef>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/axes.hpp"

namespace assay::oracles::ops {

/// Maximum over axes.
///
///   y = maxᵢ xᵢ        ∂L/∂xᵢ = wᵢ ∂L/∂y        wᵢ = 1 for the maximum, 0 for all others
///
/// Where several share the maximum, every w ≥ 0 with Σ w = 1 over them is a subgradient: a ball that may be
/// the maximum and may not gets [0, 1]. Numbers follow `ties`: the first or the last of them gets all, or
/// each of them the same share.
struct Max {
  static constexpr std::string_view name = "max";
  static constexpr AttributeSpec ties_attribute{
      "ties", "first", "who gets the gradient: first (PyTorch's max over an axis), last, or even (amax)",
      AttributeKind::choice, "first|last|even"};
  enum class Ties { first, last, even };

  static Operation spec() {
    std::vector<Sample> samples = detail::axes_samples();
    samples[1].attributes["ties"] = "last";
    samples[2].attributes["ties"] = "even";
    return {.name = name,
            .formula = "Y = largest X over the axes; dX = dY at the maximum, 0 elsewhere",
            .domain = "all real X; every axis reduced has at least one element",
            .source = "Boyd and Vandenberghe, Subgradients, lecture notes of EE364b, section 3.4",
            .inputs = {{"X", "(...)"}},
            .outputs = {{"Y", "(... without the axes)"}},
            .attributes = {detail::axes_attribute, detail::keepdim_attribute, ties_attribute},
            .samples = samples};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    return {detail::reduced_shape(name, inputs[0], attributes, detail::Empty::refused)};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    return detail::reduced(name, arguments.real[0], attributes,
                           [](const std::vector<T>& x) { return largest(x); });
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const auto ties = static_cast<Ties>(choice_attribute(attributes, ties_attribute));
    return detail::reduced_vjp(name, arguments.real[0], upstream[0], attributes,
                               [&](const std::vector<T>& x, const T& g) {
                                 std::vector<T> result = weights(x, ties);
                                 for (T& weight : result) weight *= g;
                                 return result;
                               });
  }

 private:
  template <class T>
  static T largest(const std::vector<T>& x) {
    T result = x[0];
    for (std::size_t i = 1; i < x.size(); ++i) result = max(result, x[i]);
    return result;
  }

  /// On balls: 1 where certainly above all others, 0 where certainly below one of them.
  static std::vector<Ball> weights(const std::vector<Ball>& x, Ties) {
    std::vector<Ball> result;
    for (std::size_t i = 0; i < x.size(); ++i) {
      std::vector<Ball> others = x;
      others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
      result.push_back(others.empty() ? Ball(1) : step(Ball(x[i] - largest(others))));
    }
    return result;
  }

  template <PlainNumber T>
  static std::vector<T> weights(const std::vector<T>& x, Ties ties) {
    const T peak = largest(x);
    std::vector<std::size_t> tied;
    for (std::size_t i = 0; i < x.size(); ++i)
      if (x[i] == peak) tied.push_back(i);
    std::vector<T> result(x.size(), T(peak - peak));  // 0; where there is no maximum, NaN
    if (tied.empty()) return result;
    if (ties == Ties::first) tied.resize(1);
    if (ties == Ties::last) tied = {tied.back()};
    for (const std::size_t i : tied) result[i] = T(1) / static_cast<T>(static_cast<int>(tied.size()));
    return result;
  }
};

}  // namespace assay::oracles::ops
