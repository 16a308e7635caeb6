#include "oracles/unstable_attention.hpp"

#include <cmath>
#include <cstddef>
#include <vector>

#include "oracles/ops/patch_attention.hpp"
#include "oracles/ops/scaled_dot_product_attention.hpp"

namespace assay::oracles {

namespace {

double dot_of(const double* a, const double* b, std::size_t n) {
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

/// Σ exp(zₘ) vₘ / Σ exp(zₘ).
double weighted(const std::vector<double>& z, const std::vector<const double*>& v) {
  double total = 0, result = 0;
  for (const double score : z) total += std::exp(score);
  for (std::size_t m = 0; m < z.size(); ++m) result += std::exp(z[m]) / total * *v[m];
  return z.empty() ? 0 : result;
}

}  // namespace

Tensors<double> naive_attention(const Arguments<double>& arguments, const Attributes& attributes) {
  using Op = ops::ScaledDotProductAttention;
  const Tensor<double>&q = arguments.real[0], &k = arguments.real[1], &v = arguments.real[2];
  const std::size_t queries = q.shape[q.rank() - 2], features = q.shape.back();
  const std::size_t keys = k.shape[k.rank() - 2], width = v.shape.back();
  const double scale = text_attribute(attributes, Op::scale_attribute) == "none"
                           ? 1 / std::sqrt(static_cast<double>(features))
                           : real_attribute<double>(attributes, Op::scale_attribute);
  Shape shape = q.shape;
  shape.back() = width;
  Tensor<double> y(shape);
  for (std::size_t row = 0; row < q.size() / features; ++row) {
    const std::size_t b = row / queries;
    const auto visible =
        ops::detail::visible_keys(Op::name, attributes, arguments.index[0], b, queries, keys);
    for (std::size_t f = 0; f < width; ++f) {
      std::vector<double> z;
      std::vector<const double*> values;
      for (const std::size_t j : visible[row % queries]) {
        z.push_back(scale * dot_of(&q[row * features], &k[(b * keys + j) * features], features));
        values.push_back(&v[(b * keys + j) * width + f]);
      }
      y[row * width + f] = weighted(z, values);
    }
  }
  return {y};
}

Tensors<double> naive_patch_attention(const Arguments<double>& arguments, const Attributes& attributes) {
  using Op = ops::PatchAttention;
  if (flag_attribute(attributes, Op::normalise_attribute)) return Op::forward(arguments, attributes);
  const Tensor<double>&x = arguments.real[0], &k = arguments.real[1], &v = arguments.real[2];
  const std::size_t outputs = k.shape[0], positions = v.size() / outputs, channels = x.shape[2];
  Tensor<double> y(Shape{x.shape[0], x.shape[1], outputs});
  for (std::size_t i = 0; i < y.size(); ++i) {
    std::vector<double> z;
    std::vector<const double*> values;
    for (std::size_t m = i % outputs * positions; m < (i % outputs + 1) * positions; ++m) {
      z.push_back(dot_of(&x[i / outputs * channels], &k[m * channels], channels));
      values.push_back(&v[m]);
    }
    y[i] = weighted(z, values);
  }
  return {y};
}

}  // namespace assay::oracles
