#include "graders/criteria/training_curve.hpp"

#include <algorithm>
#include <cmath>

#include "graders/criteria/call.hpp"
#include "graders/finding.hpp"
#include "oracles/walk.hpp"

namespace assay::graders {
namespace {

using properties::Case;

constexpr std::size_t most_points = 50;
constexpr std::size_t most_oracle_steps = 1000;

/// Evenly spread, the first and the last among them.
std::vector<std::size_t> chosen_steps(std::size_t steps) {
  std::vector<std::size_t> chosen;
  const std::size_t stride = std::max<std::size_t>(1, (steps + most_points - 2) / (most_points - 1));
  for (std::size_t step = 0; step < steps; step += stride) chosen.push_back(step);
  chosen.push_back(steps);
  return chosen;
}

/// False where the run cannot go on from there.
bool carry_on(const PreparedFunction& function, const fixtures::Training& settings, const Reply& reply,
              const oracles::Expected& first, Case& state) {
  for (const auto& [input, result] : settings.carry) {
    const auto got = value_of(function, reply, result);
    const bool finite = std::ranges::all_of(got.data, [](double x) { return std::isfinite(x); });
    if (got.shape != first.shape(result) || !finite) return false;
    put(state.inputs.at(input), got);
  }
  return true;
}

}  // namespace

std::vector<double> oracle_curve(const CaseGroup& group, const fixtures::Training& settings,
                                 const Case& start) {
  if (!group.function->evidence.empty()) return {};
  return oracles::float64_walk(*group.function->program, start.inputs, settings.carry, settings.loss,
                               std::min(settings.steps + 1, most_oracle_steps));
}

std::optional<LossCurve> loss_curve(Session& session, const CaseGroup& group,
                                    const fixtures::Training& settings, const Case& start,
                                    const oracles::Expected& first, const std::vector<double>& oracle) {
  LossCurve curve;
  curve.loss = settings.loss;
  curve.target = settings.target;
  curve.recomputed = !settings.trajectory;
  curve.steps = chosen_steps(settings.steps);
  for (const std::size_t step : curve.steps)
    if (step < oracle.size()) curve.exact.push_back(oracle[step]);
  Case state = start;
  for (std::size_t step = 0; step <= settings.steps; ++step) {
    const bool shown = curve.steps.at(curve.got.size()) == step;
    if (shown && curve.recomputed)
      curve.got.push_back(group.function->expect(state, group.slack).nearest(settings.loss)[0]);
    if (step == settings.steps && curve.recomputed) break;  // there is nothing to ask
    const Reply reply = call(session, *group.function, state, first);
    if (reply.kind != Reply::Kind::values) break;
    if (shown && !curve.recomputed) {
      const auto loss = value_of(*group.function, reply, settings.loss);
      if (loss.rank() != 0) break;
      curve.got.push_back(loss[0]);
    }
    if (step == settings.steps || !carry_on(*group.function, settings, reply, first, state)) break;
  }
  if (curve.got.size() < 2) return std::nullopt;
  return curve;
}

}  // namespace assay::graders
