#include "graders/schedule.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "graders/sandbox/interrupt.hpp"
#include "oracles/expected.hpp"

namespace assay::graders {
namespace {

class Schedule {
 public:
  Schedule(std::size_t count, const GradeOne& grade, const Take& take)
      : count_(count), grade_(grade), take_(take) {}

  void work(unsigned slot) {
    for (std::size_t place; !ended() && (place = next_++) < count_;) {
      auto result = grade_(place, slot);
      const std::lock_guard lock(taking_);
      if (result.verdict == Verdict::harness_error && again_.size() < most_graded_again)
        again_.push_back(place);
      else
        take(place, std::move(result));
    }
    oracles::release_thread_caches();
  }

  void work_again() {
    for (const std::size_t place : again_)
      if (!ended()) take(place, grade_(place, 0));
    oracles::release_thread_caches();
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

  const std::size_t count_;
  const GradeOne& grade_;
  const Take& take_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> failed_{false};
  std::exception_ptr failure_;
  std::mutex taking_;
  std::vector<std::size_t> again_;
};

}  // namespace

void grade_in_turn(std::size_t count, unsigned jobs, const GradeOne& grade, const Take& take) {
  Schedule schedule(count, grade, take);
  std::vector<std::thread> threads;
  for (unsigned slot = 0; slot < std::max(1u, jobs); ++slot)
    threads.emplace_back([&schedule, slot] { schedule.work(slot); });
  for (std::thread& thread : threads) thread.join();
  // On a thread of its own, as the others: what it keeps of the oracles goes with it.
  std::thread([&schedule] { schedule.work_again(); }).join();
  schedule.rethrow();
}

}  // namespace assay::graders
