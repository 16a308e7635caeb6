/// Synthetic data of known difficulty. The same (arguments, seed) gives the same bytes on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "properties/statistics/random.hpp"

namespace assay::properties::training {

/// side × side positions of `channels` numbers each, position by position; plain features are one position.
struct Extent {
  std::size_t side = 1, channels = 1;

  std::size_t positions() const { return side * side; }
  std::size_t size() const { return positions() * channels; }
  bool operator==(const Extent&) const = default;
};

/// Row i of `features` belongs to label i.
struct Dataset {
  Extent extent;
  std::size_t classes = 2;
  std::vector<double> features;
  std::vector<std::size_t> labels;

  std::size_t size() const { return labels.size(); }
  std::span<const double> row(std::size_t i) const {
    return std::span(features).subspan(i * extent.size(), extent.size());
  }
  void add(std::span<const double> values, std::size_t label);
};

struct Blobs {
  std::size_t examples = 100, classes = 2, dimensions = 2;
  double distance = 2;     ///< of each centre from the origin; the noise has standard deviation 1
  double label_noise = 0;  ///< share of labels drawn anew among all classes
};
/// Gaussian clouds, classes in turn; the centres depend on the shape alone, so that two draws are from one
/// population: unit vectors in turn, their negatives after that.
Dataset blobs(const Blobs& shape, std::uint64_t seed);

/// Class 0 has `examples` times `majority` of the rows.
Dataset imbalanced(const Blobs& shape, double majority, std::uint64_t seed);

/// Two half circles that interlock; `noise` is the standard deviation of both coordinates.
Dataset moons(std::size_t examples, double noise, double label_noise, std::uint64_t seed);

/// Two spirals of `turns` turns around each other.
Dataset spirals(std::size_t examples, double turns, double noise, std::uint64_t seed);

/// Four clouds at (±1, ±1), the label being the product of signs.
Dataset exclusive_or(std::size_t examples, double noise, std::uint64_t seed);

struct Glyphs {
  std::string_view alphabet = "0123456789";  ///< capitals, digits, and b d p q; one class each
  std::size_t per_class = 4;
  double noise = 0.2;  ///< standard deviation, on strokes of height 1
  int reach = 1;       ///< moved by up to this many pixels each way
};
/// 5 × 7 dot-matrix letters on a grid of 8 × 8, one channel, classes in turn.
Dataset glyphs(const Glyphs& shape, std::uint64_t seed);

/// The seven rows of a glyph, five dots each, the leftmost in bit 4. Throws std::invalid_argument for a
/// character outside the font.
std::span<const unsigned char> dots_of(char character);

/// How a training image may be changed on its way into a batch.
struct Augmentation {
  bool horizontal = false, vertical = false;  ///< mirrored with probability 1/2
  int shift = 0;                              ///< moved by up to this many pixels each way, 0 coming in

  bool any() const { return horizontal || vertical || shift != 0; }
};

/// Copies `image` to `target`, changed at random.
void augment(const Augmentation& how, Extent extent, std::span<const double> image, std::span<double> target,
             Random& random);

}  // namespace assay::properties::training
