#include "graders/criteria/calls.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "graders/criteria/call.hpp"
#include "graders/criteria/credit.hpp"

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
/// Processes that may die before the remaining cases of a criterion with partial credit count as failed.
constexpr std::size_t deaths_before_the_rest_is_lost = 4;
/// In all answers together that are kept for a diagnosis.
constexpr std::size_t most_observed_numbers = 1 << 20;

/// One group on one submission.
class GroupRun {
 public:
  GroupRun(const Subject& subject, const CaseGroup& group)
      : subject_(subject), group_(group), function_(*group.function) {}

  /// Calls and judges every case, in `warm` if there is one, else in a fresh process.
  void run(std::optional<Session> warm = std::nullopt) {
    start(std::move(warm));
    const std::size_t cases = group_.cases.size();
    for (std::size_t i = 0; i < cases && goes_on(); ++i) answer(subject_.backwards ? cases - 1 - i : i);
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
    for (Tally& tally : tallies_) {
      results.push_back(finish(tally));
      if (results.back().verdict != Verdict::accepted) results.back().observed = observed_;
    }
    return results;
  }

 private:
  struct Tally {
    const PreparedCriterion* criterion = nullptr;
    Rule rule = nullptr;
    CriterionResult result;
    std::optional<std::size_t> first_failure;
    Outcome failure = Outcome::wrong;
    std::size_t failures = 0;
    bool unbounded_error = false;
  };

  /// After a death only partial credit is left to find out, in fresh processes.
  bool goes_on() {
    if (!stop_) return true;
    const bool harmless =
        stop_->verdict != Verdict::harness_error && stop_->verdict != Verdict::missing_function;
    const bool open = std::ranges::any_of(
        tallies_, [](const Tally& tally) { return has_partial_credit(*tally.criterion); });
    if (!harmless || !open || deaths_ > deaths_before_the_rest_is_lost) return false;
    if (!session_) session_ = subject_.start();
    return true;
  }

  void start(std::optional<Session> warm) {
    session_ = warm ? std::move(warm) : subject_.start();
    for (const std::size_t place : group_.criteria) {
      Tally tally;
      tally.criterion = &subject_.prepared.criteria[place];
      tally.rule = kind_named(tally.criterion->spec->kind).rule;
      tally.result.total = group_.cases.size();
      tallies_.push_back(std::move(tally));
    }
  }

  void answer(std::size_t number) {
    const Reply reply = call(*session_, function_, group_.cases[number], group_.expected[number]);
    if (reply.kind != Reply::Kind::values) {
      stop(number, reply);
      return;
    }
    for (Tally& tally : tallies_)
      count(tally, number, tally.rule(function_, *tally.criterion, group_.expected[number], reply));
    observe(number, reply);
  }

  /// Kept for a diagnosis.
  void observe(std::size_t number, const Reply& reply) {
    Observation observation{number, {}};
    for (const std::string& result : function_.spec->results) {
      observation.results.push_back(value_of(function_, reply, result));
      observed_numbers_ += observation.results.back().size();
    }
    if (observed_numbers_ <= most_observed_numbers) observed_->push_back(std::move(observation));
  }

  /// The first death is the one that is told.
  void stop(std::size_t number, const Reply& reply) {
    Ending ending = ending_of(*session_, function_, reply);
    ++deaths_;
    if (stop_) {
      session_.reset();
      return;
    }
    stop_ = std::move(ending);
    stopped_at_ = number;
    session_.reset();
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
    if (!needs_a_person(result.verdict)) result.points = earned(tally);
    if (!function_.evidence.empty() && !stop_) result.message += "; " + function_.evidence;
    return std::move(result);
  }

  /// Cases that prove nothing, or could not be decided, cost nothing; those after too many deaths are lost.
  static Points earned(Tally& tally) {
    CriterionResult& result = tally.result;
    if (result.verdict == Verdict::accepted) return tally.criterion->points;
    if (!has_partial_credit(*tally.criterion)) return Points(0);
    const std::size_t judged = result.total - result.set_aside - result.undecided;
    Points points = credit(*tally.criterion, result.accepted, judged);
    if (points != 0) result.message += fmt::format("; {} of {} cases are right", result.accepted, judged);
    return points;
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
            fmt::format("{} differs from {} on {} of {} cases", which,
                        function_.evidence.empty() ? "the exact value" : "the reference's answer",
                        tally.failures, judged);
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
        session_.emplace(subject_.start());
      }
      const auto finding = find(*session_, tally, candidate);
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
  std::optional<Finding> find(Session& in, const Tally& tally, const Case& one) const {
    try {
      return find(in, tally, one, function_.expect(one, group_.slack));
    } catch (const oracles::ShapeError&) {
      return Finding{};
    }
  }

  std::optional<Finding> find(Session& in, const Tally& tally, const Case& one,
                              const Expected& expected) const {
    const Reply reply = call(in, function_, one, expected);
    if (reply.kind != Reply::Kind::values) return std::nullopt;
    return tally.rule(function_, *tally.criterion, expected, reply);
  }

  std::optional<Counterexample> confirm(const Tally& tally, const Case& one, bool shrunk) const {
    Session fresh = subject_.start();
    const Expected expected = function_.expect(one, group_.slack);
    const auto finding = find(fresh, tally, one, expected);
    if (!finding || !finding->is_failure()) return std::nullopt;
    Counterexample example;
    example.case_number = *tally.first_failure;
    example.one = one;
    example.shrunk = shrunk;
    example.confirmed = true;
    example.result = finding->result;
    example.shape = expected.shape(finding->result);
    example.got_shape = finding->got_shape;
    example.judgement = finding->judgement;
    if (example.judgement) expected.write_out(finding->result, *example.judgement);
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
        Session fresh = subject_.start();
        const Reply reply = call(fresh, function_, candidate, expected);
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

  const Subject& subject_;
  const CaseGroup& group_;
  const PreparedFunction& function_;
  std::optional<Session> session_;
  std::vector<Tally> tallies_;
  std::optional<Ending> stop_;
  std::size_t stopped_at_ = 0;
  std::size_t deaths_ = 0;
  std::shared_ptr<Observations> observed_ = std::make_shared<Observations>();
  std::size_t observed_numbers_ = 0;
  std::optional<Counterexample> stopped_example_;
};

bool harness_failed(const std::vector<CriterionResult>& results) {
  return std::ranges::any_of(results,
                             [](const auto& result) { return result.verdict == Verdict::harness_error; });
}

class CallsJudge : public Judge {
 public:
  std::vector<CriterionResult> grade(const Subject& subject, const CaseGroup& group,
                                     std::optional<Session>& warm) const override {
    if (warm) {
      GroupRun run(subject, group);
      run.run(std::exchange(warm, std::nullopt));
      if (run.clean()) {
        auto results = run.results();
        warm = run.release();
        return results;
      }
    }
    for (bool again : {true, false}) {
      GroupRun run(subject, group);
      run.run();
      auto results = run.results();
      if (again && harness_failed(results)) continue;
      warm = run.release();
      return results;
    }
    return {};
  }
};

}  // namespace

std::shared_ptr<const Judge> calls_judge() {
  return std::make_shared<const CallsJudge>();
}

}  // namespace assay::graders
