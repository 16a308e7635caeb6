/// How one dimension of a layer's output is made from the same dimension of its input.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "oracles/network/network.hpp"

namespace assay::oracles {

/// Output position o depends on the inputs
///   window:      o s - before + d j                    for 0 <= j < kernel
///   upsample:    floor(o / s)
///   transposed:  the whole numbers (o + before - d j) / s   for 0 <= j < kernel
struct Step {
  enum class Kind { window, upsample, transposed };
  Kind kind = Kind::window;
  Whole kernel = 1, stride = 1, dilation = 1;
  Whole before, after;  ///< zeros added (window) or outputs cut off (transposed)

  /// Positions from the first to the last that a window covers: d (k - 1) + 1.
  Whole span() const { return dilation * (kernel - 1) + 1; }
};

using Steps = std::vector<Step>;  ///< one per dimension

/// Follows the receptive field through a network.
class FieldTrace {
 public:
  /// Begins anew with `dimensions` positions of the input.
  explicit FieldTrace(std::size_t dimensions);

  /// Appends a layer; `steps` has one entry per dimension.
  void append(const Steps& steps);
  /// From here on everything depends on every position of a map of these sizes.
  void gather(const Extents& sizes);
  /// The largest field over all positions, from the first input to the last; none without dimensions, or
  /// where there is an obstacle.
  std::optional<ReceptiveField> field() const;
  /// Why the field is not computed; empty if it is.
  std::string_view obstacle() const;

 private:
  struct Dimension {
    Steps steps;
    Whole period = 1;  ///< of the pattern of fields, in output positions
    mpq_class jump = 1;
    std::optional<Whole> gathered;
  };
  static bool is_long(const Dimension& dimension);

  std::vector<Dimension> dimensions_;
  bool has_holes_ = false;
};

}  // namespace assay::oracles
