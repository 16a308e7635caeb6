/// The smallest point at which an answer is wrong, and how it is shown. Internal.
#pragma once

#include "properties/equivalence.hpp"
#include "properties/equivalence_key.hpp"

namespace assay::properties::equivalence {

/// What is wrong with an answer at a point: another value, or none for a reason.
struct Wrong {
  Prepared point;
  Value answer;
};

class Witness {
 public:
  Witness(const Key& key, const Side& answer, const std::vector<Kink>& kinks, Budget& budget)
      : key_(key), answer_(answer), kinks_(kinks), budget_(budget) {}

  /// Fewer and shorter numbers for as long as the answer stays wrong in the same way, off ties if `first` is.
  Wrong smallest(Wrong first);
  /// Fills in the point and both values.
  void show(const Wrong& wrong, Comparison& result) const;

 private:
  bool alike(const Drawn& drawn, const Names& needed);
  std::optional<Wrong> tried(Drawn drawn, Trouble trouble, bool off_ties);
  std::vector<Drawn> simpler(const Drawn& drawn) const;

  const Key& key_;
  const Side& answer_;
  const std::vector<Kink>& kinks_;
  Budget& budget_;
};

}  // namespace assay::properties::equivalence
