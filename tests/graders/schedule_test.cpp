#include "graders/schedule.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace assay::graders::test {
namespace {

SubmissionResult result_with(Verdict verdict) {
  SubmissionResult result;
  result.verdict = verdict;
  return result;
}

/// Grades whose first `failures` attempts at each place of `unlucky` are harness errors.
class Machine {
 public:
  Machine(std::vector<std::size_t> unlucky, int failures)
      : unlucky_(std::move(unlucky)), failures_(failures) {}

  SubmissionResult grade(std::size_t place) {
    const int together = ++running_;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    const std::lock_guard lock(mutex_);
    --running_;
    const int attempt = ++attempts[place];
    if (attempt > 1) most_together_again = std::max(most_together_again, together);
    order.push_back(place);
    const bool fails = std::ranges::find(unlucky_, place) != unlucky_.end() && attempt <= failures_;
    return result_with(fails ? Verdict::harness_error : Verdict::accepted);
  }

  std::map<std::size_t, Verdict> run(std::size_t count, unsigned jobs) {
    std::map<std::size_t, Verdict> taken;
    grade_in_turn(
        count, jobs, [&](std::size_t place, unsigned) { return grade(place); },
        [&](std::size_t place, SubmissionResult&& result) {
          EXPECT_TRUE(taken.emplace(place, result.verdict).second) << place << " was taken twice";
        });
    return taken;
  }

  std::map<std::size_t, int> attempts;
  std::vector<std::size_t> order;
  int most_together_again = 0;

 private:
  std::vector<std::size_t> unlucky_;
  int failures_;
  std::mutex mutex_;
  std::atomic<int> running_{0};
};

std::size_t count_of(const std::map<std::size_t, Verdict>& taken, Verdict verdict) {
  return static_cast<std::size_t>(
      std::ranges::count_if(taken, [&](const auto& one) { return one.second == verdict; }));
}

TEST(Schedule, GradesOnceMoreWhereTheMachineFailed) {
  Machine machine({0, 3, 4}, 1);
  const auto taken = machine.run(10, 4);
  EXPECT_EQ(taken.size(), 10u);
  EXPECT_EQ(count_of(taken, Verdict::accepted), 10u);
  for (const auto& [place, attempts] : machine.attempts)
    EXPECT_EQ(attempts, place == 0 || place == 3 || place == 4 ? 2 : 1) << place;
}

TEST(Schedule, DoesSoAfterAllOthersAndOneAtATime) {
  Machine machine({0, 1, 2, 3, 4, 5}, 1);
  machine.run(12, 4);
  ASSERT_EQ(machine.order.size(), 18u);
  std::vector<std::size_t> last(machine.order.end() - 6, machine.order.end());
  std::ranges::sort(last);
  EXPECT_EQ(last, (std::vector<std::size_t>{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(machine.most_together_again, 1);
}

TEST(Schedule, GivesUpAfterTheSecondTime) {
  Machine machine({2}, 1000);
  const auto taken = machine.run(4, 2);
  EXPECT_EQ(taken.at(2), Verdict::harness_error);
  EXPECT_EQ(count_of(taken, Verdict::accepted), 3u);
  EXPECT_EQ(machine.attempts[2], 2);
}

TEST(Schedule, DoesNotGradeAWholeClassAgain) {
  std::vector<std::size_t> all(100);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  Machine machine(all, 1000);
  const auto taken = machine.run(100, 4);
  EXPECT_EQ(count_of(taken, Verdict::harness_error), 100u);
  EXPECT_EQ(machine.order.size(), 100 + most_graded_again);
}

TEST(Schedule, ThrowsWhatTakingThrowsAndTakesNothingMore) {
  std::size_t taken = 0;
  const auto run = [&](const Take& take) {
    grade_in_turn(
        50, 3,
        [](std::size_t place, unsigned) {
          return result_with(place == 0 ? Verdict::harness_error : Verdict::accepted);
        },
        take);
  };
  EXPECT_THROW(run([&](std::size_t, SubmissionResult&&) {
                 if (++taken == 5) throw std::runtime_error("the disk is full");
               }),
               std::runtime_error);
  EXPECT_EQ(taken, 5u);
}

TEST(Schedule, OfNothingIsNothing) {
  EXPECT_TRUE(Machine({}, 0).run(0, 2).empty());
}

}  // namespace
}  // namespace assay::graders::test
