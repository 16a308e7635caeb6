#include "properties/equivalence_points.hpp"

#include <algorithm>

namespace assay::properties::equivalence {
namespace {

using oracles::Shape;

using Whole = boost::multiprecision::number<boost::multiprecision::gmp_int, boost::multiprecision::et_off>;

Rational floor_of(const Rational& x) {
  Whole quotient = numerator(x) / denominator(x);  // towards 0
  if (x < 0 && quotient * denominator(x) != numerator(x)) quotient -= 1;
  return Rational(quotient);
}

Rational bound(const std::string& text, const fixtures::Place& place) {
  try {
    return oracles::parse_rational(text);
  } catch (const std::invalid_argument&) {
    throw WrittenFormulaError("\"" + text + "\" is no finite bound", text, place, 0);
  }
}

Range range_of(const fixtures::RealValues& values, const fixtures::Place& place) {
  Range range{bound(values.low, place), bound(values.high, place), 1, false};
  if (range.high < range.low)
    throw WrittenFormulaError("the bounds are the wrong way round", values.low, place, 0);
  if (values.grid) {
    range.step = bound(*values.grid, place);
    if (range.step <= 0) throw WrittenFormulaError("a grid is positive", *values.grid, place, 0);
    range.whole = denominator(range.step) == 1;
    return range;
  }
  // Halves, quarters, ...: balls hold them exactly.
  constexpr int enough = 128;
  for (int halvings = 0; halvings < 64 && (range.high - range.low) / range.step < enough; ++halvings)
    range.step /= 2;
  return range;
}

std::uint64_t bits_of(const Rational& x) {
  if (x == 0) return 0;
  const Whole above = abs(numerator(x)), below = denominator(x);
  return 1 + 2 * msb(above) + 4 * msb(below) + (x < 0 ? 1 : 0);
}

}  // namespace

std::uint64_t Random::next() {
  // SplitMix64.
  state_ += 0x9E3779B97F4A7C15u;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

bool Range::admits(const Rational& x) const {
  return x >= low && x <= high && (!whole || denominator(Rational(x / step)) == 1);
}

Rational Range::nearest(const Rational& x) const {
  const Rational inside = std::clamp(x, low, high);
  const Rational below = floor_of(inside / step) * step, above = below + step;
  if (below < low) return above > high ? low : above;
  if (above > high) return below;
  return inside - below <= above - inside ? below : above;
}

Rational Range::random(Random& random) const {
  const Rational first = -floor_of(-low / step), last = floor_of(high / step);
  if (last < first) return low;
  const Rational count = last - first + 1;
  const std::uint64_t most =
      count < Rational(1u << 30) ? static_cast<std::uint64_t>(numerator(count)) : 1u << 30;
  return (first + Rational(random.below(most))) * step;
}

Points::Points(const fixtures::Setting& setting) : setting_(setting) {
  for (const auto& [name, input] : setting.inputs)
    if (const auto* real = std::get_if<fixtures::RealValues>(&input.values))
      ranges_.emplace(name, range_of(*real, input.place));
}

Shape Points::shape(const fixtures::InputSpec& input, const Drawn& drawn) const {
  Shape shape;
  for (const std::string& extent : input.shape) {
    const auto found = drawn.extents.find(extent);
    shape.push_back(found != drawn.extents.end() ? found->second : std::stoul(extent));
  }
  return shape;
}

Drawn Points::drawn(const std::function<std::size_t(const fixtures::Dimension&)>& extent,
                    const std::function<Rational(const Range&)>& number,
                    const std::function<std::uint64_t(std::uint64_t)>& label) const {
  Drawn result;
  for (const auto& [name, dimension] : setting_.dimensions) result.extents[name] = extent(dimension);
  for (const auto& [name, input] : setting_.inputs) {
    if (const auto* labels = std::get_if<fixtures::LabelValues>(&input.values)) {
      oracles::IndexTensor tensor(shape(input, result));
      const auto found = result.extents.find(labels->dimension);
      const std::size_t classes =
          found != result.extents.end() ? found->second : std::stoul(labels->dimension);
      for (std::int64_t& x : tensor.data)
        x = classes > 0 ? static_cast<std::int64_t>(label(classes) % classes) : 0;
      result.labels.emplace(name, std::move(tensor));
    } else {
      Tensor<Rational> tensor(shape(input, result));
      for (Rational& x : tensor.data) x = number(ranges_.at(name));
      result.real.emplace(name, std::move(tensor));
    }
  }
  return result;
}

Drawn Points::random(Random& random) const {
  // Large extents make slow points and tell no more.
  constexpr std::size_t most = 16;
  return drawn(
      [&](const fixtures::Dimension& dimension) {
        return dimension.low + random.below(std::min(dimension.high - dimension.low + 1, most));
      },
      [&](const Range& range) { return range.random(random); },
      [&](std::uint64_t count) { return random.below(count); });
}

Drawn Points::small(Random& random, std::size_t index) const {
  const auto extent = [&](const fixtures::Dimension& dimension) {
    return dimension.low + (index < 4 ? index / 2 : random.below(3)) % (dimension.high - dimension.low + 1);
  };
  const auto label = [&](std::uint64_t count) { return index < 2 ? 0 : random.below(count); };
  constexpr int values[] = {0, 1, 1, 2, 2, 3, -1, -1, -2};
  const auto number = [&](const Range& range) {
    const int wanted = index == 0 ? 0 : index == 1 ? 1 : values[random.below(std::size(values))];
    return range.nearest(wanted);
  };
  return drawn(extent, number, label);
}

Drawn Points::extreme(Random& random) const {
  return drawn(
      [&](const fixtures::Dimension& dimension) {
        return random.below(2) == 0 ? dimension.low : std::min(dimension.high, dimension.low + 15);
      },
      [&](const Range& range) {
        const auto which = random.below(3);
        return which == 0 ? range.low : which == 1 ? range.high : range.nearest(0);
      },
      [&](std::uint64_t count) { return random.below(2) * (count - 1); });
}

std::vector<Scalar> Points::scalars(const Drawn& drawn, const Names& names) const {
  constexpr std::size_t most = 4;
  std::vector<Scalar> all;
  for (const auto& [name, tensor] : drawn.real)
    if (names.contains(name) && ranges_.at(name).low < ranges_.at(name).high)
      for (std::size_t i = 0; i < std::min(tensor.size(), most); ++i) all.push_back({name, i});
  return all;
}

bool Points::admits(const Drawn& drawn) const {
  for (const auto& [name, tensor] : drawn.real)
    for (const Rational& x : tensor.data)
      if (!ranges_.at(name).admits(x)) return false;
  return true;
}

std::size_t Points::least(const std::string& dimension) const {
  return setting_.dimensions.at(dimension).low;
}

Drawn Points::shrunk(const Drawn& from, const std::string& dimension, std::size_t extent) const {
  Drawn result = from;
  result.extents[dimension] = extent;
  for (const auto& [name, input] : setting_.inputs) {
    const Shape before = shape(input, from), after = shape(input, result);
    // Element by element: the place in the larger tensor of each in the smaller one.
    const auto place = [&](std::size_t i) {
      std::size_t found = 0, stride = 1;
      for (std::size_t axis = after.size(); axis-- > 0;) {
        found += i % after[axis] * stride;
        i /= after[axis];
        stride *= before[axis];
      }
      return found;
    };
    if (const auto real = result.real.find(name); real != result.real.end()) {
      Tensor<Rational> smaller(after);
      for (std::size_t i = 0; i < smaller.size(); ++i) smaller[i] = from.real.at(name)[place(i)];
      real->second = std::move(smaller);
    } else {
      oracles::IndexTensor smaller(after);
      const bool counts = std::get<fixtures::LabelValues>(input.values).dimension == dimension;
      for (std::size_t i = 0; i < smaller.size(); ++i) {
        smaller[i] = from.labels.at(name)[place(i)];
        if (counts) smaller[i] = std::min(smaller[i], static_cast<std::int64_t>(extent) - 1);
      }
      result.labels.at(name) = std::move(smaller);
    }
  }
  return result;
}

std::uint64_t size_of(const Drawn& drawn) {
  std::uint64_t size = 0;
  for (const auto& [name, extent] : drawn.extents) size += 3 * extent;
  for (const auto& [name, tensor] : drawn.real)
    for (const Rational& x : tensor.data) size += bits_of(x);
  for (const auto& [name, tensor] : drawn.labels)
    for (const std::int64_t x : tensor.data) size += static_cast<std::uint64_t>(x);
  return size;
}

Rational simplest_between(const Rational& low, const Rational& high) {
  if (low <= 0 && high >= 0) return 0;
  if (high < 0) return -simplest_between(-high, -low);
  // Continued fractions: the whole part where one fits, else the same question for what is behind it.
  const Rational whole = floor_of(low);
  if (whole == low) return whole;
  if (whole + 1 <= high) return whole + 1;
  return whole + 1 / simplest_between(1 / (high - whole), 1 / (low - whole));
}

}  // namespace assay::properties::equivalence
