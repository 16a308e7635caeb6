/// Three ways to prove: cover a box with balls, compare two rational functions exactly, try everything.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "properties/claim.hpp"
#include "properties/proof/degree.hpp"

namespace assay::properties {

/// low <= name <= high.
struct Side {
  std::string name;
  double low, high;
};

/// Branch and bound: the predicate on balls that cover the box, halved along their widest side until each
/// says yes. `no` where a ball certainly says no everywhere; unknown after `most` boxes.
ProofOutcome cover(const Predicate::Holds<Ball>& holds, const std::vector<Side>& box,
                   std::size_t most = 20'000);

/// Whole numbers low .. high.
struct Span {
  std::string name;
  std::int64_t low, high;
};

/// Every combination of whole numbers, in the order of `spans`.
ProofOutcome exhaust(const std::vector<Span>& spans,
                     const std::function<bool(const std::vector<std::int64_t>&)>& holds);

namespace detail {
ProofOutcome identity(std::size_t variables, const std::vector<unsigned>& degrees,
                      const std::function<Truth(const std::vector<Rational>&)>& equal_at);
}

/// Two rational functions of `variables` variables are the same one: their difference, over a common
/// denominator, is a polynomial of at most dᵢ in variable i, and vanishes on a grid of dᵢ + 1 numbers each.
/// The degrees are found by running both sides on Degree. Sides: []<class T>(const std::vector<T>& x) -> T.
template <class Left, class Right>
ProofOutcome identity(std::size_t variables, Left left, Right right) {
  std::vector<Degree> names;
  for (std::size_t i = 0; i < variables; ++i) names.push_back(Degree::variable(i));
  const Degree a = left(names), b = right(names);
  std::vector<unsigned> degrees;
  for (std::size_t i = 0; i < variables; ++i)
    degrees.push_back(std::max(a.above(i) + b.below(i), b.above(i) + a.below(i)));
  return detail::identity(variables, degrees, [left, right](const std::vector<Rational>& x) {
    return oracles::truth(Rational(left(x)) == Rational(right(x)));
  });
}

/// All of them, in words: the parts of an argument whose glue a reader supplies.
ProofOutcome together(std::vector<std::pair<std::string, ProofOutcome>> steps);

}  // namespace assay::properties
