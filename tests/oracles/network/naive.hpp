/// A second opinion on networks: loops over every position, channel and tap, and sets of what was touched.
/// No formula of oracles/network is used here; sizes are small enough to be walked through.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace assay::oracles::naive {

using Sizes = std::vector<long>;

/// Ways to be wrong. Each must be noticed.
enum class Mistake {
  none,
  rounds_up,
  forgets_bias,
  forgets_channels,
  forgets_groups,
  pads_one_side,
  forgets_dilation,
  forgets_outpad,
  forgets_earlier_strides,
};

struct Layer {
  enum class Kind { conv, transposed, pool, upsample, fc };
  Kind kind = Kind::conv;
  long count = 1, groups = 1;
  Sizes kernel, stride, pad, dilation, outpad;  ///< one per dimension; upsample scales by `stride`
  bool bias = true, ceil = false;
};

struct Row {
  Sizes shape;
  long parameters = 0, multiply_adds = 0;
};

inline std::string joined(const Sizes& sizes) {
  std::string text;
  for (const long size : sizes) text += (text.empty() ? "" : "x") + std::to_string(size);
  return text;
}

inline std::string shorthand(const Layer& layer) {
  const std::string windows = " stride " + joined(layer.stride) + " pad " + joined(layer.pad);
  const std::string weights = std::string(layer.bias ? "" : " nobias");
  const std::string head = joined(layer.kernel) + "-" + std::to_string(layer.count) + windows + " dilation " +
                           joined(layer.dilation) + " groups " + std::to_string(layer.groups) + weights;
  switch (layer.kind) {
    case Layer::Kind::conv:
      return "CONV" + head;
    case Layer::Kind::transposed:
      return "DECONV" + head + " outpad " + joined(layer.outpad);
    case Layer::Kind::pool:
      return "POOL" + joined(layer.kernel) + windows + " dilation " + joined(layer.dilation) +
             (layer.ceil ? " ceil" : "");
    case Layer::Kind::upsample:
      return "UPSAMPLE" + joined(layer.stride);
    case Layer::Kind::fc:
      return "FC-" + std::to_string(layer.count) + weights;
  }
  return "";
}

/// Calls `visit` with every index below `sizes`.
inline void for_each(const Sizes& sizes, const std::function<void(const Sizes&)>& visit) {
  if (std::ranges::any_of(sizes, [](long size) { return size <= 0; })) return;
  Sizes index(sizes.size(), 0);
  for (;;) {
    visit(index);
    std::size_t i = index.size();
    while (i > 0 && ++index[i - 1] == sizes[i - 1]) index[--i] = 0;
    if (i == 0) return;
  }
}

/// Where windows begin along dimension i: they are laid one after the other until one does not fit.
inline Sizes window_starts(const Layer& layer, std::size_t i, long size, Mistake mistake) {
  const long dilation = mistake == Mistake::forgets_dilation ? 1 : layer.dilation[i];
  const long end = size + (mistake == Mistake::pads_one_side ? 0 : layer.pad[i]);
  const auto last_tap = [&](long start) { return start + dilation * (layer.kernel[i] - 1); };
  Sizes starts;
  for (long start = -layer.pad[i];; start += layer.stride[i]) {
    const bool fits = last_tap(start) < end;
    const bool rounds_up = layer.ceil != (mistake == Mistake::rounds_up);
    const bool all_read = !starts.empty() && last_tap(starts.back()) >= end - 1;
    const bool admitted = rounds_up && !starts.empty() && !all_read && start < size;
    if (!fits && !admitted) return starts;
    starts.push_back(start);
  }
}

/// Sizes of a transposed convolution's output: scatter every input, then cut and add at the ends.
inline long transposed_size(const Layer& layer, std::size_t i, long size, Mistake mistake) {
  const long dilation = mistake == Mistake::forgets_dilation ? 1 : layer.dilation[i];
  long furthest = 0;
  for (long input = 0; input < size; ++input)
    for (long tap = 0; tap < layer.kernel[i]; ++tap)
      furthest = std::max(furthest, input * layer.stride[i] + tap * dilation);
  const long more = mistake == Mistake::forgets_outpad ? 0 : layer.outpad[i];
  const long pad = layer.pad[i] * (mistake == Mistake::pads_one_side ? 1 : 2);
  return furthest + 1 - pad + more;
}

/// Weights touched, as a set of (output, input, tap), and how often one was multiplied.
struct Tally {
  std::set<Sizes> weights;
  long multiplications = 0;
  void touch(long output, long input, const Sizes& tap) {
    Sizes key{output, input};
    key.insert(key.end(), tap.begin(), tap.end());
    weights.insert(std::move(key));
    ++multiplications;
  }
};

inline void tally_channels(const Layer& layer, long channels, const Sizes& tap, Mistake mistake,
                           Tally& tally) {
  const long groups = mistake == Mistake::forgets_groups ? 1 : layer.groups;
  const long inputs = channels / groups, outputs = layer.count / groups;
  for (long group = 0; group < groups; ++group)
    for (long o = 0; o < outputs; ++o)
      for (long c = 0; c < (mistake == Mistake::forgets_channels ? 1 : inputs); ++c)
        tally.touch(group * outputs + o, group * inputs + c, tap);
}

inline Row with_weights(const Layer& layer, const Tally& tally, Sizes shape, Mistake mistake) {
  const long biases = layer.bias && mistake != Mistake::forgets_bias ? layer.count : 0;
  return {std::move(shape), static_cast<long>(tally.weights.size()) + biases, tally.multiplications};
}

/// The next row; nothing where the layer does not fit.
inline std::optional<Row> pass(const Layer& layer, const Sizes& input, Mistake mistake = Mistake::none) {
  Tally tally;
  const Sizes map(input.begin() + 1, input.end());
  if (layer.kind == Layer::Kind::fc) {
    long entry = 0;
    for_each(input, [&](const Sizes&) {
      for (long o = 0; o < layer.count; ++o) tally.touch(o, entry, {});
      ++entry;
    });
    return with_weights(layer, tally, {layer.count}, mistake);
  }
  const bool learns = layer.kind == Layer::Kind::conv || layer.kind == Layer::Kind::transposed;
  if (learns && (input[0] % layer.groups != 0 || layer.count % layer.groups != 0)) return std::nullopt;
  Sizes shape{learns ? layer.count : input[0]};
  for (std::size_t i = 0; i < map.size(); ++i) {
    if (layer.kind == Layer::Kind::upsample)
      shape.push_back(map[i] * layer.stride[i]);
    else if (layer.kind == Layer::Kind::transposed)
      shape.push_back(transposed_size(layer, i, map[i], mistake));
    else
      shape.push_back(static_cast<long>(window_starts(layer, i, map[i], mistake).size()));
    if (shape.back() <= 0) return std::nullopt;
  }
  if (!learns) return Row{shape, 0, 0};
  for_each(layer.kind == Layer::Kind::conv ? Sizes(shape.begin() + 1, shape.end()) : map, [&](const Sizes&) {
    for_each(layer.kernel, [&](const Sizes& tap) { tally_channels(layer, input[0], tap, mistake, tally); });
  });
  return with_weights(layer, tally, shape, mistake);
}

/// The inputs of `layers` that output position `o` of the last one depends on, along dimension i, on maps
/// without ends.
inline std::set<long> inputs_of(const std::vector<Layer>& layers, std::size_t depth, std::size_t i, long o,
                                Mistake mistake) {
  if (depth == 0) return {o};
  const Layer& layer = layers[depth - 1];
  const long stride =
      mistake == Mistake::forgets_earlier_strides && depth < layers.size() ? 1 : layer.stride[i];
  const long dilation = mistake == Mistake::forgets_dilation ? 1 : layer.dilation[i];
  std::set<long> direct;
  if (layer.kind == Layer::Kind::upsample) {
    for (long input = -200; input <= 200; ++input)
      if (input * stride <= o && o < (input + 1) * stride) direct.insert(input);
  } else {
    for (long tap = 0; tap < layer.kernel[i]; ++tap) {
      if (layer.kind != Layer::Kind::transposed) direct.insert(o * stride - layer.pad[i] + tap * dilation);
      for (long input = -200; layer.kind == Layer::Kind::transposed && input <= 200; ++input)
        if (input * stride - layer.pad[i] + tap * dilation == o) direct.insert(input);
    }
  }
  std::set<long> all;
  for (const long input : direct) all.merge(inputs_of(layers, depth - 1, i, input, mistake));
  return all;
}

inline long extent(const std::set<long>& positions) {
  return positions.empty() ? 0 : *positions.rbegin() - *positions.begin() + 1;
}

/// The largest receptive field over the output positions along dimension i.
inline long field(const std::vector<Layer>& layers, std::size_t i, Mistake mistake = Mistake::none) {
  long largest = 0;
  for (long o = -20; o <= 20; ++o)
    largest = std::max(largest, extent(inputs_of(layers, layers.size(), i, o, mistake)));
  return largest;
}

}  // namespace assay::oracles::naive
