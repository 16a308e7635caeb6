/// A program run again and again on its own results, and whether a number seen on the way is where exact
/// arithmetic is: what a training run is held against. No package's header is needed to include it.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "oracles/expected.hpp"

namespace assay::oracles {

/// The exact values of one scalar result at every step, with the allowance that each has: that of all
/// rounding on the way to it, which grows until it is no evidence any more. Immutable and safe to share
/// between threads.
class Walk {
 public:
  /// `carry`: input -> result that replaces it in the next step. Stops early where the allowance has become
  /// vacuous. Throws ShapeError where inputs do not fit, or where `watched` is no scalar or a carried result
  /// has another shape than the input it replaces.
  Walk(const Program& program, const Bindings& start, const std::map<std::string, std::string>& carry,
       std::string_view watched, std::size_t steps, FloatFormat format, std::string_view slack);
  ~Walk();
  Walk(Walk&&) noexcept;
  Walk& operator=(Walk&&) noexcept;

  /// Steps for which a value can still be told right from wrong: the first so many.
  std::size_t meaningful() const;
  /// Precondition: step < meaningful().
  ResultJudgement::Outcome judge(std::size_t step, double got) const;
  /// The double in the middle of the enclosure; precondition as above.
  double nearest(std::size_t step) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The same walk in double arithmetic, for pictures: `watched` before each of `steps` steps. It goes on where
/// the exact one means nothing any more, and ends before the first value that is not finite. Throws
/// ShapeError as above.
std::vector<double> float64_walk(const Program& program, const Bindings& start,
                                 const std::map<std::string, std::string>& carry, std::string_view watched,
                                 std::size_t steps);

}  // namespace assay::oracles
