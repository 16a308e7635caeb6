/// `training`: the submission's step is taken again and again, each time on what the last one returned. Its
/// loss must follow the exact trajectory as long as rounding leaves that meaningful, and come down to a
/// target. What is held against the target is the exact loss at the parameters that came back, not the loss
/// that is claimed.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "fixtures/load.hpp"
#include "graders/criteria/call.hpp"
#include "graders/criteria/credit.hpp"
#include "graders/criteria/single.hpp"
#include "graders/criteria/training_curve.hpp"
#include "oracles/walk.hpp"
#include "properties/training/dataset.hpp"

namespace assay::graders {
namespace {

namespace training = properties::training;
using oracles::Expected;
using properties::Case;
using Outcome = oracles::ResultJudgement::Outcome;

/// Single steps that are judged where the trajectory means nothing any more.
constexpr std::size_t most_looked_at = 50;

/// One start, and what is true on the way from it.
struct Start {
  Case one;
  Expected first;  ///< of the first step: the shapes of every step
  oracles::Walk walk;
  std::vector<double> float64_walk;  ///< of the loss, for pictures
};

/// What one run came to; no verdict where nothing is wrong.
struct Travelled {
  std::optional<Verdict> verdict;
  std::string message, advice;
  Ending ending;
  bool undecided = false;
};

training::Dataset data_of(const fixtures::Training::Data& data, std::size_t examples, std::uint64_t seed) {
  const double noise = oracles::nearest_double(data.noise);
  if (data.kind == "moons") return training::moons(examples, noise, 0, seed);
  if (data.kind == "spirals") return training::spirals(examples, 1, noise, seed);
  if (data.kind == "xor") return training::exclusive_or(examples, noise, seed);
  return training::blobs({.examples = examples, .label_noise = std::min(noise, 1.0)}, seed);
}

class TrainingJudge : public SingleJudge {
 public:
  TrainingJudge(const Prepared& prepared, const CaseGroup& group, const PreparedCriterion& criterion)
      : settings_(std::get<fixtures::Training>(criterion.spec->settings)) {
    const auto fail = [&](const std::string& problem) {
      throw fixtures::LoadError(prepared.assignment.file, criterion.spec->place,
                                fmt::format("criterion \"{}\": {}", criterion.spec->id, problem));
    };
    for (std::size_t i = 0; i < group.cases.size(); ++i) {
      Case one = group.cases[i];
      try {
        if (!settings_.data.kind.empty()) fill(one, prepared.assignment.seed + i);
        Expected first = group.function->expect(one, group.slack);
        oracles::Walk walk(*group.function->program, one.inputs, settings_.carry, settings_.loss,
                           settings_.trajectory ? settings_.steps : 1,
                           group.function->float_format(settings_.loss), group.slack);
        if (settings_.trajectory && walk.meaningful() < 2)
          fail(
              "its trajectory means nothing even after one step: rounding is larger than three digits there");
        starts_.push_back({std::move(one), std::move(first), std::move(walk), {}});
        starts_.back().float64_walk = oracle_curve(group, settings_, starts_.back().one);
      } catch (const oracles::ShapeError& error) {
        fail(error.what());
      }
    }
  }

 private:
  /// Throws ShapeError where the inputs do not have the data's shape.
  void fill(Case& one, std::uint64_t seed) const {
    auto* const features = std::get_if<oracles::Tensor<double>>(&one.inputs.at(settings_.data.features));
    auto* const labels = std::get_if<oracles::IndexTensor>(&one.inputs.at(settings_.data.labels));
    if (!features || !labels || features->rank() != 2 || features->shape[1] != 2 ||
        labels->shape != oracles::Shape{features->shape[0]})
      throw oracles::ShapeError(fmt::format("data of kind \"{}\" need {} of shape [N, 2] and {} of shape [N]",
                                            settings_.data.kind, settings_.data.features,
                                            settings_.data.labels));
    const training::Dataset data = data_of(settings_.data, labels->size(), seed);
    if (data.size() < labels->size() || data.features.size() < features->size())
      throw oracles::ShapeError("the data set has fewer rows than the input");
    std::copy_n(data.features.begin(), features->size(), features->data.begin());
    std::ranges::transform(
        data.labels.begin(), data.labels.begin() + static_cast<std::ptrdiff_t>(labels->size()),
        labels->data.begin(), [](std::size_t label) { return static_cast<std::int64_t>(label); });
  }

  CriterionResult grade_one(const Subject& subject, const CaseGroup& group,
                            const PreparedCriterion& criterion) const override {
    CriterionResult result;
    result.total = starts_.size();
    std::optional<Travelled> worst;
    std::size_t worst_start = 0;
    for (std::size_t i = 0; i < starts_.size(); ++i) {
      Travelled run = travel(subject, group, starts_[i]);
      result.undecided += run.undecided;
      if (!run.verdict) {
        result.accepted += !run.undecided;
        continue;
      }
      if (*run.verdict == Verdict::harness_error || *run.verdict == Verdict::missing_function) {
        stopped(result, std::move(run.ending));
        return result;
      }
      if (worst) continue;
      worst = std::move(run);
      worst_start = i;
    }
    if (worst)
      tell(subject, group, result, std::move(*worst), worst_start, criterion);
    else if (result.undecided > 0)
      result.message = fmt::format("{} of {} runs could not be decided; a person must look", result.undecided,
                                   result.total);
    else
      accept(result);
    return result;
  }

  void accept(CriterionResult& result) const {
    result.verdict = Verdict::accepted;
    std::size_t followed = settings_.steps;
    for (const Start& start : starts_) followed = std::min(followed, start.walk.meaningful());
    if (settings_.trajectory)
      result.message =
          fmt::format("follows the exact loss for {} steps{}", followed - 1,
                      followed < settings_.steps ? "; the later ones are right from where each begins" : "");
    if (!settings_.target.empty())
      result.message += fmt::format("{}comes down to {} within {} steps", result.message.empty() ? "" : "; ",
                                    settings_.target, settings_.steps);
  }

  void tell(const Subject& subject, const CaseGroup& group, CriterionResult& result, Travelled run,
            std::size_t start, const PreparedCriterion& criterion) const {
    result.verdict = *run.verdict;
    result.message = std::move(run.message);
    result.advice = std::move(run.advice);
    result.signal = std::move(run.ending.signal);
    result.standard_error = std::move(run.ending.standard_error);
    Counterexample example;
    example.case_number = start;
    example.one = starts_[start].one;
    example.confirmed = true;
    result.counterexample = std::move(example);
    if (result.verdict == Verdict::wrong || result.verdict == Verdict::not_finite)
      result.loss_curve = run_again(subject, group, start);
    const std::size_t judged = result.total - result.undecided;
    result.points = has_partial_credit(criterion) ? credit(criterion, result.accepted, judged) : Points(0);
  }

  /// For the picture: a run that is not judged, and so goes on where the other ended.
  std::optional<LossCurve> run_again(const Subject& subject, const CaseGroup& group,
                                     std::size_t start) const {
    const Start& from = starts_[start];
    Session session = subject.start();
    auto curve = loss_curve(session, group, settings_, from.one, from.first, from.float64_walk);
    if (curve) curve->case_number = start;
    return curve;
  }

  /// One run in a process of its own.
  Travelled travel(const Subject& subject, const CaseGroup& group, const Start& start) const {
    const PreparedFunction& function = *group.function;
    Session session = subject.start();
    Case state = start.one;
    Travelled run;
    for (std::size_t step = 0; step < settings_.steps; ++step) {
      const Reply reply = call(session, function, state, start.first);
      if (reply.kind != Reply::Kind::values) {
        run.ending = ending_of(session, function, reply);
        run.verdict = run.ending.verdict;
        run.message = fmt::format("{}, in step {}", run.ending.message, step + 1);
        return run;
      }
      if (settings_.trajectory && step < start.walk.meaningful() &&
          !is_on_the_way(value_of(function, reply, settings_.loss), start, step, run))
        return run;
      if (settings_.trajectory && is_looked_at(start, step) &&
          !is_right_from_here(function, reply, state, group, step, run))
        return run;
      if (!carry(function, reply, start, step, state, run)) return run;
    }
    if (!settings_.target.empty()) hold_against_target(function, state, group.slack, run);
    return run;
  }

  /// Beyond the meaningful trajectory some steps, evenly spread, are judged from where they begin.
  bool is_looked_at(const Start& start, std::size_t step) const {
    const std::size_t first = start.walk.meaningful();
    if (step < first) return false;
    const std::size_t stride = (settings_.steps - first + most_looked_at - 1) / most_looked_at;
    return (step - first) % stride == 0;
  }

  bool is_right_from_here(const PreparedFunction& function, const Reply& reply, const Case& state,
                          const CaseGroup& group, std::size_t step, Travelled& run) const {
    const Expected expected = function.expect(state, group.slack);
    std::vector<std::string> results{settings_.loss};
    for (const auto& [input, result] : settings_.carry) results.push_back(result);
    for (const std::string& result : results) {
      const Outcome outcome = expected.judge(result, value_of(function, reply, result)).outcome;
      run.undecided = run.undecided || outcome == Outcome::cannot_tell;
      if (!oracles::is_failure(outcome)) continue;
      run.verdict = verdict_of(outcome);
      run.message = fmt::format("{} of step {} is wrong, though the steps looked at before it are right",
                                result, step + 1);
      run.advice =
          "Look for what is kept between steps, such as a count of calls, and for numbers that have become "
          "very small or large by then.";
      return false;
    }
    return true;
  }

  bool is_on_the_way(const oracles::Tensor<double>& loss, const Start& start, std::size_t step,
                     Travelled& run) const {
    if (loss.rank() != 0) {
      run.verdict = Verdict::wrong_shape;
      run.message = settings_.loss + " is not one number";
      return false;
    }
    const Outcome outcome = start.walk.judge(step, loss[0]);
    run.undecided = run.undecided || outcome == Outcome::cannot_tell;
    if (!oracles::is_failure(outcome)) return true;
    run.verdict = verdict_of(outcome);
    if (step == 0) {
      run.message =
          fmt::format("{} is wrong already at the start, before any step has been taken", settings_.loss);
      run.advice = "See the criteria that judge " + settings_.loss + " alone first.";
      return false;
    }
    run.message = fmt::format(
        "{} leaves the exact trajectory: after {} it is {:.10g}, further from the exact value "
        "than rounding can explain{}",
        settings_.loss, step == 1 ? "the first step" : fmt::format("{} steps", step), loss[0],
        step == 1   ? ""
        : step == 2 ? "; the first step is right"
                    : fmt::format("; the first {} are right", step - 1));
    run.advice =
        step == 1
            ? "Take one step by hand: the gradient, its sign, its mean or sum, the rate, and every parameter."
            : "A first step that is right and a later one that is not: look for what is kept between steps, "
              "such as momentum, a step count, or an array that is added to.";
    return false;
  }

  bool carry(const PreparedFunction& function, const Reply& reply, const Start& start, std::size_t step,
             Case& state, Travelled& run) const {
    for (const auto& [input, result] : settings_.carry) {
      const auto got = value_of(function, reply, result);
      if (got.shape != start.first.shape(result)) {
        run.verdict = Verdict::wrong_shape;
        run.message =
            fmt::format("{} has shape {}, not {}, after step {}", result, oracles::to_string(got.shape),
                        oracles::to_string(start.first.shape(result)), step + 1);
        return false;
      }
      if (!std::ranges::all_of(got.data, [](double x) { return std::isfinite(x); })) {
        run.verdict = Verdict::not_finite;
        run.message = fmt::format("{} is not finite after step {}: the run has diverged", result, step + 1);
        run.advice =
            "Look at the sign of the step and at the rate: the loss should fall from the first step on.";
        return false;
      }
      put(state.inputs.at(input), got);
    }
    return true;
  }

  void hold_against_target(const PreparedFunction& function, const Case& state, const std::string& slack,
                           Travelled& run) const {
    const double target = oracles::nearest_double(settings_.target);
    const double reached = function.expect(state, slack).nearest(settings_.loss)[0];
    if (reached <= target) return;
    run.verdict = Verdict::wrong;
    run.message =
        fmt::format("after {} steps {} is {:.6g} at the parameters that came back; it should be {} or less",
                    settings_.steps, settings_.loss, reached, settings_.target);
    run.advice = "Print the loss of each step: does it fall at all, too slowly, or does it jump?";
  }

  const fixtures::Training& settings_;
  std::vector<Start> starts_;
};

}  // namespace

PreparedJudge prepare_training(const Prepared& prepared, const CaseGroup& group,
                               const PreparedCriterion& criterion) {
  return std::make_shared<const TrainingJudge>(prepared, group, criterion);
}

}  // namespace assay::graders
