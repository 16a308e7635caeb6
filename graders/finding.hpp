/// The judgement of one criterion on one answered case.
#pragma once

#include <optional>
#include <string>
#include <string_view>

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

/// The value of a result, or of an input that comes back. The reply must fit.
oracles::Tensor<double> value_of(const PreparedFunction& function, const Reply& reply, std::string_view name);

/// The worst of the results that the criterion judges. The reply must fit.
using Rule = Finding (*)(const PreparedFunction&, const PreparedCriterion&, const oracles::Expected&,
                         const Reply&);

/// The verdict on a criterion that one outcome decides.
Verdict verdict_of(oracles::ResultJudgement::Outcome outcome);

}  // namespace assay::graders
