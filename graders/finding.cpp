#include "graders/finding.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace assay::graders {

using oracles::Expected;
using oracles::ResultJudgement;
using Outcome = ResultJudgement::Outcome;

bool fits(const PreparedFunction& function, const Reply& reply) {
  return reply.values.size() == function.spec->results.size() &&
         std::ranges::all_of(reply.values, [](const oracles::Value& value) {
           return std::holds_alternative<oracles::Tensor<double>>(value);
         });
}

Finding judge(const PreparedFunction& function, const PreparedCriterion& criterion, const Expected& expected,
              const Reply& reply) {
  Finding worst;
  for (const std::string& result : criterion.spec->results) {
    const auto place = std::ranges::find(function.spec->results, result) - function.spec->results.begin();
    const auto& got = std::get<oracles::Tensor<double>>(reply.values[static_cast<std::size_t>(place)]);
    ResultJudgement judgement = expected.judge(result, got);
    const bool first = !worst.judgement;
    if (first || rank(judgement.outcome) > rank(worst.outcome) ||
        (judgement.outcome == worst.outcome &&
         judgement.ratio.value_or(0) > worst.judgement->ratio.value_or(0)))
      worst = {judgement.outcome, result, got.shape, std::move(judgement)};
  }
  return worst;
}

Verdict verdict_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::accepted:
      return Verdict::accepted;
    case Outcome::wrong:
      return Verdict::wrong;
    case Outcome::not_finite:
      return Verdict::not_finite;
    case Outcome::wrong_shape:
      return Verdict::wrong_shape;
    case Outcome::set_aside:
    case Outcome::cannot_tell:
      break;
  }
  return Verdict::cannot_tell;
}

}  // namespace assay::graders
