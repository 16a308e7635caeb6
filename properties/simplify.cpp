#include "properties/simplify.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace assay::properties {
namespace {

using fixtures::InputSpec;
using fixtures::LabelValues;
using fixtures::RealValues;
using oracles::IndexTensor;
using oracles::Tensor;

/// Binary digits after the point: 0 for integers, 1 for 0.5, 52 for most doubles near 1.
int fraction_digits(double x) {
  int digits = 0;
  while (digits < 1074 && std::trunc(x) != x) {
    x *= 2;
    ++digits;
  }
  return digits;
}

/// Smaller is simpler.
std::tuple<int, double, bool> complexity(double x) {
  return {fraction_digits(x), std::abs(x), std::signbit(x)};
}

/// `tensor` without the slice at `index` along `axis`.
template <class T>
Tensor<T> without_slice(const Tensor<T>& tensor, std::size_t axis, std::size_t index) {
  oracles::Shape shape = tensor.shape;
  const std::size_t extent = shape[axis]--;
  std::size_t inner = 1;
  for (std::size_t later = axis + 1; later < shape.size(); ++later) inner *= shape[later];
  Tensor<T> result(shape);
  std::size_t to = 0;
  for (std::size_t from = 0; from < tensor.size(); ++from)
    if (from / inner % extent != index) result[to++] = tensor[from];
  return result;
}

/// Labels after class `index` is dropped: the dropped class becomes class 0, later ones move down.
void drop_class(IndexTensor& labels, std::size_t index) {
  const auto dropped = static_cast<std::int64_t>(index);
  for (auto& label : labels.data) label = label == dropped ? 0 : label > dropped ? label - 1 : label;
}

Case without_index(const Case& current, const std::vector<InputSpec>& inputs, const std::string& dimension,
                   std::size_t index) {
  Case simpler = current;
  --simpler.extents[dimension];
  for (const InputSpec& spec : inputs) {
    auto& value = simpler.inputs.at(spec.name);
    // From the last axis to the first: an input may use one dimension twice.
    for (std::size_t axis = spec.shape.size(); axis-- > 0;)
      if (spec.shape[axis] == dimension)
        std::visit([&](auto& tensor) { tensor = without_slice(tensor, axis, index); }, value);
    if (const auto* labels = std::get_if<LabelValues>(&spec.values); labels && labels->dimension == dimension)
      drop_class(std::get<IndexTensor>(value), index);
  }
  return simpler;
}

void add_smaller_shapes(std::vector<Case>& simpler, const Case& current, const std::vector<InputSpec>& inputs,
                        const std::map<std::string, fixtures::Dimension>& dimensions) {
  for (const auto& [name, range] : dimensions) {
    const auto found = current.extents.find(name);
    if (found == current.extents.end() || found->second <= std::max<std::size_t>(range.low, 1)) continue;
    for (std::size_t index = found->second; index-- > 0;)
      simpler.push_back(without_index(current, inputs, name, index));
  }
}

struct Bounds {
  double low = 0, high = 0, grid = 0;
};

Bounds bounds_of(const RealValues& values) {
  return {oracles::nearest_double(values.low), oracles::nearest_double(values.high),
          values.grid ? oracles::nearest_double(*values.grid) : 0.0};
}

/// An upstream gradient keeps its shape of information: no zeros, no two elements equal.
bool keeps_upstream(const Tensor<double>& tensor) {
  for (std::size_t i = 0; i < tensor.size(); ++i) {
    if (tensor[i] == 0) return false;
    for (std::size_t j = 0; j < i; ++j)
      if (tensor[i] == tensor[j]) return false;
  }
  return true;
}

void add_simpler_reals(std::vector<Case>& simpler, const Case& current, const InputSpec& spec,
                       const RealValues& values) {
  const auto& tensor = std::get<Tensor<double>>(current.inputs.at(spec.name));
  const Bounds bounds = bounds_of(values);
  const auto add = [&](Tensor<double> candidate) {
    if (values.upstream && !keeps_upstream(candidate)) return;
    Case next = current;
    next.inputs.at(spec.name) = std::move(candidate);
    simpler.push_back(std::move(next));
  };
  const bool zero_allowed = bounds.low <= 0 && 0 <= bounds.high;
  const auto nonzero = std::ranges::count_if(tensor.data, [](double x) { return x != 0; });
  if (zero_allowed && nonzero > 1) add(Tensor<double>(tensor.shape));
  for (std::size_t i = 0; i < tensor.size(); ++i)
    for (const double number : simpler_numbers(tensor[i], bounds.low, bounds.high, bounds.grid)) {
      Tensor<double> candidate = tensor;
      candidate[i] = number;
      add(std::move(candidate));
    }
}

void add_simpler_labels(std::vector<Case>& simpler, const Case& current, const InputSpec& spec) {
  const auto& labels = std::get<IndexTensor>(current.inputs.at(spec.name));
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] == 0) continue;
    Case next = current;
    std::get<IndexTensor>(next.inputs.at(spec.name))[i] = 0;
    simpler.push_back(std::move(next));
  }
}

}  // namespace

std::vector<double> simpler_numbers(double x, double low, double high, double grid) {
  std::vector<double> wanted{0, 1};
  if (x < 0) wanted.push_back(-x);
  wanted.push_back(std::trunc(x));
  wanted.push_back(std::round(x * 2) / 2);
  wanted.push_back(std::round(x * 8) / 8);
  wanted.push_back(std::round(x * 1024) / 1024);
  for (const double part : {0.5, 0.25, 0.125}) wanted.push_back(std::copysign(part, x));
  if (x != 0 && std::isfinite(x)) wanted.push_back(std::copysign(std::exp2(std::ilogb(x)), x));
  // Halve the distance to 0, then a quarter of it ...: bisection, whole numbers only.
  const double whole = std::trunc(x);
  for (double part = whole / 2; std::abs(part) >= 1; part /= 2) wanted.push_back(whole - std::trunc(part));

  std::vector<double> kept;
  for (const double candidate : wanted) {
    const bool fits =
        candidate >= low && candidate <= high && (grid == 0 || std::remainder(candidate, grid) == 0);
    if (fits && complexity(candidate) < complexity(x) && std::ranges::find(kept, candidate) == kept.end())
      kept.push_back(candidate);
  }
  return kept;
}

std::vector<Case> simpler_cases(const Case& current, const std::vector<InputSpec>& inputs,
                                const std::map<std::string, fixtures::Dimension>& dimensions) {
  std::vector<Case> simpler;
  add_smaller_shapes(simpler, current, inputs, dimensions);
  for (const InputSpec& spec : inputs) {
    if (const auto* values = std::get_if<RealValues>(&spec.values))
      add_simpler_reals(simpler, current, spec, *values);
    else
      add_simpler_labels(simpler, current, spec);
  }
  return simpler;
}

}  // namespace assay::properties
