/// Keys from networks: what a layer has, or the whole.
#include <fmt/format.h>

#include <algorithm>

#include "fixtures/load_network.hpp"
#include "graders/exams/key_derivation.hpp"
#include "oracles/network/network.hpp"

namespace assay::graders::exams::keys {
namespace {

using fixtures::Layout;
using fixtures::Network;
using fixtures::NetworkValue;
using fixtures::Place;

/// The layer of that label, or of that number from 1.
std::size_t layer_number(const Network& network, const NetworkValue& wanted, Place place) {
  const auto is_it = [&](const fixtures::Layer& layer) { return layer.label == wanted.layer; };
  const auto times = std::ranges::count_if(network.layers, is_it);
  if (times == 1)
    return static_cast<std::size_t>(std::ranges::find_if(network.layers, is_it) - network.layers.begin()) + 1;
  if (times > 1)
    throw KeyError(place, fmt::format("network \"{}\" has {} layers \"{}\"; name one by its number",
                                      wanted.network, times, wanted.layer));
  const bool is_number =
      wanted.layer.size() < 7 && wanted.layer.find_first_not_of("0123456789") == wanted.layer.npos;
  const std::size_t number = is_number ? std::stoul(wanted.layer) : 0;
  if (number == 0 || number > network.layers.size())
    throw KeyError(place, fmt::format("network \"{}\" has no layer \"{}\"; it has {} layers", wanted.network,
                                      wanted.layer, network.layers.size()));
  return number;
}

ShapeKey shape_in(std::vector<mpz_class> extents, Layout layout) {
  if (extents.size() < 2) return {std::move(extents), {}};
  if (layout == Layout::channels_last) std::rotate(extents.begin(), extents.begin() + 1, extents.end());
  return {std::move(extents), layout == Layout::channels_last ? "HWC" : "CHW"};
}

KeyValue field_of(const std::vector<oracles::Row>& rows, std::size_t row, bool whole, Place place) {
  // Vectors at the end see all that the last map saw.
  while (whole && row > 0 && !rows[row].field) --row;
  if (!rows[row].field)
    throw KeyError(place, fmt::format("layer \"{}\" has no receptive field", rows[row].label));
  const auto& size = rows[row].field->size;
  if (std::ranges::all_of(size, [&](const mpz_class& extent) { return extent == size.front(); }))
    return NumberKey{mpq_class(size.front())};
  return ShapeKey{size};
}

NetworkFinding find_in(const oracles::NetworkTable& table, std::size_t number, const NetworkValue& wanted,
                       Layout layout, Place place) {
  const bool whole = wanted.layer.empty();
  const oracles::Row& row = table.rows[number];
  if (wanted.value == "shape") return {shape_in(row.shape, layout), {}};
  if (wanted.value == "receptive-field") return {field_of(table.rows, number, whole, place), {}};
  if (wanted.value == "parameters")
    return {NumberKey{mpq_class(whole ? table.parameters : row.parameters.value())},
            whole ? std::string() : row.parameters.text(layout)};
  if (wanted.value == "multiply-adds")
    return {NumberKey{mpq_class(whole ? table.multiply_adds : row.multiply_adds)}, {}};
  if (wanted.value == "memory") return {NumberKey{mpq_class(whole ? table.memory : row.memory)}, {}};
  throw KeyError(place,
                 fmt::format("a network has no \"{}\"; it has shape, parameters, multiply-adds, memory, "
                             "receptive-field",
                             wanted.value));
}

}  // namespace

Network network_named(const fixtures::Exam& exam, const std::string& name, Place place) {
  const auto found = exam.networks.find(name);
  if (found == exam.networks.end())
    throw KeyError(place, "there is no network \"" + name + "\" in [networks]");
  try {
    return found->second.ends_with(".toml") ? fixtures::load_network(exam.file.parent_path() / found->second)
                                            : fixtures::parse_shorthand(found->second);
  } catch (const std::runtime_error& error) {  // ShorthandError, LoadError
    throw KeyError(place, "network \"" + name + "\": " + error.what());
  }
}

Layout layout_of(const Network& network, const NetworkValue& wanted) {
  return wanted.layout.empty()    ? network.layout
         : wanted.layout == "HWC" ? Layout::channels_last
                                  : Layout::channels_first;
}

std::vector<mpz_class> channels_first(std::vector<mpz_class> extents, Layout layout) {
  if (layout == Layout::channels_last && extents.size() > 1)
    std::rotate(extents.begin(), extents.end() - 1, extents.end());
  return extents;
}

NetworkFinding look_up(const Network& network, const NetworkValue& wanted,
                       const std::vector<mpz_class>* input, Place place) {
  const Layout layout = layout_of(network, wanted);
  std::size_t number = wanted.layer.empty() ? network.layers.size() : layer_number(network, wanted, place);
  try {
    if (!input) return find_in(oracles::network_table(network, {layout}), number, wanted, layout, place);
    Network alone = network;
    alone.input = *input;
    if (!wanted.layer.empty()) {
      alone.layers = {network.layers[number - 1]};
      number = 1;
    }
    return find_in(oracles::network_table(alone, {layout}), number, wanted, layout, place);
  } catch (const oracles::NetworkError& error) {
    throw KeyError(place, fmt::format("network \"{}\": {}", wanted.network, error.what()));
  }
}

}  // namespace assay::graders::exams::keys
