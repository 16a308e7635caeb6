/// After a box has ended, nothing of it lives and nothing of it lies around.
#include <gtest/gtest.h>

#include <csignal>
#include <set>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include "graders/sandbox/cgroup.hpp"
#include "graders/sandbox/fd.hpp"
#include "tests/graders/sandbox/boxes.hpp"

namespace assay::graders {
namespace {

using namespace testing;
namespace fs = std::filesystem;

/// In the environment of every program that these tests box: other graders may run on this machine.
const std::string mark = "ASSAY_TEST_RUN=" + std::to_string(::getpid());

/// Processes that these tests boxed, whoever runs them; zombies are nobody's harm.
int living_probers() {
  int living = 0;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
    const std::string stat = read_small_file(entry.path() / "stat");
    const bool ours = read_small_file(entry.path() / "environ").find(mark) != std::string::npos;
    if (ours && stat.find(") Z") == std::string::npos) ++living;
  }
  return living;
}

TEST(LivingLeftovers, WouldBeSeen) {
  const Sandbox* const in = sandbox_of(Tier::s3_namespaces);
  if (!in) GTEST_SKIP() << "no S3 here";
  BoxSpec spec = prober({"sleep"});
  spec.environment = {mark};
  Box box = in->start(spec);
  const auto deadline = Clock::now() + 2s;
  while (living_probers() == 0 && Clock::now() < deadline) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(living_probers(), 1);
  (void)box.kill();
}

/// Generous: what is tested is that they end, on a machine that may be busy.
constexpr std::chrono::milliseconds patience = 5s;

bool all_gone_within(std::chrono::milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  while (living_probers() != 0)
    if (Clock::now() > deadline) return false;
  return true;
}

/// The compile profile may fork, so it is where survivors could be made.
BoxSpec forking(Scratch& scratch, const Sandbox& in, const std::string& mode) {
  BoxSpec spec;
  spec.profile = BoxProfile::compile;
  spec.source = in.make_folder(scratch.path(), "sub", 0, false);
  spec.output = in.make_folder(scratch.path(), "out", 0, true);
  spec.readable = {{helpers(), "/probe"}};
  spec.argv = {"/probe/assay-probe", mode};
  spec.environment = {mark};
  spec.limits.wall = 500ms;
  spec.limits.processes = 64;
  return spec;
}

class Leftovers : public ::testing::TestWithParam<Tier> {
 protected:
  void SetUp() override {
    in = sandbox_of(GetParam());
    if (!in) GTEST_SKIP() << "no " << to_string(GetParam()) << " here";
  }
  const Sandbox* in = nullptr;
  Scratch scratch;
};

TEST_P(Leftovers, AForkBombIsOverWhenItsBoxIs) {
  const BoxEnd end = in->start(forking(scratch, *in, "bomb")).wait();
  EXPECT_TRUE(end.cause == EndCause::wall_limit || end.cause == EndCause::cpu_limit);
  EXPECT_TRUE(all_gone_within(patience));
}

TEST_P(Leftovers, ADaemonThatIgnoresSignalsEndsWithItsParent) {
  const BoxEnd end = in->start(forking(scratch, *in, "orphan")).wait();
  EXPECT_EQ(end.cause, EndCause::exited) << end.detail;
  EXPECT_TRUE(all_gone_within(patience));
}

TEST_P(Leftovers, ADroppedBoxIsKilled) {
  { Box box = in->start(forking(scratch, *in, "bomb")); }
  EXPECT_TRUE(all_gone_within(patience));
}

TEST_P(Leftovers, ABoxDiesWithTheGrader) {
  const pid_t grader = ::fork();
  if (grader == 0) {
    BoxSpec spec = prober({"sleep"});
    spec.environment = {mark};
    Box box = in->start(spec);
    ::raise(SIGKILL);
  }
  ASSERT_EQ(::waitpid(grader, nullptr, 0), grader);
  EXPECT_TRUE(all_gone_within(patience));
}

/// The grader may be gone before the box could ask to be told: it must notice all the same.
TEST(LivingLeftovers, ABoxWhoseGraderIsAlreadyGoneEnds) {
  int status[2];
  ASSERT_EQ(::pipe(status), 0);
  ::close(status[0]);
  const std::string box = helpers() / "assay-box", probe = helpers() / "assay-probe";
  const pid_t init = ::fork();
  if (init == 0) {
    ::dup2(status[1], 5);
    ::execl(box.c_str(), box.c_str(), "init", "--tree", "--status", "5", "--setenv", mark.c_str(), "--",
            probe.c_str(), "sleep", nullptr);
    ::_exit(127);
  }
  ::close(status[1]);
  const auto deadline = Clock::now() + patience;
  int how = 0;
  pid_t ended = 0;
  while ((ended = ::waitpid(init, &how, WNOHANG)) == 0 && Clock::now() < deadline)
    std::this_thread::sleep_for(1ms);
  EXPECT_EQ(ended, init);
  EXPECT_TRUE(WIFEXITED(how) && WEXITSTATUS(how) == 0) << how;
  EXPECT_EQ(living_probers(), 0);
  if (ended == 0) ::kill(init, SIGTERM);
}

INSTANTIATE_TEST_SUITE_P(Tiers, Leftovers,
                         ::testing::Values(Tier::s4_full, Tier::s3_namespaces, Tier::s2_no_namespaces,
                                           Tier::s1_same_user),
                         [](const auto& info) { return to_string(info.param); });

TEST(CgroupLeftovers, ADeadRunsGroupsAreRemovedByTheNext) {
  if (!CgroupHome::find().limits()) GTEST_SKIP() << "no cgroup to write to";
  const pid_t grader = ::fork();
  if (grader == 0) {
    CgroupHome home = CgroupHome::find();
    Cgroup group = home.make(64 << 20, 8);
    ::raise(SIGKILL);
  }
  ASSERT_EQ(::waitpid(grader, nullptr, 0), grader);
  const auto left_by_it = [&] {
    std::set<std::string> found;
    std::error_code ignored;
    for (const auto& entry : fs::recursive_directory_iterator("/sys/fs/cgroup", ignored))
      if (entry.path().filename().string().starts_with("assay-" + std::to_string(grader) + "-"))
        found.insert(entry.path());
    return found;
  };
  EXPECT_FALSE(left_by_it().empty());
  CgroupHome::find();
  EXPECT_TRUE(left_by_it().empty());
}

}  // namespace
}  // namespace assay::graders
