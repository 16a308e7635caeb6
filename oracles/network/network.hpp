/// What a network costs, layer by layer: shapes, parameters, multiply-adds, memory, receptive field.
/// Everything is an exact integer of any size; nothing overflows. Conventions: docs/networks.md.
#pragma once

#include <gmpxx.h>

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "fixtures/network.hpp"

namespace assay::oracles {

using fixtures::Extents;
using fixtures::Layout;
using fixtures::Whole;

/// A count in factors, as an exam writes it: `before` x (sum of products) x `after`.
struct Product {
  Extents before;            ///< gates of a recurrent layer, projections of attention
  std::vector<Extents> sum;  ///< one product per summand: {5, 5, 1} and {1} for the bias
  Extents after;             ///< filters or outputs
  bool shape_first = false;  ///< the first summand is a shape, channels first

  /// 0 if there is no summand.
  Whole value() const;
  /// "(5x5x1+1)x10"; shapes in `layout`; empty if there is no summand.
  std::string text(Layout layout) const;
};

/// What one position of a layer's output sees of the network's input, per dimension.
struct ReceptiveField {
  Extents size;  ///< in input positions; it may reach into the padding
  std::vector<mpq_class>
      jump;  ///< input positions from one output position to the next; empty if there is one
};

struct Row {
  std::string label;  ///< "CONV5-10", or the name in TOML
  std::string type;   ///< "conv", or "input" for the first row
  Extents shape;      ///< of the output, channels first, without the batch
  Product parameters;
  Whole fixed;          ///< numbers that are stored and not learned: running means and variances
  Whole multiply_adds;  ///< for one input
  Whole memory;         ///< bytes of the output, for the whole batch
  std::optional<ReceptiveField> field;  ///< none for vectors, and where it was not computed
};

struct Account {
  Layout layout = Layout::channels_first;  ///< for shapes in messages and products
  Whole batch = 1;
  Whole scalar_bytes = 4;
};

struct NetworkTable {
  std::string name;       ///< of the network; may be empty
  std::vector<Row> rows;  ///< the input first
  Whole parameters, fixed, multiply_adds, memory;
  std::vector<std::string> notes;  ///< what a reader might not expect
};

/// Raised where a layer does not fit; the message names it: `layer 3 "FC-10": expects ...`.
struct NetworkError : std::invalid_argument {
  NetworkError(std::size_t number, const std::string& message)
      : std::invalid_argument(message), layer(number) {}
  std::size_t layer;  ///< from 1; 0 for the input
};

/// The table of `network`. Throws NetworkError where shapes do not fit or the input is missing.
NetworkTable network_table(const fixtures::Network& network, const Account& account);

/// "3x32x32" channels first, "32x32x3" channels last.
std::string shape_text(Extents shape, Layout layout);

/// The product of the extents; 1 for none.
Whole product_of(const Extents& extents);

}  // namespace assay::oracles
