/// `memory`: what a call adds to the memory of an idle program, against the reference's or against a limit.
///
/// Each case has a process of its own. The kernel tells its peak when it ends, to the process that started
/// it: the program has no part in that. The same program that is asked for nothing is taken off.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <mutex>

#include "graders/author_files.hpp"
#include "graders/criteria/call.hpp"
#include "graders/criteria/ratio.hpp"
#include "graders/criteria/single.hpp"

namespace assay::graders {
namespace {

namespace fs = std::filesystem;

/// Peaks of equal calls differ by pages of code and by what the allocator keeps.
constexpr double uncertainty = 512 << 10;
constexpr double mebi = 1 << 20;

/// What one process came to.
struct Peak {
  std::optional<double> bytes;
  CriterionResult failure;  ///< where there is none
};

class MemoryJudge : public SingleJudge {
 public:
  explicit MemoryJudge(const fixtures::Memory& settings)
      : settings_(settings),
        times_(settings.at_most.empty() ? 0 : oracles::nearest_double(settings.at_most)) {}

 private:
  CriterionResult grade_one(const Subject& subject, const CaseGroup& group,
                            const PreparedCriterion& criterion) const override {
    std::call_once(measured_, [&] { measure_reference(subject, group, criterion); });
    CriterionResult result;
    result.total = group.cases.size();
    if (!unfit_.empty()) return untold(std::move(result), unfit_);
    Peak idle = measure(subject, subject.program, group, nullptr, {});
    if (!idle.bytes) return idle.failure;
    bool open = false;
    for (std::size_t i = 0; i < group.cases.size(); ++i) {
      const Peak peak = measure(subject, subject.program, group, &criterion, i);
      if (!peak.bytes) return peak.failure;
      Comparison found = judge(*peak.bytes - *idle.bytes, i, result, criterion);
      if (found == Comparison::beyond) {  // once more, alone again
        const Peak again = measure(subject, subject.program, group, &criterion, i);
        if (again.bytes) found = judge(*again.bytes - *idle.bytes, i, result, criterion);
      }
      if (found == Comparison::beyond)
        return too_much(std::move(result), sizes_of(subject.prepared, *group.function, group.cases[i]));
      open = open || found == Comparison::undecided;
      result.accepted += found == Comparison::within;
    }
    if (open)
      return untold(std::move(result),
                    "its memory is so near to " + told_limit() + " that the allocator's own pages decide");
    result.verdict = Verdict::accepted;
    result.message = fmt::format("adds no more memory than {}", told_limit());
    return result;
  }

  std::string told_limit() const {
    return times_ > 0 ? settings_.at_most + " times the reference's"
                      : fmt::format("{:.3g} MiB", static_cast<double>(settings_.bytes) / mebi);
  }

  double limit(std::size_t number) const {
    return times_ > 0 ? times_ * reference_[number] : static_cast<double>(settings_.bytes);
  }

  Comparison judge(double added, std::size_t number, CriterionResult& result,
                   const PreparedCriterion& criterion) const {
    const double unsure = uncertainty * (1 + times_);
    const double per = times_ > 0 ? reference_[number] : 1;
    const Interval interval{std::max(added - unsure, 0.0), added, added + unsure};
    if (!result.measured || interval.middle / per > result.measured->middle)
      result.measured =
          Measurement{criterion.spec->id, added / per, interval.low / per, interval.high / per, result.total};
    return compare(interval, limit(number));
  }

  CriterionResult too_much(CriterionResult result, const std::string& sizes) const {
    const double low = result.measured->low;
    result.verdict = Verdict::out_of_memory;
    const double told = static_cast<double>(settings_.bytes) / mebi;
    result.message =
        times_ > 0
            ? fmt::format("adds {} the reference's memory, on inputs with {}; {} times are allowed",
                          more_than(times_, low), sizes, settings_.at_most)
            : fmt::format("adds {} {:.3g} MiB of memory, on inputs with {}; {:.3g} MiB are allowed",
                          low > 2 * static_cast<double>(settings_.bytes) ? "more than twice" : "more than",
                          told, sizes, told);
    result.advice =
        "Look for copies of whole inputs, parameters without &, and tables that could be one row.";
    return result;
  }

  /// Peak of a fresh process that answers this case, or of one that is asked for nothing.
  static Peak measure(const Subject& subject, const fs::path& program, const CaseGroup& group,
                      const PreparedCriterion* criterion, std::size_t number) {
    const auto& limits = subject.prepared.assignment.limits;
    Session session(subject.sandbox, program, limits, subject.slot);
    Peak peak;
    if (criterion) {
      const Reply reply = call(session, *group.function, group.cases[number], group.expected[number]);
      if (reply.kind != Reply::Kind::values) {
        stopped(peak.failure, ending_of(session, *group.function, reply));
        return peak;
      }
      const Finding finding = judge_values(*group.function, *criterion, group.expected[number], reply);
      if (finding.is_failure()) {
        peak.failure.verdict = verdict_of(finding.outcome);
        peak.failure.message =
            fmt::format("{} is not right, and memory counts for right answers alone", finding.result);
        peak.failure.advice =
            "See the criteria that judge the answers of " + group.function->spec->name + " first.";
        return peak;
      }
    }
    const BoxEnd end = session.finish();
    if (end.peak_bytes > 0) {
      peak.bytes = static_cast<double>(end.peak_bytes);
    } else {
      peak.failure.verdict =
          end.cause == EndCause::sandbox_failed ? Verdict::harness_error : Verdict::protocol_error;
      peak.failure.message = "the program did not come to its end by itself";
    }
    return peak;
  }

  void measure_reference(const Subject& subject, const CaseGroup& group,
                         const PreparedCriterion& criterion) const {
    const auto& assignment = subject.prepared.assignment;
    const Compiled built =
        subject.toolchain.compile(subject.toolchain.free_name("reference-" + criterion.spec->id),
                                  reference_files(assignment), subject.slot);
    if (built.verdict != Verdict::accepted) {
      unfit_ = "the reference does not build: " + built.message;
      return;
    }
    const Peak idle = measure(subject, built.program, group, nullptr, {});
    for (std::size_t i = 0; i < group.cases.size() && idle.bytes; ++i) {
      const Peak peak = measure(subject, built.program, group, &criterion, i);
      if (!peak.bytes) {
        unfit_ = "the reference: " + peak.failure.message;
        return;
      }
      reference_.push_back(*peak.bytes - *idle.bytes);
      if (times_ > 0 && reference_.back() * (times_ - 1) < 2 * uncertainty * (1 + times_)) {
        unfit_ = fmt::format(
            "the reference adds {:.2g} MiB, too little for a limit of {}; give the cases larger dimensions",
            reference_.back() / mebi, told_limit());
        return;
      }
    }
    if (!idle.bytes) unfit_ = "the peak of a process cannot be read on this machine";
  }

  const fixtures::Memory& settings_;
  double times_;  ///< 0: a limit in bytes
  mutable std::once_flag measured_;
  mutable std::string unfit_;
  mutable std::vector<double> reference_;  ///< bytes, one for each case
};

}  // namespace

PreparedJudge prepare_memory(const Prepared&, const CaseGroup&, const PreparedCriterion& criterion) {
  return std::make_shared<const MemoryJudge>(std::get<fixtures::Memory>(criterion.spec->settings));
}

}  // namespace assay::graders
