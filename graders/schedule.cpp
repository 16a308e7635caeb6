#include "graders/schedule.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <numeric>
#include <thread>
#include <utility>
#include <vector>

#include "graders/sandbox/interrupt.hpp"
#include "oracles/expected.hpp"

namespace assay::graders {
namespace {

class Schedule {
 public:
  Schedule(const GradeOne& grade, const Take& take) : grade_(grade), take_(take) {}

  /// Takes what comes of these places; the places of harness errors, as many as `spare`, are given back
  /// instead.
  std::vector<std::size_t> round(const std::vector<std::size_t>& places, std::size_t jobs,
                                 std::size_t spare) {
    std::vector<std::size_t> spared;
    std::atomic<std::size_t> next{0};
    const auto work = [&](unsigned slot) {
      for (std::size_t i; !ended() && (i = next++) < places.size();) {
        auto result = grade_(places[i], slot);
        const std::lock_guard lock(taking_);
        if (result.verdict == Verdict::harness_error && spared.size() < spare)
          spared.push_back(places[i]);
        else
          take(places[i], std::move(result));
      }
      oracles::release_thread_caches();
    };
    std::vector<std::thread> threads;
    for (unsigned slot = 0; slot < std::min(jobs, places.size()); ++slot) threads.emplace_back(work, slot);
    for (std::thread& thread : threads) thread.join();
    return spared;
  }

  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  bool ended() const { return failed_ || interrupted(); }

  void take(std::size_t place, SubmissionResult&& result) {
    if (ended()) return;
    try {
      take_(place, std::move(result));
    } catch (...) {
      failure_ = std::current_exception();
      failed_ = true;
    }
  }

  const GradeOne& grade_;
  const Take& take_;
  std::atomic<bool> failed_{false};
  std::exception_ptr failure_;
  std::mutex taking_;
};

}  // namespace

void grade_in_turn(std::size_t count, unsigned jobs, const GradeOne& grade, const Take& take) {
  Schedule schedule(grade, take);
  std::vector<std::size_t> all(count);
  std::iota(all.begin(), all.end(), std::size_t{0});
  schedule.round(schedule.round(all, std::max(1u, jobs), most_graded_again), 1, 0);
  schedule.rethrow();
}

}  // namespace assay::graders
