#include "graders/sandbox/process.hpp"

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <sstream>
#include <thread>

namespace assay::graders {
namespace {

/// posix_spawn copies no page tables and runs nothing of ours in the child, so a large program with many
/// threads starts a box as fast, and as safely, as a small one.
class SpawnPlan {
 public:
  SpawnPlan() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (const std::string& text : texts) list.push_back(const_cast<char*>(text.c_str()));
  list.push_back(nullptr);
  return list;
}

}  // namespace

Process Process::start(const std::vector<std::string>& argv,
                       const std::vector<std::pair<int, int>>& descriptors,
                       const std::vector<std::string>& environment) {
  SpawnPlan plan;
  int highest = 2;
  for (const auto& [own, theirs] : descriptors) {
    posix_spawn_file_actions_adddup2(&plan.actions, own, theirs);
    highest = std::max(highest, theirs);
  }
  posix_spawn_file_actions_addclosefrom_np(&plan.actions, highest + 1);
  Process process;
  const int error = posix_spawn(&process.id_, argv.front().c_str(), &plan.actions, &plan.attributes,
                                pointers(argv).data(), pointers(environment).data());
  if (error != 0) {
    process.id_ = -1;
    throw std::system_error(error, std::generic_category(), "cannot start " + argv.front());
  }
  process.handle_ = checked(static_cast<int>(::syscall(SYS_pidfd_open, process.id_, 0)), "pidfd_open");
  return process;
}

Process::Process(Process&& other) noexcept
    : id_(std::exchange(other.id_, -1)), handle_(std::move(other.handle_)), status_(other.status_) {}

Process& Process::operator=(Process&& other) noexcept {
  std::swap(id_, other.id_);
  std::swap(handle_, other.handle_);
  std::swap(status_, other.status_);
  return *this;
}

Process::~Process() {
  if (id_ < 0) return;
  signal(SIGKILL);
  reap(std::chrono::seconds(10));
}

void signal_handle(const Fd& handle, int number) {
  if (handle) ::syscall(SYS_pidfd_send_signal, handle.get(), number, nullptr, 0);
}

void Process::signal(int number) const {
  if (id_ >= 0) signal_handle(handle_, number);
}

bool Process::reap(std::chrono::milliseconds patience) {
  if (id_ < 0) return true;
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    const pid_t ended = ::waitpid(id_, &status_, WNOHANG);
    if (ended == id_ || (ended < 0 && errno == ECHILD)) {
      id_ = -1;
      return true;
    }
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd wait{handle_.get(), POLLIN, 0};
    ::poll(&wait, 1, static_cast<int>(left.count()));
  }
}

namespace {

/// The fields of /proc/PID/stat from the third on: the name may hold blanks and brackets.
std::vector<std::int64_t> stat_numbers(pid_t process) {
  const std::string text = read_small_file("/proc/" + std::to_string(process) + "/stat");
  const std::size_t name_end = text.rfind(')');
  std::vector<std::int64_t> numbers;
  if (name_end == std::string::npos || name_end + 4 > text.size()) return numbers;
  std::istringstream fields(text.substr(name_end + 4));
  for (std::int64_t n; fields >> n;) numbers.push_back(n);
  return numbers;
}

std::vector<pid_t> children_of(pid_t process) {
  const std::string id = std::to_string(process);
  std::istringstream text(read_small_file("/proc/" + id + "/task/" + id + "/children"));
  std::vector<pid_t> children;
  for (pid_t child; text >> child;) children.push_back(child);
  return children;
}

std::int64_t tree_ticks(pid_t process, int depth) {
  const std::vector<std::int64_t> numbers = stat_numbers(process);
  if (numbers.size() < 14 || depth > 16) return 0;
  std::int64_t ticks = numbers[10] + numbers[11] + numbers[12] + numbers[13];
  for (const pid_t child : children_of(process)) ticks += tree_ticks(child, depth + 1);
  return ticks;
}

struct Queue {
  std::int64_t longest = 0;  ///< that a thread had waited when it got a processor, in nanoseconds
  bool waiting = false;      ///< a thread could run now, and does not, or is about to stop
};

void look_at_queue(pid_t process, int depth, Queue& queue) {
  std::error_code error;  // threads end while they are listed
  std::filesystem::directory_iterator task("/proc/" + std::to_string(process) + "/task", error);
  for (; !error && task != std::filesystem::directory_iterator(); task.increment(error)) {
    std::istringstream numbers(read_small_file(task->path() / "schedstat"));
    if (std::int64_t ran = 0, waited = 0; numbers >> ran >> waited)
      queue.longest = std::max(queue.longest, waited);
    const std::string stat = read_small_file(task->path() / "stat");
    const std::size_t name_end = stat.rfind(')');
    queue.waiting |= name_end != std::string::npos && stat.substr(name_end, 3) == ") R";
  }
  if (depth < 16)
    for (const pid_t child : children_of(process)) look_at_queue(child, depth + 1, queue);
}

/// Parents first: what is stopped makes no more children.
void stop_below(pid_t process, int depth) {
  if (depth > 16) return;
  for (const pid_t child : children_of(process))
    if (const Fd handle = open_grandchild(child, process)) {
      signal_handle(handle, SIGSTOP);
      stop_below(child, depth + 1);
    }
}

}  // namespace

Fd open_grandchild(pid_t process, pid_t parent) {
  Fd handle(static_cast<int>(::syscall(SYS_pidfd_open, process, 0)));
  const std::vector<std::int64_t> numbers = stat_numbers(process);
  // Between hearing the number and opening it, it may have passed to another process.
  if (!handle || numbers.empty() || numbers.front() != parent) return Fd();
  return lifted(std::move(handle));
}

std::chrono::microseconds tree_cpu(pid_t root) {
  static const std::int64_t per_second = ::sysconf(_SC_CLK_TCK);
  return std::chrono::microseconds(tree_ticks(root, 0) * 1'000'000 / per_second);
}

std::chrono::microseconds stop_and_tell_wait(pid_t root, std::chrono::microseconds patience) {
  using std::chrono::duration_cast, std::chrono::microseconds, std::chrono::steady_clock;
  stop_below(root, 0);
  const auto start = steady_clock::now();
  for (;;) {
    Queue queue;
    look_at_queue(root, 0, queue);
    const auto passed = duration_cast<microseconds>(steady_clock::now() - start);
    const microseconds counted(queue.longest / 1000);
    if (!queue.waiting) return counted;
    if (passed >= patience) return std::max(counted, passed);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

}  // namespace assay::graders
