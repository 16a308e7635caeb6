#include "properties/generator.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>

#include <rapidcheck/Random.h>
#include <rapidcheck/Seq.h>
#include <rapidcheck/Shrinkable.h>
#include <rapidcheck/gen/Numeric.h>
#include <rapidcheck/seq/Create.h>
#include <rapidcheck/shrinkable/Create.h>

#include "properties/simplify.hpp"

namespace assay::properties {
namespace {

using fixtures::InputSpec;
using fixtures::LabelValues;
using fixtures::RealValues;
using oracles::IndexTensor;
using oracles::Shape;
using oracles::Tensor;

/// Successive draws from one RapidCheck stream.
class Stream {
 public:
  Stream(std::uint64_t seed, std::uint64_t index) : random_(seed) {
    // Splitting, not skipping: streams of different indices are independent.
    for (std::uint64_t bits = index + 1; bits != 0; bits >>= 1) {
      rc::Random other = random_.split();
      if (bits & 1u) random_ = other;
    }
  }
  /// A whole number in 0 .. count-1. Multiply-shift; the bias is below count / 2^64.
  std::uint64_t below(std::uint64_t count) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>((static_cast<Wide>(random_.next()) * count) >> 64);
  }
  /// k / 2^53, uniform in [0, 1).
  double unit() { return std::ldexp(static_cast<double>(below(std::uint64_t{1} << 53)), -53); }

 private:
  rc::Random random_;
};

/// Draws one real number in [low, high].
class RealDraw {
 public:
  explicit RealDraw(const RealValues& values)
      : low_(oracles::nearest_double(values.low)),
        high_(oracles::nearest_double(values.high)),
        grid_(values.grid ? oracles::nearest_double(*values.grid) : 0),
        upstream_(values.upstream),
        wide_(values.wide),
        kinks_(values.kinks) {}

  double operator()(Stream& stream, double previous) const {
    if (!kinks_.empty() && stream.below(4) == 0) return near_kink(stream);
    if (grid_ > 0) return on_grid(stream, grid_);
    if (wide_) return of_any_magnitude(stream, previous);
    if (upstream_) return full_precision(stream);
    const auto kind = stream.below(100);
    if (kind < 50) return full_precision(stream);
    if (kind < 75) return on_grid(stream, round_step());
    if (kind < 85) return inside(previous) ? previous : full_precision(stream);  // a tie
    return special(stream);
  }

 private:
  bool inside(double x) const { return x >= low_ && x <= high_; }

  double full_precision(Stream& stream) const {
    const double share = stream.unit(), width = high_ - low_;
    if (!std::isfinite(width)) return low_ * (1 - share) + high_ * share;
    return std::clamp(low_ + width * share, low_, high_);
  }

  /// A power of two that cuts the range into 16 to 32 steps.
  double round_step() const {
    return high_ > low_ ? std::exp2(std::floor(std::log2((high_ - low_) / 16))) : 1;
  }

  double on_grid(Stream& stream, double step) const {
    const double first = std::ceil(low_ / step);
    const double last = std::floor(high_ / step);
    if (last < first) return low_;
    return (first + static_cast<double>(stream.below(static_cast<std::uint64_t>(last - first) + 1))) * step;
  }

  /// A kink, or a number a few ulps or a small power of two beside it.
  double near_kink(Stream& stream) const {
    double x = kinks_[stream.below(kinks_.size())];
    const double side = stream.below(2) ? HUGE_VAL : -HUGE_VAL;
    const auto kind = stream.below(3);
    if (kind == 1)
      for (std::uint64_t ulps = 1 + stream.below(3); ulps > 0; --ulps) x = std::nextafter(x, side);
    if (kind == 2) x += std::copysign(std::exp2(-static_cast<double>(stream.below(40))), side);
    return std::clamp(x, low_, high_);
  }

  /// Ordinary numbers half of the time; else the whole range of the format, its borders, and near ties.
  double of_any_magnitude(Stream& stream, double previous) const {
    const double sign = stream.below(2) ? 1 : -1;
    double x = 0;
    switch (stream.below(10)) {
      case 0:
        x = sign * std::exp2(static_cast<double>(stream.below(2098)) - 1074);
        break;
      case 1:
        x = sign * (1 + stream.unit()) * std::exp2(static_cast<double>(stream.below(2046)) - 1022);
        break;
      case 2:
        x = sign * 0.0;
        break;
      case 3:
        x = std::nextafter(previous, sign * HUGE_VAL);
        break;
      case 4:
        x = sign * std::exp2(static_cast<double>(stream.below(40)) - 20);
        break;
      case 5:
        x = sign * static_cast<double>(stream.below(101)) / 4;
        break;
      default:
        x = sign * (1 + stream.unit()) * std::exp2(static_cast<double>(stream.below(24)) - 12);
    }
    return std::isfinite(x) && inside(x) ? x : full_precision(stream);
  }

  double special(Stream& stream) const {
    const double candidates[] = {0,  1, -1, low_, high_, std::exp2(-static_cast<double>(stream.below(20))),
                                 0.5};
    const double chosen = candidates[stream.below(std::size(candidates))];
    return inside(chosen) ? chosen : full_precision(stream);
  }

  double low_, high_, grid_;
  bool upstream_, wide_;
  std::vector<double> kinks_;
};

std::size_t extent_of(const std::string& text, const std::map<std::string, std::size_t>& extents) {
  const auto found = extents.find(text);
  return found != extents.end() ? found->second : std::stoul(text);
}

Shape shape_for(const InputSpec& spec, const std::map<std::string, std::size_t>& extents) {
  Shape shape;
  for (const std::string& extent : spec.shape) shape.push_back(extent_of(extent, extents));
  return shape;
}

Tensor<double> draw_reals(const Shape& shape, const RealValues& values, const RealDraw& draw,
                          Stream& stream) {
  Tensor<double> tensor(shape);
  double previous = 0;
  for (std::size_t i = 0; i < tensor.size(); ++i) {
    const auto repeats = [&](double x) {
      return x == 0 || std::find(tensor.data.begin(), tensor.data.begin() + static_cast<std::ptrdiff_t>(i),
                                 x) != tensor.data.begin() + static_cast<std::ptrdiff_t>(i);
    };
    tensor[i] = draw(stream, previous);
    // A coarse grid may not hold enough different numbers; 64 tries, then a repeat is accepted.
    for (int tries = 0; values.upstream && repeats(tensor[i]) && tries < 64; ++tries)
      tensor[i] = draw(stream, previous);
    previous = tensor[i];
  }
  return tensor;
}

oracles::Value draw_input(const InputSpec& spec, const std::optional<RealDraw>& draw,
                          const std::map<std::string, std::size_t>& extents, Stream& stream) {
  const Shape shape = shape_for(spec, extents);
  if (const auto* values = std::get_if<RealValues>(&spec.values))
    return draw_reals(shape, *values, *draw, stream);
  const auto classes = extent_of(std::get<LabelValues>(spec.values).dimension, extents);
  IndexTensor labels(shape);
  for (auto& label : labels.data)
    label = static_cast<std::int64_t>(stream.below(std::max<std::size_t>(classes, 1)));
  return labels;
}

oracles::Value pinned_value(const fixtures::Literal& literal, bool labels) {
  if (labels) {
    IndexTensor tensor(literal.shape);
    for (std::size_t i = 0; i < tensor.size(); ++i) tensor[i] = std::stoll(literal.numbers[i]);
    return tensor;
  }
  Tensor<double> tensor(literal.shape);
  for (std::size_t i = 0; i < tensor.size(); ++i) tensor[i] = oracles::nearest_double(literal.numbers[i]);
  return tensor;
}

/// What a program that takes floats is given are floats. True if any input is rounded.
bool round_to_formats(Case& one, const std::vector<InputSpec>& inputs) {
  bool any = false;
  for (const InputSpec& spec : inputs) {
    const auto* values = std::get_if<RealValues>(&spec.values);
    if (!values || !values->binary32) continue;
    any = true;
    for (double& x : std::get<Tensor<double>>(one.inputs.at(spec.name)).data)
      x = static_cast<double>(static_cast<float>(x));
  }
  return any;
}

/// RapidCheck's lazy tree over `simpler_cases`.
rc::Shrinkable<Case> shrink_tree(const Case& root, const std::vector<InputSpec>& inputs,
                                 const std::map<std::string, fixtures::Dimension>& dimensions) {
  return rc::shrinkable::shrinkRecur(root, [&](const Case& node) {
    std::vector<Case> simpler = simpler_cases(node, inputs, dimensions);
    bool rounded = false;
    for (Case& one : simpler) rounded = round_to_formats(one, inputs) || rounded;
    if (rounded) std::erase_if(simpler, [&](const Case& one) { return one.inputs == node.inputs; });
    return rc::seq::fromContainer(std::move(simpler));
  });
}

}  // namespace

/// Bounds are text: they are read once, not for each draw.
struct Generator::Draws {
  std::vector<std::optional<RealDraw>> of_inputs;
};

Generator::Generator(std::vector<InputSpec> inputs, std::map<std::string, fixtures::Dimension> dimensions,
                     std::uint64_t seed)
    : inputs_(std::move(inputs)), dimensions_(std::move(dimensions)), seed_(seed) {
  Draws draws;
  for (const InputSpec& spec : inputs_) {
    const auto* values = std::get_if<RealValues>(&spec.values);
    draws.of_inputs.push_back(values ? std::optional<RealDraw>(*values) : std::nullopt);
  }
  draws_ = std::make_shared<const Draws>(std::move(draws));
}

Case Generator::draw(std::size_t index) const {
  return complete({}, index);
}

Case Generator::complete(const fixtures::PinnedCase& pinned, std::size_t index) const {
  Stream stream(seed_, index);
  Case result;
  result.pinned = pinned.note;
  for (const auto& [name, range] : dimensions_)
    result.extents[name] = range.low + stream.below(range.high - range.low + 1);
  for (const InputSpec& spec : inputs_) {
    const auto found = pinned.inputs.find(spec.name);
    if (found == pinned.inputs.end()) continue;
    for (std::size_t axis = 0; axis < spec.shape.size(); ++axis)
      if (dimensions_.contains(spec.shape[axis]))
        result.extents[spec.shape[axis]] = found->second.shape.at(axis);
  }
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const InputSpec& spec = inputs_[i];
    const auto found = pinned.inputs.find(spec.name);
    result.inputs[spec.name] =
        found != pinned.inputs.end()
            ? pinned_value(found->second, std::holds_alternative<LabelValues>(spec.values))
            : draw_input(spec, draws_->of_inputs[i], result.extents, stream);
  }
  round_to_formats(result, inputs_);
  return result;
}

Shrunk Generator::shrink(const Case& failing, const StillFails& still_fails, std::size_t budget) const {
  Shrunk best{failing, 0, false};
  auto node = shrink_tree(failing, inputs_, dimensions_);
  for (bool descended = true; descended;) {
    descended = false;
    auto children = node.shrinks();
    while (auto child = children.next()) {
      if (best.tried >= budget) return best;
      ++best.tried;
      Case candidate = child->value();
      if (!still_fails(candidate)) continue;
      best.smallest = std::move(candidate);
      best.changed = true;
      node = *child;
      descended = true;
      break;
    }
  }
  return best;
}

}  // namespace assay::properties
