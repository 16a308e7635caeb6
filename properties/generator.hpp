/// Draws cases from an assignment's generators and shrinks failing ones, by RapidCheck.
///
/// The same (specification, seed, index) gives the same case on every machine and at any number of threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fixtures/inputs.hpp"
#include "properties/case.hpp"

namespace assay::properties {

/// True when the case still fails in the same way.
using StillFails = std::function<bool(const Case&)>;

struct Shrunk {
  Case smallest;
  std::size_t tried = 0;  ///< candidates evaluated
  bool changed = false;
};

class Generator {
 public:
  Generator(std::vector<fixtures::InputSpec> inputs, std::map<std::string, fixtures::Dimension> dimensions,
            std::uint64_t seed);

  /// The index-th drawn case. Without a grid, an element is a full-precision number, a small round one, a tie
  /// with its neighbour, or a special value (0, ±1, a bound, a power of two). Upstream gradients are never
  /// uniform.
  Case draw(std::size_t index) const;

  /// The author's case; inputs it does not name are drawn, with the extents that the named ones fix.
  Case complete(const fixtures::PinnedCase& pinned, std::size_t index) const;

  /// Descends RapidCheck's shrink tree: drops rows, columns and classes, then moves numbers towards 0 and
  /// towards fewer digits, keeping every value inside its declared range, as long as `still_fails` says so.
  Shrunk shrink(const Case& failing, const StillFails& still_fails, std::size_t budget) const;

 private:
  std::vector<fixtures::InputSpec> inputs_;
  std::map<std::string, fixtures::Dimension> dimensions_;
  std::uint64_t seed_;
  struct Draws;
  std::shared_ptr<const Draws> draws_;
};

}  // namespace assay::properties
