/// The judgement of one criterion on one answered case.
#pragma once

#include <optional>
#include <string>

#include "graders/prepared.hpp"
#include "graders/session.hpp"
#include "graders/verdict.hpp"
#include "oracles/expected.hpp"

namespace assay::graders {

struct Finding {
  oracles::ResultJudgement::Outcome outcome = oracles::ResultJudgement::Outcome::set_aside;
  std::string result;  ///< the one that decided
  oracles::Shape got_shape;
  std::optional<oracles::ResultJudgement> judgement;

  bool is_failure() const { return rank(outcome) >= rank(oracles::ResultJudgement::Outcome::wrong); }
};

/// True where the reply has the results' number and type; anything else is a forged or foreign frame.
bool fits(const PreparedFunction& function, const Reply& reply);

/// The worst of the results that the criterion judges. The reply must fit.
Finding judge(const PreparedFunction& function, const PreparedCriterion& criterion,
              const oracles::Expected& expected, const Reply& reply);

/// The verdict on a criterion that one outcome decides.
Verdict verdict_of(oracles::ResultJudgement::Outcome outcome);

}  // namespace assay::graders
