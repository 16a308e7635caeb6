#include "graders/oracle_criterion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "graders/finding.hpp"

namespace assay::graders {
namespace {

using oracles::Expected;
using properties::Case;
using Outcome = oracles::ResultJudgement::Outcome;

/// Candidates tried while shrinking: a call that answers costs a fraction of a millisecond, one that dies a
/// new box.
constexpr std::size_t shrink_budget = 250;
constexpr std::size_t shrink_budget_of_crashes = 40;
constexpr std::size_t restarts_while_shrinking = 5;

/// A reply may be this much larger than the right one before it is refused unread.
constexpr std::size_t spare_reply_bytes = 1 << 16;

/// What an earlier call might have left in an output parameter: no zeros, nothing repeated at once.
oracles::Value leftovers(const oracles::Shape& shape) {
  oracles::Tensor<double> tensor(shape);
  for (std::size_t i = 0; i < tensor.size(); ++i) tensor[i] = 0.625 * static_cast<double>(i % 7 + 1);
  return tensor;
}

std::vector<oracles::Value> arguments_of(const PreparedFunction& function, const Case& one,
                                         const Expected& expected) {
  std::vector<oracles::Value> arguments;
  for (const std::string& name : function.spec->arguments) {
    const auto input = one.inputs.find(name);
    arguments.push_back(input != one.inputs.end() ? input->second : leftovers(expected.shape(name)));
  }
  return arguments;
}

std::size_t largest_reply(const PreparedFunction& function, const Expected& expected) {
  std::size_t bytes = spare_reply_bytes;
  for (const std::string& result : function.spec->results)
    bytes += 2 * sizeof(double) * oracles::element_count(expected.shape(result));
  return bytes;
}

/// One group on one submission.
class GroupRun {
 public:
  GroupRun(const Prepared& prepared, const CaseGroup& group, const Runner& runner)
      : prepared_(prepared), group_(group), function_(*group.function), runner_(runner) {}

  /// Calls and judges every case, in `warm` if there is one, else in a fresh process.
  void run(std::optional<Session> warm = std::nullopt) {
    start(std::move(warm));
    for (std::size_t number = 0; number < group_.cases.size() && !stop_; ++number) answer(number);
    if (!stop_ && session_->has_unasked_bytes())
      stop(group_.cases.size() - 1, {Reply::Kind::malformed, {}, foreign_bytes});
  }

  /// True if no criterion has lost anything.
  bool clean() const {
    return !stop_ && std::ranges::all_of(tallies_, [](const Tally& tally) {
      return !tally.first_failure && tally.result.undecided == 0 && tally.result.accepted > 0;
    });
  }

  /// The process, if it is fit for another group: healthy, and far from its limits.
  std::optional<Session> release() {
    const bool fit = clean() && session_ && session_->is_young();
    return fit ? std::move(session_) : std::nullopt;
  }

  /// The verdicts; failures are shrunk here.
  std::vector<CriterionResult> results() {
    std::vector<CriterionResult> results;
    for (Tally& tally : tallies_) results.push_back(finish(tally));
    return results;
  }

 private:
  struct Tally {
    const PreparedCriterion* criterion = nullptr;
    CriterionResult result;
    std::optional<std::size_t> first_failure;
    Outcome failure = Outcome::wrong;
    std::size_t failures = 0;
    bool unbounded_error = false;
  };

  Session session() const {
    return {runner_.sandbox, runner_.program, prepared_.assignment.limits, runner_.slot};
  }

  Reply call(Session& in, const Case& one, const Expected& expected) const {
    Reply reply = in.call(function_.spec->name, arguments_of(function_, one, expected),
                          largest_reply(function_, expected));
    if (reply.kind == Reply::Kind::values && !fits(function_, reply))
      return {Reply::Kind::malformed, {}, "values of another number or type than the function returns"};
    return reply;
  }

  void start(std::optional<Session> warm) {
    session_ = warm ? std::move(warm) : session();
    for (const std::size_t place : group_.criteria) {
      Tally tally;
      tally.criterion = &prepared_.criteria[place];
      tally.result.total = group_.cases.size();
      tallies_.push_back(std::move(tally));
    }
  }

  void answer(std::size_t number) {
    const Reply reply = call(*session_, group_.cases[number], group_.expected[number]);
    if (reply.kind != Reply::Kind::values) {
      stop(number, reply);
      return;
    }
    for (Tally& tally : tallies_)
      count(tally, number, judge(function_, *tally.criterion, group_.expected[number], reply));
  }

  void stop(std::size_t number, const Reply& reply) {
    stop_ = reply.kind == Reply::Kind::missing_function
                ? Ending{Verdict::missing_function, "the submission defines no " + declaration(), "", ""}
                : session_->ending(reply);
    stopped_at_ = number;
  }

  std::string declaration() const {
    return function_.spec->declaration.empty() ? function_.spec->name : function_.spec->declaration;
  }

  static void count(Tally& tally, std::size_t number, const Finding& finding) {
    CriterionResult& result = tally.result;
    switch (finding.outcome) {
      case Outcome::accepted:
        ++result.accepted;
        break;
      case Outcome::set_aside:
        ++result.set_aside;
        break;
      case Outcome::cannot_tell:
        ++result.undecided;
        break;
      default:
        ++tally.failures;
        if (!tally.first_failure) {
          tally.first_failure = number;
          tally.failure = finding.outcome;
        }
    }
    const auto ratio = finding.judgement ? finding.judgement->ratio : std::nullopt;
    if (!ratio && finding.outcome != Outcome::set_aside) tally.unbounded_error = true;
    if (ratio && finding.outcome != Outcome::set_aside)
      result.worst_ratio = std::max(result.worst_ratio.value_or(0), *ratio);
  }

  CriterionResult finish(Tally& tally) {
    CriterionResult& result = tally.result;
    if (tally.unbounded_error) result.worst_ratio.reset();
    if (stop_)
      finish_stopped(tally);
    else if (tally.first_failure)
      finish_failed(tally);
    else if (result.undecided > 0 || result.accepted == 0)
      finish_undecided(result);
    else
      finish_accepted(tally);
    if (result.verdict == Verdict::accepted)
      result.points = tally.criterion->points;
    else if (!needs_a_person(result.verdict))
      result.points = Points(0);
    return std::move(result);
  }

  static void finish_accepted(Tally& tally) {
    CriterionResult& result = tally.result;
    result.verdict = Verdict::accepted;
    result.message = fmt::format("{} of {} cases accepted", result.accepted, result.total - result.set_aside);
    if (result.worst_ratio)
      result.message += fmt::format("; largest error {:.2g} of the allowance", *result.worst_ratio);
  }

  static void finish_undecided(CriterionResult& result) {
    result.verdict = Verdict::cannot_tell;
    result.message = result.undecided > 0
                         ? fmt::format("{} of {} cases could not be decided; a person must look",
                                       result.undecided, result.total)
                         : "every case was set aside: the inputs leave an honest implementation no digits; a "
                           "person must look";
  }

  void finish_stopped(Tally& tally) {
    CriterionResult& result = tally.result;
    result.verdict = stop_->verdict;
    result.message = stop_->message;
    result.signal = stop_->signal;
    result.standard_error = stop_->standard_error;
    if (stop_->verdict == Verdict::harness_error || stop_->verdict == Verdict::missing_function) return;
    if (!stopped_example_) stopped_example_ = shrink_stop();
    result.counterexample = stopped_example_;
  }

  void finish_failed(Tally& tally) {
    CriterionResult& result = tally.result;
    result.verdict = verdict_of(tally.failure);
    result.counterexample = shrink_failure(tally);
    const std::size_t judged = result.total - result.set_aside;
    const std::string which = result.counterexample->result;
    switch (tally.failure) {
      case Outcome::wrong_shape:
        result.message = fmt::format("{} has shape {}, not {}", which,
                                     oracles::to_string(result.counterexample->got_shape),
                                     oracles::to_string(result.counterexample->shape));
        break;
      case Outcome::not_finite:
        result.message = fmt::format("{} is not finite on {} of {} cases", which, tally.failures, judged);
        break;
      default:
        result.message =
            fmt::format("{} differs from the exact value on {} of {} cases", which, tally.failures, judged);
    }
    if (!result.counterexample->confirmed)
      result.message +=
          "; none fails alone in a fresh process: the program keeps state between calls, or reads memory "
          "that it never wrote";
  }

  /// The failing case made small, then run once more in a fresh process: state left by earlier calls, or
  /// luck, would show there. If the small one does not fail alone, the case as drawn is reported.
  Counterexample shrink_failure(const Tally& tally) {
    const Case& original = group_.cases[*tally.first_failure];
    std::size_t restarts = 0;
    const auto still_fails = [&](const Case& candidate) {
      if (!session_) {
        if (++restarts > restarts_while_shrinking) return false;
        session_.emplace(session());
      }
      const auto finding = find(*session_, *tally.criterion, candidate);
      if (!finding) session_.reset();
      return finding && finding->outcome == tally.failure;
    };
    const auto shrunk = group_.generator.shrink(original, still_fails, shrink_budget);
    if (auto found = confirm(tally, shrunk.smallest, shrunk.changed); found) return std::move(*found);
    if (auto found = confirm(tally, original, false); found) return std::move(*found);
    Counterexample unconfirmed;
    unconfirmed.case_number = *tally.first_failure;
    unconfirmed.one = original;
    unconfirmed.result = tally.criterion->spec->results.front();
    unconfirmed.shape = group_.expected[*tally.first_failure].shape(unconfirmed.result);
    return unconfirmed;
  }

  /// Nothing where the program does not answer, or the case does not fit the oracle.
  std::optional<Finding> find(Session& in, const PreparedCriterion& criterion, const Case& one) const {
    try {
      const Expected expected = function_.expect(one, group_.slack);
      const Reply reply = call(in, one, expected);
      if (reply.kind != Reply::Kind::values) return std::nullopt;
      return judge(function_, criterion, expected, reply);
    } catch (const oracles::ShapeError&) {
      return Finding{};
    }
  }

  std::optional<Counterexample> confirm(const Tally& tally, const Case& one, bool shrunk) const {
    Session fresh = session();
    const auto finding = find(fresh, *tally.criterion, one);
    if (!finding || !finding->is_failure()) return std::nullopt;
    Counterexample example;
    example.case_number = *tally.first_failure;
    example.one = one;
    example.shrunk = shrunk;
    example.confirmed = true;
    example.result = finding->result;
    example.shape = function_.expect(one, group_.slack).shape(finding->result);
    example.got_shape = finding->got_shape;
    example.judgement = finding->judgement;
    return example;
  }

  /// A crash is shrunk in one new process per candidate; what takes time or memory is reported as it is.
  Counterexample shrink_stop() const {
    Counterexample example;
    example.case_number = stopped_at_;
    example.one = group_.cases[stopped_at_];
    if (stop_->verdict != Verdict::crashed && stop_->verdict != Verdict::forbidden_call &&
        stop_->verdict != Verdict::protocol_error)
      return example;
    const auto still_stops = [&](const Case& candidate) {
      try {
        const Expected expected = function_.expect(candidate, group_.slack);
        Session fresh = session();
        const Reply reply = call(fresh, candidate, expected);
        return reply.kind != Reply::Kind::values && reply.kind != Reply::Kind::missing_function &&
               fresh.ending(reply).verdict == stop_->verdict;
      } catch (const oracles::ShapeError&) {
        return false;
      }
    };
    const auto shrunk = group_.generator.shrink(example.one, still_stops, shrink_budget_of_crashes);
    example.one = shrunk.smallest;
    example.shrunk = shrunk.changed;
    example.confirmed = shrunk.changed || still_stops(example.one);
    return example;
  }

  const Prepared& prepared_;
  const CaseGroup& group_;
  const PreparedFunction& function_;
  const Runner& runner_;
  std::optional<Session> session_;
  std::vector<Tally> tallies_;
  std::optional<Ending> stop_;
  std::size_t stopped_at_ = 0;
  std::optional<Counterexample> stopped_example_;
};

bool harness_failed(const std::vector<CriterionResult>& results) {
  return std::ranges::any_of(results,
                             [](const auto& result) { return result.verdict == Verdict::harness_error; });
}

}  // namespace

std::vector<CriterionResult> grade_group(const Prepared& prepared, const CaseGroup& group,
                                         const Runner& runner, std::optional<Session>& warm) {
  if (warm) {
    GroupRun run(prepared, group, runner);
    run.run(std::exchange(warm, std::nullopt));
    if (run.clean()) {
      auto results = run.results();
      warm = run.release();
      return results;
    }
  }
  for (bool again : {true, false}) {
    GroupRun run(prepared, group, runner);
    run.run();
    auto results = run.results();
    if (again && harness_failed(results)) continue;
    warm = run.release();
    return results;
  }
  return {};
}

}  // namespace assay::graders
