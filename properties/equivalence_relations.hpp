/// How a wrong answer is related to the key: by a factor, an offset, one thing that was forgotten. Internal.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "properties/equivalence_key.hpp"

namespace assay::properties::equivalence {

/// The answer at one of the key's points.
struct Entry {
  const Prepared* point = nullptr;
  Value answer;
  Truth same = Truth::unknown;
};

/// Whether another formula has the answer's values: at every entry where both have one, and these are enough.
/// `at` gives the formula's value.
template <class At>
bool same_everywhere(const std::vector<Entry>& entries, const At& at) {
  std::size_t same = 0, decided = 0;
  // Where the answer is wrong first: there the formula is most likely to differ.
  for (const bool wrong : {true, false})
    for (const Entry& entry : entries) {
      if ((entry.same == Truth::no) != wrong || !entry.answer.exists()) continue;
      ++decided;
      const Value other = at(*entry.point);
      if (!other.exists()) {
        if (other.trouble == Trouble::work || entry.point->random) return false;
        continue;
      }
      if (other.shape() != entry.answer.shape() || other.is_truth() != entry.answer.is_truth()) return false;
      const Truth match_here = match(entry.answer, other).same;
      if (match_here == Truth::no) return false;
      same += match_here == Truth::yes;
    }
  return same > 0 && 2 * same >= decided;
}

/// The key's one-step mutations, those of its definitions included, with their values at a few points: made
/// when the first wrong answer needs them.
class Mutants {
 public:
  explicit Mutants(const Key& key) : key_(key) {}
  /// "without 1[z1 > z2]", "with max(z1, z2) for max(z1, z2, 0) in v1": those that the answer equals.
  std::vector<std::string> equal_to(const std::vector<Entry>& entries, Budget& budget) const;

 private:
  struct Mutant {
    std::string text;
    Settled settled;
    Side side;
    std::vector<Value> first;  ///< values at the first probes
  };
  void make() const;
  void add(std::string text, Settled settled, const Formula& formula) const;
  Value value(const Mutant& mutant, const Prepared& point, Budget& budget) const;

  const Key& key_;
  mutable std::once_flag made_;
  mutable std::vector<const Prepared*> probes_;
  mutable std::vector<Mutant> mutants_;
};

/// "-1 times the key", "n times the key", "the key plus 1/2"; empty if there is none.
std::string proportion(const Key& key, const std::vector<Entry>& entries);

}  // namespace assay::properties::equivalence
