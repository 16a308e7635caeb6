/// `nonfinite`: no NaN and no infinity where the exact value is a number; otherwise values are not looked at.
#include <algorithm>
#include <cmath>
#include <utility>

#include "graders/criteria/kind.hpp"

namespace assay::graders {

using Outcome = oracles::ResultJudgement::Outcome;

Finding judge_finiteness(const PreparedFunction& function, const PreparedCriterion& criterion,
                         const oracles::Expected& expected, const Reply& reply) {
  Finding finding;
  finding.outcome = Outcome::accepted;
  for (const std::string& result : criterion.spec->results) {
    const auto got = value_of(function, reply, result);
    const bool finite = std::ranges::all_of(got.data, [](double x) { return std::isfinite(x); });
    finding.result = result;
    finding.got_shape = got.shape;
    if (finite) continue;
    auto judgement = expected.judge(result, got);
    // The exact value may be infinite too, or beyond the largest number of the format.
    if (judgement.outcome != Outcome::not_finite && judgement.outcome != Outcome::wrong_shape) continue;
    finding.outcome = Outcome::not_finite;
    if (judgement.outcome == Outcome::not_finite) finding.judgement = std::move(judgement);
    break;
  }
  return finding;
}

}  // namespace assay::graders
