/// The loss of a training run step by step, for a picture; nothing is judged by it.
#pragma once

#include <optional>
#include <vector>

#include "graders/outcome.hpp"
#include "graders/prepared.hpp"
#include "graders/session.hpp"

namespace assay::graders {

/// The loss on the oracle's own way from `start`, before each of its first thousand steps at most. Empty
/// where the truth is the reference's answers: those would have to be asked for one by one.
std::vector<double> oracle_curve(const CaseGroup& group, const fixtures::Training& settings,
                                 const properties::Case& start);

/// Takes the steps once more, in `session`, until the program stops or what it returns is of no use. Where
/// the trajectory is judged the loss is what the program returns; elsewhere, where any claim would do, it is
/// the exact loss at the parameters that the program has come to. `first`: the shapes of every step. Nothing
/// where not even two losses came back.
std::optional<LossCurve> loss_curve(Session& session, const CaseGroup& group,
                                    const fixtures::Training& settings, const properties::Case& start,
                                    const oracles::Expected& first, const std::vector<double>& oracle);

}  // namespace assay::graders
