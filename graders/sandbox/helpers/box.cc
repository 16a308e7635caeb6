/// assay-box: the trusted process on both sides of a box's wall. Small, static, single-threaded.
///
///   assay-box launch [OPTIONS] -- COMMAND...   outside: joins cgroups, becomes the slot's user, runs COMMAND
///   assay-box init   [OPTIONS] -- COMMAND...   inside: runs COMMAND restricted, waits, and says how it ended
///   assay-box sweep  UID                       kills every process of UID
///
/// `init` exists because the exit status that travels through bubblewrap cannot tell exit(139) from SIGSEGV.
/// It reports on a pipe that the program never has: "started", then "ended STATUS CPU_US MAXRSS_KIB", or
/// "failed WHAT ERRNO". Inside a PID namespace it is process 1, so its end is the end of everything there.
#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

#include "graders/sandbox/helpers/landlock.hpp"

namespace {

constexpr std::size_t most = 64;

template <class T>
struct Few {
  std::array<T, most> items{};
  std::size_t size = 0;
  void add(T item) {
    if (size < most) items[size++] = item;
  }
  const T* begin() const { return items.data(); }
  const T* end() const { return items.data() + size; }
};

struct Limit {
  int resource;
  rlimit value;
};

struct Options {
  Few<int> join;
  Few<Limit> limits;
  Few<const char*> readable, writable;
  Few<const char*> environment;
  int status = -1, filter = -1;
  long uid = -1;
  const char* folder = nullptr;
  bool landlock = false, tree = false, fixed_addresses = false;
  char** command = nullptr;
};

int status_fd = 2;
constexpr unsigned first_own = 5, first_unused = 7;  // 5 and 6 are the status and the filter

[[noreturn]] void fail(const char* what, int error = errno) {
  dprintf(status_fd, "failed %s %d\n", what, error);
  _exit(125);
}

constexpr std::array<std::pair<std::string_view, int>, 8> resources{{{"cpu", RLIMIT_CPU},
                                                                     {"as", RLIMIT_AS},
                                                                     {"fsize", RLIMIT_FSIZE},
                                                                     {"core", RLIMIT_CORE},
                                                                     {"nofile", RLIMIT_NOFILE},
                                                                     {"nproc", RLIMIT_NPROC},
                                                                     {"stack", RLIMIT_STACK},
                                                                     {"memlock", RLIMIT_MEMLOCK}}};

/// NAME:SOFT:HARD
Limit parse_limit(const char* text) {
  const std::string_view all(text);
  const std::size_t colon = all.find(':');
  for (const auto& [name, resource] : resources) {
    if (all.substr(0, colon) != name || colon == all.npos) continue;
    char* rest = nullptr;
    const rlim_t soft = strtoull(text + colon + 1, &rest, 10);
    return {resource, {soft, *rest == ':' ? strtoull(rest + 1, nullptr, 10) : soft}};
  }
  fail("limit", EINVAL);
}

Options parse(char** argument) {
  Options o;
  for (; *argument != nullptr; ++argument) {
    const std::string_view name(*argument);
    if (name == "--") {
      o.command = argument + 1;
      return o;
    }
    if (name == "--landlock") {
      o.landlock = true;
      continue;
    }
    if (name == "--tree") {
      o.tree = true;
      continue;
    }
    if (name == "--fixed-addresses") {
      o.fixed_addresses = true;
      continue;
    }
    const char* value = *++argument;
    if (value == nullptr) fail("usage", EINVAL);
    if (name == "--join")
      o.join.add(atoi(value));
    else if (name == "--limit")
      o.limits.add(parse_limit(value));
    else if (name == "--read")
      o.readable.add(value);
    else if (name == "--write")
      o.writable.add(value);
    else if (name == "--setenv")
      o.environment.add(value);
    else if (name == "--status")
      o.status = atoi(value);
    else if (name == "--filter")
      o.filter = atoi(value);
    else if (name == "--uid")
      o.uid = atol(value);
    else if (name == "--folder")
      o.folder = value;
    else
      fail("usage", EINVAL);
  }
  fail("usage", EINVAL);
}

void join_groups(const Options& o) {
  for (const int group : o.join) {
    if (write(group, "0", 1) != 1) fail("cgroup.procs");
    close(group);
  }
}

/// The kernel should choose the box, never the grader, when memory runs out.
void volunteer_for_oom() {
  const int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file < 0) return;
  [[maybe_unused]] const ssize_t ignored = write(file, "1000", 4);
  close(file);
}

void become(long id) {
  const auto user = static_cast<uid_t>(id);
  if (setgroups(0, nullptr) != 0) fail("setgroups");
  if (setresgid(user, user, user) != 0) fail("setresgid");
  if (setresuid(user, user, user) != 0) fail("setresuid");
}

[[noreturn]] void launch(const Options& o) {
  join_groups(o);
  volunteer_for_oom();
  umask(077);
  if (o.uid >= 0) become(o.uid);
  execv(o.command[0], o.command);
  fail("exec launcher");
}

void restrict_files(const Options& o) {
  const int rules = assay::landlock::forbid_everything();
  if (rules < 0) fail("landlock");
  for (const char* path : o.readable)
    if (!assay::landlock::allow(rules, path, false)) fail("landlock rule");
  for (const char* path : o.writable)
    if (!assay::landlock::allow(rules, path, true)) fail("landlock rule");
  if (!assay::landlock::enforce(rules)) fail("landlock enforce");
  close(rules);
}

void install_filter(int file) {
  struct stat about {};
  if (fstat(file, &about) != 0) fail("filter");
  const auto bytes = static_cast<std::size_t>(about.st_size);
  void* code = mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE, file, 0);
  if (code == MAP_FAILED) fail("filter");
  const sock_fprog program{static_cast<unsigned short>(bytes / sizeof(sock_filter)),
                           static_cast<sock_filter*>(code)};
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0) fail("seccomp");
}

/// In the child: everything is given up, strongest right last, and then the program runs.
[[noreturn]] void run_restricted(const Options& o, int report) {
  status_fd = report;
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGPIPE}) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (o.folder != nullptr && chdir(o.folder) != 0) fail("chdir");
  for (const Limit& limit : o.limits)
    if (setrlimit(static_cast<__rlimit_resource>(limit.resource), &limit.value) != 0) fail("setrlimit");
  if (o.uid >= 0) become(o.uid);
  if (o.fixed_addresses) syscall(SYS_personality, 0x0040000);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail("no_new_privs");
  if (o.landlock) restrict_files(o);
  if (o.filter >= 0) install_filter(o.filter);
  execvpe(o.command[0], o.command, const_cast<char* const*>(o.environment.begin()));
  fail("exec program");
}

/// Reads the first failure, if any; the pipe closes unread when the program was executed.
bool started(int report) {
  char line[256];
  std::size_t size = 0;
  for (ssize_t n; size < sizeof line;) {
    n = read(report, line + size, sizeof line - size);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    size += static_cast<std::size_t>(n);
  }
  if (size == 0) return true;
  [[maybe_unused]] const ssize_t ignored = write(status_fd, line, size);
  return false;
}

volatile std::sig_atomic_t stop_asked = 0;

/// Sends a signal to everything below a process, and says how many there were.
int signal_below(pid_t process, int number, int depth = 0) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/task/%d/children", process, process);
  FILE* children = depth < 64 ? fopen(path, "re") : nullptr;
  int count = 0;
  for (int child; children != nullptr && fscanf(children, "%d", &child) == 1; ++count) {
    kill(child, number);
    count += signal_below(child, number, depth + 1);
  }
  if (children != nullptr) fclose(children);
  return count;
}

/// Everything of the slot's user, from a process that is it: nothing can be forked in between.
void sweep_user(long user) {
  const pid_t sweeper = fork();
  if (sweeper == 0) {
    become(user);
    kill(-1, SIGKILL);
    _exit(0);
  }
  if (sweeper > 0) waitpid(sweeper, nullptr, 0);
}

/// Without a PID namespace nothing dies by itself: as subreaper, every orphan becomes our child in the end.
void kill_tree(const Options& o) {
  for (int round = 0; round < 1000; ++round) {
    if (o.uid >= 0) sweep_user(o.uid);
    // What is stopped cannot fork, and goes on filling the process limit: a fork bomb freezes in a few
    // passes, where killing one by one would only make room for its next child.
    int before = -1;
    for (int pass = 0, now = 0; pass < 50 && (now = signal_below(getpid(), SIGSTOP)) != before; ++pass)
      before = now;
    signal_below(getpid(), SIGKILL);
    pid_t reaped = 0;
    while ((reaped = waitpid(-1, nullptr, WNOHANG)) > 0) {
    }
    if (reaped < 0 && errno == ECHILD) return;
    usleep(1000);
  }
}

long microseconds(const rusage& used) {
  return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000L + used.ru_utime.tv_usec +
         used.ru_stime.tv_usec;
}

/// Signals are let in only by `ppoll`, so none can come between looking and waiting.
sigset_t block_signals() {
  struct sigaction stop {};
  stop.sa_handler = [](int number) {
    if (number == SIGTERM) stop_asked = 1;
  };
  sigset_t both, before;
  sigemptyset(&both);
  for (const int number : {SIGTERM, SIGCHLD}) {
    sigaction(number, &stop, nullptr);
    sigaddset(&both, number);
  }
  sigprocmask(SIG_BLOCK, &both, &before);
  signal(SIGPIPE, SIG_IGN);  // a report that nobody reads must not keep us from killing the tree
  return before;
}

/// Waits for the program; reaps whatever else ends here meanwhile. Gives up when the grader asks for it, or
/// is gone: the status pipe has then lost its reader, however early that happened. (A parent-death signal
/// alone misses a parent that died before it was asked for.)
void wait_for(pid_t program, const sigset_t& awake) {
  for (;;) {
    int status = 0;
    rusage used{};
    pid_t ended = 0;
    while ((ended = wait4(-1, &status, __WALL | WNOHANG, &used)) > 0) {
      if (ended != program) continue;
      dprintf(status_fd, "ended %d %ld %ld\n", status, microseconds(used), used.ru_maxrss);
      return;
    }
    if (ended < 0 || stop_asked != 0) return;
    pollfd grader{status_fd, 0, 0};
    ppoll(&grader, 1, nullptr, &awake);
    if ((grader.revents & POLLERR) != 0) return;
  }
}

[[noreturn]] void init(const Options& o) {
  status_fd = o.status;
  join_groups(o);
  // The program gets 0 to 4 and nothing else; bubblewrap passes on whatever it was given.
  syscall(SYS_close_range, first_own, first_unused - 1, CLOSE_RANGE_CLOEXEC);
  syscall(SYS_close_range, first_unused, ~0U, 0);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  if (o.tree) {
    volunteer_for_oom();
    setsid();
    umask(077);
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
  }
  const sigset_t awake = block_signals();
  int report[2];
  if (pipe2(report, O_CLOEXEC) != 0) fail("pipe");
  const pid_t program = fork();
  if (program < 0) fail("fork");
  if (program == 0) run_restricted(o, report[1]);
  close(report[1]);
  // The reader must see the end of the program's pipes, so no copy may stay here.
  for (int fd = 0; fd <= 4; ++fd) close(fd);
  if (started(report[0])) {
    dprintf(status_fd, "started\n");
    wait_for(program, awake);
  }
  if (o.tree) kill_tree(o);
  _exit(0);
}

[[noreturn]] void sweep(const char* user) {
  become(atol(user));
  kill(-1, SIGKILL);
  _exit(0);
}

}  // namespace

int main(int count, char** argument) {
  if (count < 3) fail("usage", EINVAL);
  const std::string_view mode(argument[1]);
  if (mode == "sweep") sweep(argument[2]);
  const Options options = parse(argument + 2);
  if (options.command[0] == nullptr) fail("usage", EINVAL);
  if (mode == "launch") launch(options);
  if (mode == "init") init(options);
  fail("usage", EINVAL);
}
