/// `shape`: each result has the shape of the exact one; its numbers are not looked at.
#include "graders/criteria/kind.hpp"

namespace assay::graders {

using Outcome = oracles::ResultJudgement::Outcome;

Finding judge_shapes(const PreparedFunction& function, const PreparedCriterion& criterion,
                     const oracles::Expected& expected, const Reply& reply) {
  Finding finding;
  finding.outcome = Outcome::accepted;
  for (const std::string& result : criterion.spec->results) {
    finding.result = result;
    finding.got_shape = value_of(function, reply, result).shape;
    if (finding.got_shape == expected.shape(result)) continue;
    finding.outcome = Outcome::wrong_shape;
    finding.judgement.emplace().outcome = Outcome::wrong_shape;
    break;
  }
  return finding;
}

}  // namespace assay::graders
