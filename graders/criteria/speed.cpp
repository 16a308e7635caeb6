/// `speed`: the processor time of a call as a multiple of the reference's on the same case.
///
/// Three programs of the same kind of box are called in turn on each case: the reference, the submission, and
/// the reference once more. The kernel counts their time from outside. The third shows what this machine's
/// noise makes of two equal programs. No case is asked twice, so that nothing can be remembered, and only
/// right answers count. A ratio within the noise of the limit is not decided.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <thread>

#include "graders/author_files.hpp"
#include "graders/criteria/call.hpp"
#include "graders/criteria/ratio.hpp"
#include "graders/criteria/single.hpp"

namespace assay::graders {
namespace {

namespace fs = std::filesystem;
using Microseconds = std::chrono::microseconds;

/// How sure the interval of the median ratio is; a first look, after some cases, must be surer.
constexpr double probability = 0.99;
constexpr double probability_of_first_look = 0.998;
constexpr std::size_t first_look = 10;
/// What repetition does not average out: where the linker puts the code, what the caches hold.
constexpr double systematic = 1.1;
/// Calls that take less are mostly the passing of values and the clock's own grain.
constexpr Microseconds least_time{200};
/// A process is kept while it is young; one that is asked for too much ends like any other.
constexpr std::chrono::milliseconds settling{5};
constexpr std::size_t programs = 3, student = 1;

class SpeedJudge : public SingleJudge {
 public:
  explicit SpeedJudge(const fixtures::Speed& settings)
      : limit_(oracles::nearest_double(settings.at_most)), told_limit_(settings.at_most) {}

 private:
  /// The programs of one submission, and what was measured.
  struct Race {
    const Subject& subject;
    const CaseGroup& group;
    const PreparedCriterion& criterion;
    std::array<fs::path, programs> paths;
    std::array<std::optional<Session>, programs> sessions;
    std::vector<double> ratios, control;
    std::array<std::vector<Microseconds>, programs> times;  ///< of each case, once it has settled
    std::array<Microseconds, programs> marks{};
    std::array<bool, programs> pending{};
  };

  CriterionResult grade_one(const Subject& subject, const CaseGroup& group,
                            const PreparedCriterion& criterion) const override {
    CriterionResult result;
    result.total = group.cases.size();
    std::call_once(made_, [&] { make_reference(subject, criterion.spec->id); });
    if (!unfit_.empty()) return untold(std::move(result), unfit_);
    Race race{subject, group, criterion, {reference_, subject.program, reference_}, {}, {}, {}, {}};
    for (std::size_t i = 0; i < group.cases.size(); ++i) {
      if (!run_case(race, i, result)) return result;
      ++result.accepted;
      if (i + 1 != first_look || i + 1 == group.cases.size()) continue;
      add_up(race);
      const auto early = judge(race, probability_of_first_look);
      if (early && *early != Comparison::undecided) return tell(std::move(result), race, *early);
    }
    add_up(race);
    const auto verdict = judge(race, probability);
    if (verdict) return tell(std::move(result), race, *verdict);
    return untold(std::move(result), why_not(race));
  }

  static CriterionResult untold(CriterionResult result, const std::string& why) {
    result.accepted = 0;
    return graders::untold(std::move(result), why);
  }

  void make_reference(const Subject& subject, const std::string& id) const {
    const Box probe =
        subject.sandbox.start(run_box(subject.program, subject.prepared.assignment.limits, subject.slot));
    if (!probe.counts_cpu()) {
      unfit_ = "without a cgroup the processor time of a single call cannot be measured (sandbox " +
               to_string(subject.sandbox.report().tier) + ")";
      return;
    }
    const auto& assignment = subject.prepared.assignment;
    const Compiled built = subject.toolchain.compile(subject.toolchain.free_name("reference-" + id),
                                                     reference_files(assignment), subject.slot);
    if (built.verdict != Verdict::accepted) unfit_ = "the reference does not build: " + built.message;
    reference_ = built.program;
  }

  /// False where the matter has ended.
  static bool run_case(Race& race, std::size_t number, CriterionResult& result) {
    for (std::size_t turn = 0; turn < programs; ++turn) {
      const std::size_t which = (turn + number) % programs;
      auto& session = race.sessions[which];
      settle(race, which);
      if (session && !session->is_young()) session.reset();
      if (!session) {
        const auto& limits = race.subject.prepared.assignment.limits;
        session.emplace(race.subject.sandbox, run_box(race.paths[which], limits, race.subject.slot), limits);
        (void)session->call("", {}, 1 << 12);  // no such function: once that is said, the program has started
        settle(race, which);
      }
      const Reply reply =
          call(*session, *race.group.function, race.group.cases[number], race.group.expected[number]);
      race.pending[which] = true;
      if (which == student && !answered(race, *session, number, reply, result)) return false;
      if (which != student && reply.kind != Reply::Kind::values) {
        result.verdict = Verdict::harness_error;
        result.message = "the reference: " + ending_of(*session, *race.group.function, reply).message;
        return false;
      }
    }
    return true;
  }

  /// The kernel books a call's time when the program next waits, which may be after its reply: so it is read
  /// before the next call, and what was put off until after the reply counts as well.
  static void settle(Race& race, std::size_t which) {
    if (!race.sessions[which]) return;
    const Microseconds now = race.sessions[which]->cpu_used();
    if (race.pending[which]) race.times[which].push_back(std::max(now - race.marks[which], Microseconds(1)));
    race.pending[which] = false;
    race.marks[which] = now;
  }

  /// The times of all calls so far, as ratios.
  static void add_up(Race& race) {
    std::this_thread::sleep_for(settling);
    for (std::size_t which = 0; which < programs; ++which) settle(race, which);
    race.ratios.clear();
    race.control.clear();
    for (std::size_t i = 0; i < race.times[student].size(); ++i) {
      const auto time = [&](std::size_t which) { return static_cast<double>(race.times[which][i].count()); };
      race.ratios.push_back(2 * time(student) / (time(0) + time(2)));
      race.control.push_back(time(2) / time(0));
    }
  }

  static bool answered(const Race& race, Session& session, std::size_t number, const Reply& reply,
                       CriterionResult& result) {
    const PreparedFunction& function = *race.group.function;
    if (reply.kind != Reply::Kind::values) {
      stopped(result, ending_of(session, function, reply));
      return false;
    }
    const Finding finding = judge_values(function, race.criterion, race.group.expected[number], reply);
    if (!finding.is_failure()) return true;
    result.verdict = verdict_of(finding.outcome);
    result.message = fmt::format("{} is not right, and speed counts for right answers alone", finding.result);
    result.advice = "See the criteria that judge the answers of " + function.spec->name + " first.";
    return false;
  }

  /// Nothing where the machine does not let it be told.
  std::optional<Comparison> judge(const Race& race, double how_sure) const {
    if (!why_not(race).empty()) return std::nullopt;
    const auto interval = median_interval(race.ratios, how_sure);
    if (!interval) return std::nullopt;
    return compare(widened(*interval, systematic), limit_);
  }

  static std::string why_not(const Race& race) {
    auto times = race.times[0];
    std::ranges::nth_element(times, times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2));
    if (times[times.size() / 2] < least_time)
      return fmt::format(
          "a call of the reference takes less than {} microseconds, too little to compare; give its "
          "cases larger dimensions",
          least_time.count());
    const auto control = median_interval(race.control, probability);
    if (!control) return "there are too few cases to compare times; at least 8 are needed";
    if (const Interval wide = widened(*control, systematic); wide.low > 1 || wide.high < 1)
      return "the machine is too busy: the reference's time differs from its own";
    return "";
  }

  CriterionResult tell(CriterionResult result, const Race& race, Comparison verdict) const {
    const auto interval = median_interval(race.ratios, probability);
    result.measured = Measurement{race.criterion.spec->id, interval->middle, interval->low / systematic,
                                  interval->high * systematic, race.ratios.size()};
    switch (verdict) {
      case Comparison::within:
        result.verdict = Verdict::accepted;
        result.accepted = result.total;
        result.message = fmt::format("takes at most {} times the reference's time, at {:g} % confidence",
                                     told_limit_, 100 * probability);
        return result;
      case Comparison::beyond:
        result.verdict = Verdict::timed_out;
        result.accepted = 0;
        result.message = fmt::format(
            "takes {} the reference's time, on inputs with {}; {} times are allowed",
            more_than(limit_, interval->low / systematic),
            sizes_of(race.subject.prepared, *race.group.function, race.group.cases.front()), told_limit_);
        result.advice =
            "Look for a loop inside a loop that is not needed, for copies of whole inputs, and for what is "
            "computed "
            "again in each round.";
        return result;
      case Comparison::undecided:
        break;
    }
    return untold(
        std::move(result),
        fmt::format("its time is so near to {} times the reference's that the noise of this machine "
                    "decides",
                    told_limit_));
  }

  double limit_;
  std::string told_limit_;
  mutable std::once_flag made_;
  mutable std::string unfit_;
  mutable fs::path reference_;
};

}  // namespace

PreparedJudge prepare_speed(const Prepared&, const CaseGroup&, const PreparedCriterion& criterion) {
  return std::make_shared<const SpeedJudge>(std::get<fixtures::Speed>(criterion.spec->settings));
}

}  // namespace assay::graders
