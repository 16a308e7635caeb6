/// Sizes along one dimension: how often a window fits.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "oracles/network/layers.hpp"

namespace assay::oracles {
namespace {

using fixtures::Padding;

Whole ceil_div(const Whole& a, const Whole& b) {
  Whole result;
  mpz_cdiv_q(result.get_mpz_t(), a.get_mpz_t(), b.get_mpz_t());
  return result;
}

std::string described(const Step& window) {
  const std::string kernel = "kernel " + window.kernel.get_str();
  if (window.dilation == 1) return kernel;
  return fmt::format("{} with dilation {} spans {} and", kernel, window.dilation.get_str(),
                     window.span().get_str());
}

/// How many windows fit into `size` inputs. Rounding up admits one that begins inside the input or the
/// zeros before it and ends beyond.
Whole windows_in(const Whole& size, const Step& window, bool ceil_mode) {
  const Whole room = size + window.before + window.after - window.span();
  if (!ceil_mode) return room / window.stride + 1;
  const Whole count = ceil_div(room, window.stride) + 1;
  return (count - 1) * window.stride >= size + window.before ? Whole(count - 1) : count;
}

std::string in_dimension(std::size_t i, std::size_t rank) {
  return rank == 1 ? "" : " (" + dimension_name(i, rank) + ")";
}

/// What a reader might not expect of a window that fits; empty if there is nothing.
std::string comment_on(const Step& window, const Whole& size, const Whole& count) {
  const Whole read = (count - 1) * window.stride + window.span() - window.before;
  if (window.before >= window.span())
    return fmt::format("padding {} is not smaller than the kernel {}: windows at the border see only zeros",
                       window.before.get_str(), window.kernel.get_str());
  if (window.stride > window.span())
    return fmt::format("stride {} is larger than the kernel {}: inputs in between are not read",
                       window.stride.get_str(), window.kernel.get_str());
  if (read < size)
    return fmt::format("no window reads the last {} of {} inputs", Whole(size - read).get_str(),
                       size.get_str());
  return "";
}

/// One note where all dimensions agree, else one for each.
void add_notes(const std::vector<std::string>& comments, std::vector<std::string>& notes) {
  if (std::ranges::count(comments, comments.front()) == std::ssize(comments)) {
    if (!comments.front().empty()) notes.push_back(comments.front());
    return;
  }
  for (std::size_t i = 0; i < comments.size(); ++i)
    if (!comments[i].empty()) notes.push_back(comments[i] + in_dimension(i, comments.size()));
}

void set_padding(const Padding& padding, std::size_t rank, Steps& steps) {
  if (padding.rule == Padding::Rule::unstated) return;
  const bool same = padding.rule == Padding::Rule::same;
  const Extents amount = same ? Extents(rank) : per_dimension(padding.amount, rank, "padding");
  for (std::size_t i = 0; i < rank; ++i) {
    const Whole whole = steps[i].span() - 1;
    steps[i].before = same ? Whole(whole / 2) : amount[i];
    steps[i].after = same ? Whole(whole - whole / 2) : amount[i];
  }
}

}  // namespace

std::string dimension_name(std::size_t dimension, std::size_t rank) {
  if (rank == 1) return "length";
  const char* const names[] = {"depth", "height", "width"};
  return names[dimension + (3 - rank)];
}

Extents per_dimension(const Extents& setting, std::size_t rank, const std::string& what) {
  if (setting.size() == rank) return setting;
  if (setting.size() == 1) return Extents(rank, setting.front());
  throw Misfit(fmt::format("{} {} has {} dimensions, the input's positions have {}", what,
                           shape_text(setting, Layout::channels_first), setting.size(), rank));
}

Steps windows_of(const fixtures::Layer& layer, const Padding& fallback, std::size_t rank) {
  const bool pools =
      layer.kind == fixtures::LayerKind::max_pool || layer.kind == fixtures::LayerKind::avg_pool;
  const Extents kernel = per_dimension(layer.extent, rank, "kernel");
  const Extents stride = per_dimension(layer.stride.value_or(pools ? kernel : Extents{1}), rank, "stride");
  const Extents dilation = per_dimension(layer.dilation.value_or(Extents{1}), rank, "dilation");
  Steps steps(rank);
  for (std::size_t i = 0; i < rank; ++i) {
    steps[i].kernel = kernel[i];
    steps[i].stride = stride[i];
    steps[i].dilation = dilation[i];
  }
  const bool stated = layer.padding.rule != Padding::Rule::unstated;
  set_padding(stated ? layer.padding : fallback, rank, steps);
  for (std::size_t i = 0; pools && i < rank; ++i)
    if (2 * steps[i].before > steps[i].span())
      throw Misfit(fmt::format("padding {} is more than half of the kernel {}{}", steps[i].before.get_str(),
                               kernel[i].get_str(), in_dimension(i, rank)));
  return steps;
}

Extents window_counts(const Extents& input, const Steps& windows, bool ceil_mode,
                      std::vector<std::string>& notes) {
  const std::size_t rank = windows.size();
  Extents counts;
  std::vector<std::string> comments;
  for (std::size_t i = 0; i < rank; ++i) {
    const Step& window = windows[i];
    const Whole &size = input[i + 1], padded = size + window.before + window.after;
    if (window.span() > padded)
      throw Misfit(fmt::format("{} is larger than the {}input {}{}", described(window),
                               padded > size ? "padded " : "", padded.get_str(), in_dimension(i, rank)));
    counts.push_back(windows_in(size, window, ceil_mode));
    comments.push_back(comment_on(window, size, counts.back()));
  }
  add_notes(comments, notes);
  return counts;
}

Extents transposed_sizes(const Extents& input, const Steps& steps, const Extents& output_padding) {
  const std::size_t rank = steps.size();
  Extents sizes;
  for (std::size_t i = 0; i < rank; ++i) {
    const Step& step = steps[i];
    const Whole& more = output_padding[i];
    if (more >= step.stride && more >= step.dilation)
      throw Misfit(fmt::format("output padding {} is not smaller than the stride {} or the dilation {}{}",
                               more.get_str(), step.stride.get_str(), step.dilation.get_str(),
                               in_dimension(i, rank)));
    const Whole full = (input[i + 1] - 1) * step.stride + step.span() + more, cut = step.before + step.after;
    if (full <= cut)
      throw Misfit(fmt::format("the output is empty: padding cuts {} off {}{}", cut.get_str(), full.get_str(),
                               in_dimension(i, rank)));
    sizes.push_back(full - cut);
  }
  return sizes;
}

}  // namespace assay::oracles
