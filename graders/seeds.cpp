#include "graders/seeds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "graders/criteria/kind.hpp"
#include "graders/pinned_text.hpp"
#include "graders/sandbox/interrupt.hpp"
#include "graders/submissions.hpp"

namespace assay::graders {
namespace {

/// The reference, and what its author declares to be right in everything.
std::vector<std::string> correct_submissions(const Prepared& prepared) {
  std::vector<std::string> paths{prepared.assignment.reference};
  for (const fixtures::KnownSubmission& known : prepared.assignment.known)
    if (!known.verdict && known.verdicts.empty() && parse_points(known.score) == prepared.total)
      paths.push_back(known.path);
  return paths;
}

Work work_of(const Prepared& prepared, const std::string& path) {
  auto taken = take_in_work({prepared.assignment.folder / path}, prepared.assignment);
  Work work = std::move(taken.at(0).work);
  work.id = path;
  return work;
}

/// One run over all seeds.
class SeedsRun {
 public:
  SeedsRun(const Prepared& prepared, const Toolchain& toolchain, const Sandbox& sandbox, Seeds seeds,
           const SeedsProgress& progress)
      : prepared_(prepared), toolchain_(toolchain), sandbox_(sandbox), progress_(progress) {
    report_.seeds = seeds;
    report_.subjects = correct_submissions(prepared);
    for (const PreparedCriterion& criterion : prepared.criteria)
      (kind_named(criterion.spec->kind).draws ? report_.criteria : report_.not_redrawn)
          .push_back(criterion.spec->id);
    for (const std::string& path : report_.subjects) subjects_.push_back(work_of(prepared, path));
  }

  SeedsReport run(unsigned jobs) {
    if (report_.criteria.empty()) report_.finished = report_.seeds.count;  // there is nothing to draw
    std::vector<std::thread> threads;
    for (unsigned slot = 0; slot < std::max(1u, jobs) && !report_.criteria.empty(); ++slot)
      threads.emplace_back([this, slot] { work(slot); });
    for (std::thread& thread : threads) thread.join();
    if (failure_) std::rethrow_exception(failure_);
    std::ranges::stable_sort(report_.alarms, {}, &Alarm::seed);
    return std::move(report_);
  }

 private:
  void work(unsigned slot) {
    try {
      const auto programs = compile(slot);
      for (std::size_t i; !failed_ && !interrupted() && (i = next_++) < report_.seeds.count;)
        try_seed(report_.seeds.first + i, programs, slot);
    } catch (...) {
      const std::lock_guard lock(reporting_);
      if (!failed_.exchange(true)) failure_ = std::current_exception();
    }
    oracles::release_thread_caches();
  }

  static std::string folder_name(std::size_t subject, unsigned slot) {
    return fmt::format("c{:03}x{}", subject, slot);
  }

  /// Threads share no folder.
  std::vector<std::filesystem::path> compile(unsigned slot) const {
    std::vector<std::filesystem::path> programs;
    for (std::size_t i = 0; i < subjects_.size() && !interrupted(); ++i) {
      const std::string& problem = subjects_[i].problem;
      const Compiled built = problem.empty()
                                 ? toolchain_.compile(folder_name(i, slot), subjects_[i].files, slot)
                                 : Compiled{Verdict::did_not_compile, "", problem, {}};
      if (built.verdict != Verdict::accepted && !interrupted())
        throw ToolchainError(
            fmt::format("{} is declared correct and does not compile: {}", subjects_[i].id, built.message));
      programs.push_back(built.program);
    }
    return programs;
  }

  void try_seed(std::uint64_t seed, const std::vector<std::filesystem::path>& programs, unsigned slot) {
    const Prepared drawn = redrawn(prepared_, seed);
    std::vector<Alarm> alarms;
    for (std::size_t i = 0; i < subjects_.size() && !interrupted(); ++i) {
      const Subject subject{drawn,       toolchain_,           sandbox_, subjects_[i].files,
                            programs[i], folder_name(i, slot), slot,     {},
                            false};
      tell(grade_compiled(subject, {}), drawn, seed, subjects_[i].id, alarms);
    }
    if (interrupted()) return;
    const std::lock_guard lock(reporting_);
    report_.alarms.insert(report_.alarms.end(), alarms.begin(), alarms.end());
    ++report_.finished;
    if (progress_) progress_(report_.finished, report_.seeds.count, report_.alarms.size());
  }

  static void tell(const SubmissionResult& result, const Prepared& drawn, std::uint64_t seed,
                   const std::string& subject, std::vector<Alarm>& alarms) {
    if (result.nondeterminism)
      alarms.push_back({seed, subject, "", Verdict::wrong, result.nondeterminism->sentence, ""});
    for (std::size_t i = 0; i < drawn.criteria.size(); ++i) {
      const CriterionResult& criterion = result.criteria[i];
      if (criterion.verdict == Verdict::accepted && criterion.points == drawn.criteria[i].points) continue;
      alarms.push_back({seed, subject, drawn.criteria[i].spec->id, criterion.verdict, criterion.message,
                        criterion.counterexample ? pinned_text(criterion.counterexample->one) : ""});
    }
  }

  const Prepared& prepared_;
  const Toolchain& toolchain_;
  const Sandbox& sandbox_;
  const SeedsProgress& progress_;
  SeedsReport report_;
  std::vector<Work> subjects_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> failed_{false};
  std::exception_ptr failure_;
  std::mutex reporting_;
};

}  // namespace

SeedsReport check_seeds(const Prepared& prepared, const Toolchain& toolchain, const Sandbox& sandbox,
                        Seeds seeds, unsigned jobs, const SeedsProgress& progress) {
  return SeedsRun(prepared, toolchain, sandbox, seeds, progress).run(jobs);
}

}  // namespace assay::graders
