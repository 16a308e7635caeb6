#include "oracles/network/network.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "oracles/network/layers.hpp"

namespace assay::oracles {
namespace {

/// `2x64`, in brackets where a sum of several stands beside factors.
std::string sum_text(const Product& product, Layout layout) {
  std::string text;
  for (std::size_t i = 0; i < product.sum.size(); ++i)
    text += (i == 0 ? "" : "+") +
            shape_text(product.sum[i], i == 0 && product.shape_first ? layout : Layout::channels_first);
  const bool brackets = product.sum.size() > 1 && product.before.size() + product.after.size() > 0;
  return brackets ? "(" + text + ")" : text;
}

/// Walks through the layers with the shape and the receptive field as they are so far.
class Walk {
 public:
  Walk(const fixtures::Network& network, const Account& account)
      : network_(network), account_(account), dimensions_(dimensions_of(network.input)), field_(dimensions_) {
    if (network.input.empty())
      throw NetworkError(0, "the network states no input; begin with INPUT 3x32x32, or give --input 3x32x32");
    table_.name = network.name;
    Row row{"INPUT", "input", network.input, {}, 0, 0, bytes(network.input), field_.field()};
    add(std::move(row));
    const auto leaves_it_open = [](const fixtures::Layer& layer) {
      return layer.kind == fixtures::LayerKind::conv &&
             layer.padding.rule == fixtures::Padding::Rule::unstated;
    };
    if (network.assumed_same && std::ranges::any_of(network.layers, leaves_it_open))
      table_.notes.push_back(
          "convolutions that state no padding have pad same; PADDING 0 or pad 0 asks for another");
    if (const std::string advice = hint(); !advice.empty()) table_.notes.push_back(advice);
  }

  NetworkTable walk() {
    for (const fixtures::Layer& layer : network_.layers) pass(layer);
    return std::move(table_);
  }

 private:
  static std::size_t dimensions_of(const Extents& shape) { return shape.empty() ? 0 : shape.size() - 1; }

  Whole bytes(const Extents& shape) const {
    return product_of(shape) * account_.batch * account_.scalar_bytes;
  }

  void add(Row row) {
    table_.parameters += row.parameters.value();
    table_.fixed += row.fixed;
    table_.multiply_adds += row.multiply_adds;
    table_.memory += row.memory;
    table_.rows.push_back(std::move(row));
  }

  void pass(const fixtures::Layer& layer) {
    const std::size_t number = table_.rows.size();
    const std::string name = fmt::format("layer {} \"{}\"", number, layer.label);
    const Extents& input = table_.rows.back().shape;
    Effect effect;
    try {
      effect = effect_of(layer, input, network_.conv_padding, account_.layout);
      refuse_endless(effect.shape);
    } catch (const Misfit& misfit) {
      const std::string advice = hint();
      throw NetworkError(number,
                         fmt::format("{}: {}{}{}", name, misfit.what(), advice.empty() ? "" : "; ", advice));
    }
    for (const std::string& note : effect.notes) table_.notes.push_back(name + ": " + note);
    follow_field(effect, input, name);
    const Whole memory = effect.is_view ? Whole(0) : bytes(effect.shape);
    add({layer.label, layer.type, effect.shape, effect.parameters, effect.fixed, effect.multiply_adds, memory,
         field_.field()});
  }

  /// Upsampling by a googol a hundred times is exact as well, but nobody reads it.
  static void refuse_endless(const Extents& shape) {
    constexpr std::size_t most_digits = 1000;
    for (const Whole& extent : shape)
      if (mpz_sizeinbase(extent.get_mpz_t(), 10) > most_digits)
        throw Misfit(fmt::format("an output size has more than {} digits", most_digits));
  }

  void follow_field(const Effect& effect, const Extents& input, const std::string& name) {
    if (effect.flow == Effect::Flow::restarts) {
      field_ = FieldTrace(1);
      dimensions_ = 1;
    }
    if (input.size() == dimensions_ + 1) map_ = {input.begin() + 1, input.end()};
    if (effect.flow == Effect::Flow::gathers) field_.gather(map_);
    if (!effect.steps.empty()) field_.append(effect.steps);
    if (const auto obstacle = field_.obstacle(); !obstacle.empty() && !gave_up_) {
      table_.notes.push_back(
          fmt::format("{}: from here on the receptive field is not computed: {}", name, obstacle));
      gave_up_ = true;
    }
  }

  /// The commonest slip: 32x32x3 read as 32 channels. Empty where it is unlikely.
  std::string hint() const {
    const Extents& input = network_.input;
    const bool swapped = network_.layout == Layout::channels_first && input.size() > 2 && input.back() <= 4 &&
                         input[1] > 4 && input.front() > input.back();
    if (!swapped) return "";
    const std::string shape = shape_text(input, Layout::channels_first);
    return fmt::format("the input {} was read as {} channels; write {} HWC if they come last", shape,
                       input.front().get_str(), shape);
  }

  const fixtures::Network& network_;
  const Account& account_;
  std::size_t dimensions_;  ///< that the receptive field has
  FieldTrace field_;
  Extents map_;  ///< sizes of the last map; what follows a flattening gathers all of it
  NetworkTable table_;
  bool gave_up_ = false;
};

}  // namespace

Whole product_of(const Extents& extents) {
  Whole product = 1;
  for (const Whole& extent : extents) product *= extent;
  return product;
}

std::string shape_text(Extents shape, Layout layout) {
  if (layout == Layout::channels_last && !shape.empty())
    std::rotate(shape.begin(), shape.begin() + 1, shape.end());
  std::string text;
  for (const Whole& extent : shape) text += (text.empty() ? "" : "x") + extent.get_str();
  return text;
}

Whole Product::value() const {
  Whole total;
  for (const Extents& factors : sum) total += product_of(factors);
  return product_of(before) * total * product_of(after);
}

std::string Product::text(Layout layout) const {
  if (sum.empty()) return "";
  std::string text = shape_text(before, Layout::channels_first);
  for (const std::string& part : {sum_text(*this, layout), shape_text(after, Layout::channels_first)})
    if (!part.empty()) text += (text.empty() ? "" : "x") + part;
  return text;
}

NetworkTable network_table(const fixtures::Network& network, const Account& account) {
  return Walk(network, account).walk();
}

}  // namespace assay::oracles
