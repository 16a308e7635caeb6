#include "properties/training/dataset.hpp"

#include <array>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace assay::properties::training {
namespace {

/// cos and sin from the parts of a complex square: the library's last bit may differ between machines. Angles
/// of any size; |error| about 1e-14, which is nothing beside the noise.
std::array<double, 2> direction(double angle) {
  constexpr int halvings = 10;
  const double t = std::remainder(angle, 2 * std::numbers::pi) / (1 << halvings), square = t * t;
  double c = 1 - square / 2 * (1 - square / 12), s = t * (1 - square / 6 * (1 - square / 20));
  for (int i = 0; i < halvings; ++i) {
    const double doubled = c * c - s * s;
    s = 2 * c * s;
    c = doubled;
  }
  return {c, s};
}

std::size_t noisy_label(std::size_t label, std::size_t classes, double share, Random& random) {
  return random.chance(share) ? random.below(classes) : label;
}

std::vector<double> cloud(const Blobs& shape, std::size_t label, Random& random) {
  std::vector<double> point(shape.dimensions);
  for (double& x : point) x = random.normal();
  const std::size_t axis = label % shape.dimensions;
  point[axis] += label / shape.dimensions % 2 ? -shape.distance : shape.distance;
  return point;
}

void check(const Blobs& shape) {
  if (shape.dimensions == 0 || shape.classes < 2 || shape.classes > 2 * shape.dimensions)
    throw std::invalid_argument("blobs need 2 to 2 * dimensions classes");
}

}  // namespace

void Dataset::add(std::span<const double> values, std::size_t label) {
  features.insert(features.end(), values.begin(), values.end());
  labels.push_back(label);
}

Dataset blobs(const Blobs& shape, std::uint64_t seed) {
  check(shape);
  Random random(seed);
  Dataset data{{1, shape.dimensions}, shape.classes, {}, {}};
  for (std::size_t i = 0; i < shape.examples; ++i) {
    const std::size_t label = i % shape.classes;
    const auto point = cloud(shape, label, random);
    data.add(point, noisy_label(label, shape.classes, shape.label_noise, random));
  }
  return data;
}

Dataset imbalanced(const Blobs& shape, double majority, std::uint64_t seed) {
  check(shape);
  Random random(seed);
  Dataset data{{1, shape.dimensions}, shape.classes, {}, {}};
  const auto first = static_cast<std::size_t>(majority * static_cast<double>(shape.examples));
  for (std::size_t i = 0; i < shape.examples; ++i) {
    const std::size_t label = i < first ? 0 : 1 + (i - first) % (shape.classes - 1);
    data.add(cloud(shape, label, random), label);
  }
  return data;
}

Dataset moons(std::size_t examples, double noise, double label_noise, std::uint64_t seed) {
  Random random(seed);
  Dataset data{{1, 2}, 2, {}, {}};
  for (std::size_t i = 0; i < examples; ++i) {
    const std::size_t label = i % 2;
    const auto [c, s] = direction(std::numbers::pi * random.unit());
    const double x = label ? 1 - c : c, y = label ? 0.5 - s : s;
    const std::array point{x - 0.5 + noise * random.normal(), y - 0.25 + noise * random.normal()};
    data.add(point, noisy_label(label, 2, label_noise, random));
  }
  return data;
}

Dataset spirals(std::size_t examples, double turns, double noise, std::uint64_t seed) {
  Random random(seed);
  Dataset data{{1, 2}, 2, {}, {}};
  for (std::size_t i = 0; i < examples; ++i) {
    const std::size_t label = i % 2;
    const double radius = 0.15 + 0.85 * random.unit();
    const auto [c, s] = direction(std::numbers::pi * (2 * turns * radius + static_cast<double>(label)));
    const std::array point{2 * radius * c + noise * random.normal(),
                           2 * radius * s + noise * random.normal()};
    data.add(point, label);
  }
  return data;
}

Dataset exclusive_or(std::size_t examples, double noise, std::uint64_t seed) {
  Random random(seed);
  Dataset data{{1, 2}, 2, {}, {}};
  for (std::size_t i = 0; i < examples; ++i) {
    const double x = i % 2 ? 1 : -1, y = i / 2 % 2 ? 1 : -1;
    const std::array point{x + noise * random.normal(), y + noise * random.normal()};
    data.add(point, x * y > 0);
  }
  return data;
}

Dataset glyphs(const Glyphs& shape, std::uint64_t seed) {
  Random random(seed);
  Dataset data{{8, 1}, shape.alphabet.size(), {}, {}};
  const auto moved = [&] {
    const auto span = static_cast<std::size_t>(2 * shape.reach + 1);
    return static_cast<int>(random.below(span)) - shape.reach;
  };
  for (std::size_t i = 0; i < shape.per_class * shape.alphabet.size(); ++i) {
    const std::size_t label = i % shape.alphabet.size();
    const auto dots = dots_of(shape.alphabet[label]);
    const int right = moved(), down = moved();
    std::array<double, 64> image;
    for (int y = 0; y < 8; ++y)
      for (int x = 0; x < 8; ++x) {
        const int row = y - down, column = x - 1 - right;
        const bool inside = row >= 0 && row < 7 && column >= 0 && column < 5;
        const bool ink = inside && (dots[static_cast<std::size_t>(row)] >> (4 - column) & 1);
        image[static_cast<std::size_t>(8 * y + x)] = ink + shape.noise * random.normal();
      }
    data.add(image, label);
  }
  return data;
}

void augment(const Augmentation& how, Extent extent, std::span<const double> image, std::span<double> target,
             Random& random) {
  const bool mirror = how.horizontal && random.chance(0.5), topple = how.vertical && random.chance(0.5);
  const auto moved = [&] {
    if (how.shift == 0) return 0;
    return static_cast<int>(random.below(static_cast<std::size_t>(2 * how.shift + 1))) - how.shift;
  };
  const int right = moved(), down = moved(), side = static_cast<int>(extent.side);
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x) {
      const int row = topple ? side - 1 - (y - down) : y - down,
                column = mirror ? side - 1 - (x - right) : x - right;
      const bool inside = row >= 0 && row < side && column >= 0 && column < side;
      for (std::size_t c = 0; c < extent.channels; ++c)
        target[static_cast<std::size_t>(y * side + x) * extent.channels + c] =
            inside ? image[static_cast<std::size_t>(row * side + column) * extent.channels + c] : 0;
    }
}

}  // namespace assay::properties::training
