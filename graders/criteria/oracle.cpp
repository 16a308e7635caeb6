/// `oracle`: each answer is held against its enclosure.
#include <utility>

#include "graders/criteria/kind.hpp"

namespace assay::graders {

using oracles::ResultJudgement;

Finding judge_values(const PreparedFunction& function, const PreparedCriterion& criterion,
                     const oracles::Expected& expected, const Reply& reply) {
  Finding worst;
  for (const std::string& result : criterion.spec->results) {
    const auto got = value_of(function, reply, result);
    ResultJudgement judgement = expected.judge(result, got);
    const bool first = !worst.judgement;
    if (first || rank(judgement.outcome) > rank(worst.outcome) ||
        (judgement.outcome == worst.outcome &&
         judgement.ratio.value_or(0) > worst.judgement->ratio.value_or(0)))
      worst = {judgement.outcome, result, got.shape, std::move(judgement)};
  }
  return worst;
}

}  // namespace assay::graders
