/// What batch, layer, instance and group normalisation share: groups of elements, each brought to mean 0 and
/// variance 1, then scaled and shifted.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/operation.hpp"
#include "oracles/ops/detail/reduction.hpp"

namespace assay::oracles::ops::detail {

inline constexpr AttributeSpec eps_attribute{"eps", "1e-5", "added to the variance, inside the root"};

/// Throws ShapeError where eps is negative.
void check_eps(const Attributes& attributes, const AttributeSpec& spec);

/// Which elements are normalised together, and which weight and bias each element has.
struct Groups {
  std::vector<std::vector<std::size_t>> members = {};
  std::vector<std::size_t> parameter = {};  ///< of each element
};

/// The channel of each element of a tensor of shape (N, C, ...).
std::vector<std::size_t> channels_of(const Shape& shape);

/// `count` runs of equal length, one after the other.
std::vector<std::vector<std::size_t>> consecutive(std::size_t elements, std::size_t count);

/// Throws ShapeError unless the shape has at least `least` axes, none of them empty.
void require_axes(std::string_view operation, const Shape& got, std::size_t least, std::string_view symbolic);

/// Throws ShapeError unless the input was left out or has the shape needed.
void require_optional(std::string_view operation, std::string_view input, const Shape& got,
                      const Shape& needed, std::string_view reason);

/// Of weight and bias of `elements` outputs: scale and shift are one multiply-add, each alone is none.
Cost affine_cost(const Shape& weight, const Shape& bias, std::size_t elements);

template <class T>
std::vector<T> gathered(const Tensor<T>& x, const std::vector<std::size_t>& members) {
  std::vector<T> values;
  values.reserve(members.size());
  for (const std::size_t i : members) values.push_back(x[i]);
  return values;
}

/// One group.
///
///   μ = (1/M) Σ xᵢ,  dᵢ = xᵢ − μ,  v = (1/M) Σ dᵢ²,  r = √(v + ε),  x̂ᵢ = dᵢ / r
template <class T>
struct Standardised {
  T mean, squares /* Σ dᵢ² */, variance, root;
  std::vector<T> deviation, normal;

  Standardised(const std::vector<T>& x, const T& eps)
      : mean(divided(T(sum(x)), x.size())), squares(T(0)), variance(T(0)), root(T(0)), deviation(x) {
    for (T& d : deviation) d -= mean;
    squares = dot(deviation, deviation);
    variance = divided(squares, x.size());
    root = sqrt(T(variance + eps));
    for (const T& d : deviation) normal.push_back(quotient(d, root));
  }

  /// Honest: dividing, and multiplying by the inverse root.
  static T quotient(const T& d, const T& root) {
    return either([&] { return T(d / root); }, [&] { return T(d * (T(1) / root)); });
  }

  /// The cotangent of x, given g = ∂L/∂x̂: mean and variance are functions of every element.
  ///
  ///   ∂L/∂xᵢ = (gᵢ − mean(g) − x̂ᵢ mean(g x̂)) / r
  ///
  /// Honest too: the same over M, and the way through ∂L/∂v and ∂L/∂μ.
  std::vector<T> vjp(const std::vector<T>& g) const {
    const std::size_t m = g.size();
    const T count = static_cast<T>(static_cast<int>(m));
    const T total = sum(g), along = dot(g, normal);
    const T dvariance = -(dot(g, deviation) / (T(2) * root * root * root)), dmean = -(total / root);
    std::vector<T> result;
    for (std::size_t i = 0; i < m; ++i)
      result.push_back(
          either([&] { return T((g[i] - divided(total, m) - normal[i] * divided(along, m)) / root); },
                 [&] { return T((count * g[i] - total - normal[i] * along) / (count * root)); },
                 [&] { return T(g[i] / root + dvariance * T(2) * deviation[i] / count + dmean / count); }));
    return result;
  }
};

/// The number that stands for a ball; any other number is itself.
template <class T>
T centre(const T& x) {
  if constexpr (std::is_same_v<T, Ball>)
    return midpoint(x);
  else
    return x;
}

/// γ x̂ + β; weight γ and bias β of shape (0) are left out. Honest too: one scale γ/r and one shift β − μγ/r,
/// as fast implementations do. An error of that scale is the same in x γ/r and μ γ/r, so it counts for x − μ
/// only, however far from 0 the data lie.
template <class T>
T scaled(const T& x, const T& mean, const T& root, const T& normal, const Tensor<T>& weight,
         const Tensor<T>& bias, std::size_t c) {
  const bool scales = weight.size() != 0, shifts = bias.size() != 0;
  return either(
      [&] {
        const T y = scales ? T(weight[c] * normal) : normal;
        return shifts ? T(y + bias[c]) : y;
      },
      [&] {
        const T scale = scales ? T(weight[c] / root) : T(T(1) / root);
        const T one = centre(scale);
        const T shift = shifts ? T(bias[c] - mean * one) : T(-(mean * one));
        const T of_scale = (scales ? T(weight[c] * normal) : normal) - (x - mean) * one;
        return T(x * one + shift + of_scale);
      });
}

/// Y of all groups.
template <class T>
Tensor<T> normalised(const Tensor<T>& x, const Tensor<T>& weight, const Tensor<T>& bias, const Groups& groups,
                     const T& eps) {
  Tensor<T> y(x.shape);
  for (const auto& members : groups.members) {
    const Standardised<T> s(gathered(x, members), eps);
    for (std::size_t k = 0; k < members.size(); ++k) {
      const std::size_t i = members[k];
      y[i] = scaled(x[i], s.mean, s.root, s.normal[k], weight, bias, groups.parameter[i]);
    }
  }
  return y;
}

/// ∂L/∂γ_c = Σ g x̂ and ∂L/∂β_c = Σ g over the elements with parameter c; of shape (0) where left out.
template <class T>
Tensors<T> affine_vjp(const Tensor<T>& normal, const Tensor<T>& g, const Tensor<T>& weight,
                      const Tensor<T>& bias, const std::vector<std::size_t>& parameter) {
  Tensor<T> dweight(weight.shape), dbias(bias.shape);
  std::vector<std::vector<T>> inputs(std::max(weight.size(), bias.size())), gradients(inputs.size());
  for (std::size_t i = 0; i < g.size() && !inputs.empty(); ++i) {
    inputs[parameter[i]].push_back(normal[i]);
    gradients[parameter[i]].push_back(g[i]);
  }
  for (std::size_t c = 0; c < weight.size(); ++c) dweight[c] = dot(inputs[c], gradients[c]);
  for (std::size_t c = 0; c < bias.size(); ++c) dbias[c] = sum(gradients[c]);
  return {dweight, dbias};
}

/// The cotangents of X, weight and bias.
template <class T>
Tensors<T> normalised_vjp(const Tensor<T>& x, const Tensor<T>& weight, const Tensor<T>& bias,
                          const Tensor<T>& g, const Groups& groups, const T& eps) {
  Tensor<T> dx(x.shape), normal(x.shape);
  for (const auto& members : groups.members) {
    const Standardised<T> s(gathered(x, members), eps);
    std::vector<T> upstream = gathered(g, members);
    for (std::size_t k = 0; k < members.size(); ++k) {
      if (weight.size() != 0) upstream[k] *= weight[groups.parameter[members[k]]];
      normal[members[k]] = s.normal[k];
    }
    const std::vector<T> cotangent = s.vjp(upstream);
    for (std::size_t k = 0; k < members.size(); ++k) dx[members[k]] = cotangent[k];
  }
  const Tensors<T> affine = affine_vjp(normal, g, weight, bias, groups.parameter);
  return {dx, affine[0], affine[1]};
}

/// What the normalisations over parts of one example share. `Op` states `groups_of(shape, attributes)`.
template <class Op>
struct GroupwiseNorm {
  static Cost cost(const Shapes& inputs, const Attributes&) {
    const std::size_t elements = element_count(inputs[0]);
    Cost cost = affine_cost(inputs[1], inputs[2], elements);
    cost.multiply_adds += elements;
    return cost;
  }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Tensor<T>& x = arguments.real[0];
    return {normalised(x, arguments.real[1], arguments.real[2], Op::groups_of(x.shape, attributes),
                       real_attribute<T>(attributes, eps_attribute))};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Tensor<T>& x = arguments.real[0];
    return normalised_vjp(x, arguments.real[1], arguments.real[2], upstream[0],
                          Op::groups_of(x.shape, attributes), real_attribute<T>(attributes, eps_attribute));
  }
};

}  // namespace assay::oracles::ops::detail
