/// kill -9 at random instants, then again the same command: in the end the same bytes as without any kill.
///
/// ASSAY_KILLS=100 for a long night; ASSAY_KILL_ASSIGNMENT and ASSAY_KILL_CLASS name another assignment and
/// another class, ASSAY_KILL_SEED other instants.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/graders/command_line.hpp"

namespace assay::testing {
namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;

std::string setting(const char* name, const std::string& otherwise) {
  const char* const value = std::getenv(name);
  return value && *value ? value : otherwise;
}

class Kill : public CommandLineTest {
 protected:
  void SetUp() override {
    CommandLineTest::SetUp();
    fs::create_directories(folder / "tmp");  // killed runs leave their boxes' folders behind
    fs::permissions(folder / "tmp", fs::perms::owner_all | fs::perms::others_exec | fs::perms::others_read);
    ::setenv("TMPDIR", (folder / "tmp").c_str(), 1);
    assignment = setting("ASSAY_KILL_ASSIGNMENT", (source / "tests/assignments/hostile").string());
    students = setting("ASSAY_KILL_CLASS", "");
    if (!students.empty()) return;
    students = (folder / "class").string();
    for (const char* student : {"ada", "bob", "cai", "dev", "eve"})
      write_file(folder / "class" / student / "twice.cpp",
                 std::string("#include \"twice.hpp\"\ndouble twice(double x) { return ") +
                     (*student == 'c' ? "3" : "2") + " * x; }\n");
  }
  void TearDown() override {
    ::unsetenv("TMPDIR");
    CommandLineTest::TearDown();
  }

  pid_t start(const std::string& out) const {
    const std::string output = (folder / (out + ".txt")).string();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    std::vector<std::string> words{program, "grade", assignment, students, "--out", (folder / out).string(),
                                   "-j2"};
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    pid_t process = -1;
    EXPECT_EQ(::posix_spawn(&process, program.c_str(), &actions, nullptr, argv.data(), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    return process;
  }

  /// The exit code if the process ends before `until`; negative for a signal.
  static std::optional<int> wait(pid_t process, Clock::time_point until) {
    for (;;) {
      int status = 0;
      if (::waitpid(process, &status, WNOHANG) == process)
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
      if (Clock::now() >= until) return std::nullopt;
      std::this_thread::sleep_for(Milliseconds(1));
    }
  }

  /// Waits until the run has graded its last submission, or has ended.
  void wait_for_the_last(pid_t process, const std::string& out) const {
    for (int i = 0; i < 60'000; ++i) {
      const std::string said = read_file(folder / (out + ".txt"));
      const std::size_t last = said.rfind("\n[");
      if (last != std::string::npos) {
        const std::string done = said.substr(last + 2, said.find(']', last) - last - 2);
        if (done.substr(0, done.find('/')) == done.substr(done.find('/') + 1)) return;
      }
      siginfo_t info{};
      if (::waitid(P_PID, static_cast<id_t>(process), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
          info.si_pid == process)
        return;
      std::this_thread::sleep_for(Milliseconds(1));
    }
  }

  /// Everything that a run leaves behind, but for its times and its store.
  std::map<std::string, std::string> reports(const std::string& out) const {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder / out)) {
      const std::string name = entry.path().lexically_relative(folder / out);
      if (entry.is_regular_file() && name != "timing.json" && name != "timing.html" && name != "assay.db")
        files[name] = read_file(entry.path());
    }
    return files;
  }

  void expect_the_same(const std::map<std::string, std::string>& wanted, const std::string& out) const {
    const auto got = reports(out);
    EXPECT_EQ(got.size(), wanted.size()) << "another number of files";
    for (const auto& [name, bytes] : wanted)
      EXPECT_TRUE(got.contains(name) && got.at(name) == bytes) << name << " differs after kills";
  }

  /// Work folders of runs in the folder for temporary files.
  std::vector<fs::path> left_behind() const {
    std::vector<fs::path> folders;
    for (const auto& entry : fs::directory_iterator(folder / "tmp"))
      if (fs::exists(entry.path() / ".lock")) folders.push_back(entry.path());
    return folders;
  }

  std::string assignment, students;
};

TEST_F(Kill, LeavesNoFoldersBehindForLong) {
  for (const bool old : {false, true}) {
    const pid_t process = start("out");
    for (int i = 0; i < 10'000 && left_behind().empty(); ++i) std::this_thread::sleep_for(Milliseconds(1));
    std::this_thread::sleep_for(Milliseconds(300));
    ::kill(process, SIGKILL);
    ::waitpid(process, nullptr, 0);
    ASSERT_EQ(left_behind().size(), 1u);
    const fs::path left = left_behind().front();
    if (old) {
      fs::last_write_time(left / ".lock", fs::file_time_type::clock::now() - std::chrono::hours(1));
    }
    ASSERT_EQ(wait(start("out"), Clock::now() + std::chrono::minutes(5)), 0);
    EXPECT_EQ(left_behind().size(), old ? 0u : 1u)
        << "one that is young may be another run's, about to be locked";
    fs::remove_all(left);
  }
}

TEST_F(Kill, LeavesTheSameBytesAsAnUninterruptedRun) {
  const int kills = std::stoi(setting("ASSAY_KILLS", "5"));
  std::mt19937 random(static_cast<unsigned>(std::stoul(setting("ASSAY_KILL_SEED", "20200114"))));
  const auto begin = Clock::now();
  ASSERT_EQ(wait(start("whole"), begin + std::chrono::minutes(5)), 0) << read_file(folder / "whole.txt");
  const auto whole_time = std::chrono::duration_cast<Milliseconds>(Clock::now() - begin);
  const auto wanted = reports("whole");
  ASSERT_GE(wanted.size(), 4u);
  for (const auto& [name, bytes] : wanted) ASSERT_GT(bytes.size(), 50u) << name;

  int killed = 0, completed = 0, resumed = 0;
  while (killed < kills) {
    const pid_t process = start("killed");
    long most = whole_time.count() * 9 / 10;
    if (killed % 3 == 2) {  // at the end, while reports are written
      wait_for_the_last(process, "killed");
      most = 40;
    }
    const Milliseconds delay(std::uniform_int_distribution<long>(0, most)(random));
    if (const auto code = wait(process, Clock::now() + delay)) {
      ASSERT_EQ(*code, 0) << read_file(folder / "killed.txt");
      expect_the_same(wanted, "killed");
      fs::remove_all(folder / "killed");
      ++completed;
    } else {
      ::kill(process, SIGKILL);
      ::waitpid(process, nullptr, 0);
      ++killed;
    }
    resumed += read_file(folder / "killed.txt").find("taken from the store") != std::string::npos;
  }
  ASSERT_EQ(wait(start("killed"), Clock::now() + std::chrono::minutes(5)), 0)
      << read_file(folder / "killed.txt");
  expect_the_same(wanted, "killed");
  ++completed;
  std::printf(
      "%d kills, %d runs completed, %d took grades from the store; an uninterrupted run takes %.1f s\n",
      killed, completed, resumed, static_cast<double>(whole_time.count()) / 1000);
}

}  // namespace
}  // namespace assay::testing
