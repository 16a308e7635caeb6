#include "graders/sandbox/box.hpp"

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <random>
#include <thread>

#include "graders/sandbox/interrupt.hpp"
#include "tests/graders/sandbox/boxes.hpp"

namespace assay::graders {
namespace {

using namespace testing;
using std::chrono::duration_cast, std::chrono::milliseconds;

std::vector<std::byte> random_bytes(std::size_t size) {
  std::mt19937 random(1);
  std::vector<std::byte> bytes(size);
  for (std::byte& b : bytes) b = static_cast<std::byte>(random());
  return bytes;
}

TEST(BoxEnd, TellsAnExitCodeFromASignal) {
  const BoxEnd fine = run(prober({"exit", "0"}));
  EXPECT_EQ(fine.cause, EndCause::exited) << fine.detail;
  EXPECT_EQ(fine.exit_code, 0);
  const BoxEnd looks_like_segv = run(prober({"exit", "139"}));
  EXPECT_EQ(looks_like_segv.cause, EndCause::exited);
  EXPECT_EQ(looks_like_segv.exit_code, 139);
  const BoxEnd segv = run(prober({"raise", std::to_string(SIGSEGV)}));
  EXPECT_EQ(segv.cause, EndCause::signalled);
  EXPECT_EQ(segv.signal, SIGSEGV);
}

TEST(BoxEnd, BlamesTheSandboxWhenTheProgramCannotBeStarted) {
  BoxSpec missing = prober({"exit", "0"});
  missing.program = "/nonexistent/prog";
  EXPECT_EQ(run(missing).cause, EndCause::sandbox_failed);
  Scratch scratch;
  BoxSpec no_program = prober({"exit", "0"});
  no_program.program = scratch.path() / "empty";
  ASSERT_EQ(std::system(("touch " + no_program.program.string()).c_str()), 0);
  const BoxEnd end = run(no_program);
  EXPECT_EQ(end.cause, EndCause::sandbox_failed);
  EXPECT_NE(end.detail.find("exec"), std::string::npos) << end.detail;
}

TEST(BoxIo, CarriesMegabytesBothWaysWithoutDeadlock) {
  const std::vector<std::byte> sent = random_bytes(5 << 20);
  Box box = sandbox().start(prober({"echo"}));
  std::vector<std::byte> received(sent.size());
  constexpr std::size_t part = 100'000;  // no multiple of a page or of a pipe
  for (std::size_t at = 0; at < sent.size(); at += part) {
    const std::size_t size = std::min(part, sent.size() - at);
    ASSERT_EQ(box.write(std::span(sent).subspan(at, size), Clock::now() + 5s), IoStatus::ok);
    ASSERT_EQ(box.read(std::span(received).subspan(at, size), Clock::now() + 5s), IoStatus::ok);
  }
  EXPECT_TRUE(sent == received);
  EXPECT_FALSE(box.has_unread_bytes());
  EXPECT_EQ(box.wait().cause, EndCause::exited);
}

TEST(BoxIo, KeepsItsDeadline) {
  Box box = sandbox().start(prober({"echo"}));
  std::byte byte{};
  const auto before = Clock::now();
  EXPECT_EQ(box.read({&byte, 1}, before + 100ms), IoStatus::timed_out);
  EXPECT_GE(Clock::now() - before, 100ms);
  EXPECT_LT(Clock::now() - before, 5s);
  const std::vector<std::byte> more_than_a_pipe_holds(4 << 20);
  Box sleeping = sandbox().start(prober({"sleep"}));
  EXPECT_EQ(sleeping.write(more_than_a_pipe_holds, Clock::now() + 100ms), IoStatus::timed_out);
}

TEST(BoxIo, SurvivesAProgramThatEnds) {
  Box box = sandbox().start(prober({"exit", "3"}));
  std::byte byte{};
  EXPECT_EQ(box.read({&byte, 1}, Clock::now() + 5s), IoStatus::closed);
  const std::vector<std::byte> bytes(4 << 20);
  EXPECT_EQ(box.write(bytes, Clock::now() + 5s), IoStatus::closed) << "and no SIGPIPE";
  EXPECT_EQ(box.wait().exit_code, 3);
  EXPECT_EQ(box.wait().exit_code, 3) << "asked twice, it says the same";
}

TEST(BoxIo, CountsRepliesThatNobodyAskedFor) {
  Box box = sandbox().start(prober({"unasked", "8192"}));
  for (int i = 0; i < 500 && !box.has_unread_bytes(); ++i) std::this_thread::sleep_for(10ms);
  EXPECT_TRUE(box.has_unread_bytes());
  const BoxEnd end = box.wait();
  EXPECT_EQ(end.unread_bytes, 8192u);
  EXPECT_EQ(end.cause, EndCause::exited);
}

TEST(BoxIo, EndsItsWaitsAtAnInterrupt) {
  Box box = sandbox().start(prober({"sleep"}));
  std::thread signal([] {
    std::this_thread::sleep_for(100ms);
    request_interrupt();
  });
  std::byte byte{};
  const auto before = Clock::now();
  EXPECT_EQ(box.read({&byte, 1}, before + 10s), IoStatus::interrupted);
  EXPECT_EQ(box.wait().cause, EndCause::killed);
  EXPECT_LT(Clock::now() - before, 5s);
  signal.join();
  clear_interrupt();
}

TEST(BoxLimit, StopsASpinningProgramByItsCpuTime) {
  BoxSpec spec = prober({"spin"});
  spec.limits.cpu = 300ms;
  spec.limits.wall = 20s;
  const BoxEnd end = run(spec);
  EXPECT_EQ(end.cause, EndCause::cpu_limit);
  EXPECT_GE(end.cpu, 300ms);
  EXPECT_LT(end.cpu, 3s);
}

TEST(BoxLimit, StopsASpinningProgramWhileItsReplyIsAwaited) {
  BoxSpec spec = prober({"spin"});
  spec.limits.cpu = 200ms;
  spec.limits.wall = 20s;
  Box box = sandbox().start(spec);
  std::byte byte{};
  EXPECT_EQ(box.read({&byte, 1}, Clock::now() + 15s), IoStatus::closed);
  EXPECT_EQ(box.wait().cause, EndCause::cpu_limit);
}

TEST(BoxLimit, StopsASleepingProgramByTheClock) {
  BoxSpec spec = prober({"sleep"});
  spec.limits.wall = 300ms;
  const BoxEnd end = run(spec);
  EXPECT_EQ(end.cause, EndCause::wall_limit);
  EXPECT_GE(end.wall, 300ms);
  EXPECT_LT(end.wall, 5s);
}

/// Processes that spin, six for each processor, each in a session of its own: the scheduler shares by
/// session.
class BusyMachine {
 public:
  BusyMachine() {
    for (unsigned i = 0; i < 6 * std::max(1U, std::thread::hardware_concurrency()); ++i)
      if (const pid_t child = ::fork(); child == 0) {
        ::setsid();
        ::alarm(20);
        for (volatile bool forever = true; forever;) {
        }
      } else {
        children_.push_back(child);
      }
  }
  ~BusyMachine() {
    for (const pid_t child : children_) ::kill(child, SIGKILL);
    for (const pid_t child : children_) ::waitpid(child, nullptr, 0);
  }
  BusyMachine(const BusyMachine&) = delete;
  BusyMachine& operator=(const BusyMachine&) = delete;

 private:
  std::vector<pid_t> children_;
};

TEST(BoxLimit, TellsAProgramThatHadNoProcessorFromOneThatSlept) {
  const BusyMachine busy;
  for (const char* mode : {"spin", "sleep"}) {
    BoxSpec spec = prober({mode});
    spec.limits.wall = 1s;
    const BoxEnd end = run(spec);
    EXPECT_EQ(end.cause, EndCause::wall_limit) << mode;
    if (mode == std::string_view("spin"))
      EXPECT_GT(2 * end.waited, 1s);
    else
      EXPECT_LT(4 * end.waited, 1s);
  }
}

TEST(BoxLimit, StopsAFloodAndKeepsTheFirstPart) {
  BoxSpec spec = prober({"flood"});
  const BoxEnd end = run(spec);
  EXPECT_EQ(end.cause, EndCause::output_limit);
  EXPECT_EQ(end.standard_output.substr(0, 8), "aaaaaaaa");
  EXPECT_LT(end.standard_output.size(), 66u << 10);
  Box box = sandbox().start(spec);
  std::byte byte{};
  EXPECT_EQ(box.read({&byte, 1}, Clock::now() + 10s), IoStatus::output_limit);
}

TEST(BoxLimit, NamesTheMemoryLimit) {
  BoxSpec spec = prober({"eat", "200"});
  spec.limits.memory_bytes = 64 << 20;
  EXPECT_EQ(run(spec).cause, EndCause::memory_limit);
  spec.limits.memory_bytes = 400 << 20;
  EXPECT_EQ(run(spec).cause, EndCause::exited) << "within the limit it is left alone";
}

TEST(BoxKill, SaysKilledOnlyOfWhatStillRan) {
  Box running = sandbox().start(prober({"sleep"}));
  EXPECT_EQ(running.kill().cause, EndCause::killed);
  Box ended = sandbox().start(prober({"exit", "7"}));
  std::byte byte{};
  EXPECT_EQ(ended.read({&byte, 1}, Clock::now() + 5s), IoStatus::closed);
  std::this_thread::sleep_for(50ms);
  const BoxEnd end = ended.kill();
  EXPECT_EQ(end.cause, EndCause::exited);
  EXPECT_EQ(end.exit_code, 7);
}

TEST(BoxStart, WorksFromManyThreadsAtOnce) {
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (unsigned slot = 0; slot < 4; ++slot)
    threads.emplace_back([slot, &right] {
      for (int i = 0; i < 5; ++i) {
        BoxSpec spec = prober({"exit", std::to_string(slot + 1)});
        spec.slot = slot;
        const BoxEnd end = run(spec);
        if (end.cause == EndCause::exited && end.exit_code == static_cast<int>(slot + 1)) ++right;
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 20);
}

TEST(BoxStart, LeavesNoDescriptorOpen) {
  run(prober({"exit", "0"}));
  const auto open_descriptors = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                         std::filesystem::directory_iterator());
  };
  const auto before = open_descriptors();
  for (int i = 0; i < 10; ++i) run(prober({"exit", "0"}));
  EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace assay::graders
