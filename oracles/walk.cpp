#include "oracles/walk.hpp"

#include <cmath>

#include "oracles/numeric/allowance.hpp"
#include "oracles/program_evaluate.hpp"

namespace assay::oracles {
namespace {

using Outcome = ResultJudgement::Outcome;
using Carry = std::map<std::string, std::string>;

/// Rounding grows alike in both walks: where 53 bits still leave three digits, so many leave forty.
constexpr long truth_bits = 192;

/// The watched value at each step, until one is no number or `goes_on` says no.
template <class T, class GoesOn>
void walk(const Program& program, const Bindings& start, const Carry& carry, std::string_view watched,
          std::size_t steps, const GoesOn& goes_on) {
  typename ProgramRun<T>::Carried state;
  for (std::size_t step = 0; step < steps; ++step) {
    const ProgramRun<T> run(
        program, start, [](std::size_t, const Operation& operation) { return evaluator_of<T>(operation); },
        false, &state);
    const Tensor<T>& value = run.real(program.find(watched).value());
    if (value.rank() != 0)
      throw ShapeError("'" + std::string(watched) + "' has shape " + to_string(value.shape) +
                       "; one number is needed");
    if (!goes_on(step, value[0])) return;
    typename ProgramRun<T>::Carried next;
    for (const auto& [input, result] : carry) {
      const Tensor<T>& carried = run.real(program.find(result).value());
      if (carried.shape != shape_of(start.at(input)))
        throw ShapeError("'" + result + "' has shape " + to_string(carried.shape) + " and cannot replace '" +
                         input + "' of shape " + to_string(shape_of(start.at(input))));
      next[input] = carried;
    }
    state = std::move(next);
  }
}

}  // namespace

struct Walk::State {
  std::vector<Ball> truth;
  std::vector<Allowance> allowances;
};

Walk::Walk(const Program& program, const Bindings& start, const Carry& carry, std::string_view watched,
           std::size_t steps, FloatFormat format, std::string_view slack)
    : state_(std::make_unique<State>()) {
  const Format& rounded = format == FloatFormat::binary32 ? binary32 : binary64;
  std::vector<Ball> evaluations;
  {
    const FormatScope scope(rounded);
    walk<Ball>(program, start, carry, watched, steps, [&](std::size_t, const Ball& value) {
      // Three digits are lost long before this; the truth is walked no further than the evaluation.
      evaluations.push_back(value);
      return is_finite(value) &&
             radius_double(value) <= vacuous_width * (1 + std::abs(midpoint_double(value)));
    });
  }
  const Rational exact_slack = parse_rational(slack);
  const PrecisionScope scope(truth_bits);
  walk<Ball>(program, start, carry, watched, evaluations.size(), [&](std::size_t step, const Ball& value) {
    Allowance bound = allowance(evaluations[step], value, exact_slack, rounded);
    if (bound.vacuous || !is_finite(value)) return false;
    state_->truth.push_back(value);
    state_->allowances.push_back(std::move(bound));
    return true;
  });
}

Walk::~Walk() = default;
Walk::Walk(Walk&&) noexcept = default;
Walk& Walk::operator=(Walk&&) noexcept = default;

std::size_t Walk::meaningful() const {
  return state_->truth.size();
}

Outcome Walk::judge(std::size_t step, double got) const {
  switch (oracles::judge(got, state_->truth.at(step), state_->allowances[step]).accepted) {
    case Truth::yes:
      return Outcome::accepted;
    case Truth::no:
      return std::isfinite(got) ? Outcome::wrong : Outcome::not_finite;
    case Truth::unknown:
      break;
  }
  return Outcome::cannot_tell;
}

double Walk::nearest(std::size_t step) const {
  return midpoint_double(state_->truth.at(step));
}

std::vector<double> float64_walk(const Program& program, const Bindings& start, const Carry& carry,
                                 std::string_view watched, std::size_t steps) {
  const PrecisionScope scope(truth_bits);  // of functions of one's own, which compute in balls
  std::vector<double> values;
  walk<double>(program, start, carry, watched, steps, [&](std::size_t, double value) {
    if (!std::isfinite(value)) return false;
    values.push_back(value);
    return true;
  });
  return values;
}

}  // namespace assay::oracles
