#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/margin_loss.hpp"
#include "oracles/ops/detail/softmax_line.hpp"

namespace assay::oracles::ops {

/// Hinge loss of the best wrong class, max(0, max_{j≠y} s_j − s_y + Δ), with each maximum relaxed to a
/// log-sum-exp.
///
///   ℓₙ        = log(1 + Σ_{j≠y} exp(s_j − s_y + Δ)) = −log softmax(z)_y        z_j = s_j + Δ [j ≠ y]
///   ∂ℓₙ/∂s_j  = softmax(z)_j − [j = y]
///
/// Softmax cross-entropy with a margin: for Δ = 0 it is softmax cross-entropy.
struct SmoothHinge {
  static constexpr std::string_view name = "smooth_hinge";

  static Operation spec() {
    return {.name = name,
            .formula =
                "loss_n = log(1 + sum_{j != y} exp(s_j - s_y + margin)); z_j = s_j + margin [j != y]; "
                "ds_j = (softmax(z)_j - [j = y]) dloss_n",
            .domain = "all real scores; labels 0 .. C-1; any real margin",
            .source = "Gimpel and Smith, Softmax-Margin CRFs, 2010 (cost Delta for every wrong class)",
            .inputs = {{"scores", "(N, C)"}, {"labels", "(N)", true}},
            .outputs = {{"loss", "() or (N)"}},
            .attributes = {detail::margin_attribute, detail::reduction_attribute},
            .samples = {{{{2, 3}, {2}}, {}, 3},
                        {{{4, 5}, {4}}, {{"margin", "5/2"}, {"reduction", "sum"}}, 5},
                        {{{3, 2}, {3}}, {{"margin", "0"}, {"reduction", "none"}}, 2},
                        {{{1, 4}, {1}}, {}, 4},
                        {{{2, 1}, {2}}, {}, 1}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::require_rank(name, "scores", inputs[0], 2, "(N, C)");
    detail::require_shape(name, "labels", inputs[1], {inputs[0][0]},
                          "because input \"scores\" is " + to_string(inputs[0]));
    rational_attribute(attributes, detail::margin_attribute);
    return {detail::reduced_shape(detail::reduction_of(name, attributes), inputs[0][0])};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const auto labels = labels_of(arguments);
    Tensor<T> loss(Shape{labels.size()});
    for (std::size_t n = 0; n < labels.size(); ++n) {
      const std::vector<T> z = shifted(arguments.real[0], n, labels[n], attributes);
      const std::span<const T> line(z);
      loss[n] = -detail::log_softmax(line, detail::Exponentials<T>(line), labels[n]);
    }
    return {detail::reduced(loss, detail::reduction_of(name, attributes))};
  }

  /// softmax(z)_y − 1 cancels for a row well beyond its margin; minus the sum of the others does not.
  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const auto labels = labels_of(arguments);
    const detail::Reduction reduction = detail::reduction_of(name, attributes);
    Tensor<T> cotangent(arguments.real[0].shape);
    for (std::size_t n = 0; n < labels.size(); ++n) {
      const std::vector<T> z = shifted(arguments.real[0], n, labels[n], attributes);
      std::vector<T> d = detail::softmax(std::span<const T>(z));
      const T whole = d[labels[n]] - T(1);
      d[labels[n]] = T(0);
      d[labels[n]] = either([&] { return T(-sum(std::span<const T>(d))); }, [&] { return whole; });
      for (std::size_t j = 0; j < d.size(); ++j)
        cotangent(n, j) = detail::row_cotangent(d[j], upstream[0], reduction, n, labels.size());
    }
    return {cotangent};
  }

 private:
  template <class T>
  static std::vector<std::size_t> labels_of(const Arguments<T>& arguments) {
    return detail::checked_labels(name, "labels", arguments.index[0], arguments.real[0].shape[1]);
  }

  template <class T>
  static std::vector<T> shifted(const Tensor<T>& scores, std::size_t n, std::size_t label,
                                const Attributes& attributes) {
    const T margin = real_attribute<T>(attributes, detail::margin_attribute);
    std::vector<T> z;
    for (std::size_t j = 0; j < scores.shape[1]; ++j)
      z.push_back(j == label ? scores(n, j) : T(scores(n, j) + margin));
    return z;
  }
};

}  // namespace assay::oracles::ops
