/// assay-probe: plays the hostile program in self-tests. What it reports is only a hint; the sandbox also
/// watches from outside how it ends.
///
///   try NAME...   attempts each thing and writes "POSITION done" or "POSITION ERRNO" to fd 4
///   echo          copies fd 3 to fd 4            exit N / raise N
///   eat MIB       touches memory                 spin / sleep / flood / unasked BYTES
///   bomb          forks without end              orphan   leaves a daemon that ignores SIGTERM
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace {

/// An attempt gives 0 or more when it succeeded, -1 with errno when it was stopped.
struct Attempt {
  std::string_view name;
  long (*run)(const char* argument);
};

long closed_again(int file) {
  return file < 0 ? -1 : close(file);
}
long open_file(const char* path) {
  return closed_again(open(path, O_RDONLY));
}
long look_at(const char* path) {
  struct stat about {};
  return fstatat(AT_FDCWD, path, &about, 0);
}
long write_file(const char* path) {
  const int file = open(path, O_WRONLY | O_CREAT, 0600);
  return write(file, "x", 1) == 1 ? closed_again(file) : -1;
}
long list_folder(const char* path) {
  return closed_again(open(path, O_RDONLY | O_DIRECTORY));
}

long start_process(const char*) {
  const long child = syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr);
  if (child == 0) _exit(0);
  return child;
}

long run_program(const char* path) {
  char* const arguments[] = {const_cast<char*>(path), nullptr};
  return execve(path, arguments, arguments + 1);
}

/// Succeeds when more threads than the argument says can run at once.
long many_threads(const char* most) {
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 64 << 10);
  const int wanted = atoi(most) + 8;
  int made = 0;
  pthread_t thread;
  while (made < wanted && pthread_create(
                              &thread, &small,
                              [](void*) -> void* {
                                const timespec long_time{1000, 0};
                                nanosleep(&long_time, nullptr);
                                return nullptr;
                              },
                              nullptr) == 0)
    ++made;
  errno = EAGAIN;
  return made == wanted ? 0 : -1;
}

/// Succeeds when a resource that must be bounded is not.
long unlimited(const char*) {
  for (const auto resource :
       {RLIMIT_CPU, RLIMIT_AS, RLIMIT_FSIZE, RLIMIT_NOFILE, RLIMIT_NPROC, RLIMIT_CORE}) {
    rlimit limit{};
    if (getrlimit(resource, &limit) == 0 && limit.rlim_max == RLIM_INFINITY) return 0;
  }
  errno = EPERM;
  return -1;
}

/// Succeeds when descriptors beyond 0 to 4 are open.
long stray_descriptors(const char*) {
  for (int fd = 5; fd < 1024; ++fd)
    if (fcntl(fd, F_GETFD) >= 0) return fd;
  errno = EBADF;
  return -1;
}

/// Succeeds when the process numbers are the machine's own.
long machine_pids(const char*) {
  errno = ESRCH;
  return getpid() < 10 ? -1 : getpid();
}

long machine_name(const char*) {
  utsname name{};
  uname(&name);
  errno = ENOENT;
  return strcmp(name.nodename, "box") == 0 ? -1 : 0;
}

long new_code(const char*) {
  const void* page =
      mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return page == MAP_FAILED ? -1 : 0;
}

long inherited_environment(const char*) {
  errno = ENOENT;
  for (const char* name : {"HOME", "USER", "LD_PRELOAD", "SSH_AUTH_SOCK", "ASSAY_CANARY"})
    if (getenv(name) != nullptr) return 0;
  return -1;
}

long read_other(const char* process) {
  char byte = 0;
  iovec here{&byte, 1}, there{reinterpret_cast<void*>(&open_file), 1};
  return process_vm_readv(atoi(process), &here, 1, &there, 1, 0);
}

constexpr std::array attempts{
    Attempt{"open", open_file},
    Attempt{"stat", look_at},
    Attempt{"write", write_file},
    Attempt{"list", list_folder},
    Attempt{"fork", start_process},
    Attempt{"exec", run_program},
    Attempt{"threads", many_threads},
    Attempt{"unlimited", unlimited},
    Attempt{"descriptors", stray_descriptors},
    Attempt{"pids", machine_pids},
    Attempt{"hostname", machine_name},
    Attempt{"code", new_code},
    Attempt{"environment", inherited_environment},
    Attempt{"kill", [](const char* process) { return long{kill(atoi(process), 0)}; }},
    Attempt{"read_process", read_other},
    Attempt{"become_root", [](const char*) { return getuid() == 0 ? 0L : long{setuid(0)}; }},
    Attempt{"socket", [](const char*) { return long{socket(AF_INET, SOCK_DGRAM, 0)}; }},
    Attempt{"unix_socket", [](const char*) { return long{socket(AF_UNIX, SOCK_STREAM, 0)}; }},
    Attempt{"ptrace",
            [](const char* process) { return ptrace(PTRACE_SEIZE, atoi(process), nullptr, nullptr); }},
    Attempt{"user_namespace", [](const char*) { return long{unshare(CLONE_NEWUSER)}; }},
    Attempt{"mount", [](const char*) { return long{mount("none", "/", "tmpfs", 0, nullptr)}; }},
    Attempt{"chroot", [](const char*) { return long{chroot("/")}; }},
    Attempt{"keyctl", [](const char*) { return syscall(SYS_keyctl, 0, -3, 1); }},
    Attempt{"bpf", [](const char*) { return syscall(SYS_bpf, 0, nullptr, 0); }},
    Attempt{"io_uring",
            [](const char*) {
              std::array<char, 256> parameters{};
              return syscall(SYS_io_uring_setup, 4, parameters.data());
            }},
    Attempt{"perf",
            [](const char*) {
              std::array<char, 128> parameters{};
              return syscall(SYS_perf_event_open, parameters.data(), 0, -1, -1, 0);
            }},
    Attempt{"userfaultfd", [](const char*) { return syscall(SYS_userfaultfd, 1); }},
    Attempt{"memfd", [](const char*) { return syscall(SYS_memfd_create, "x", 0); }},
    Attempt{"pidfd", [](const char* process) { return syscall(SYS_pidfd_open, atoi(process), 0); }},
#ifdef __x86_64__
    Attempt{"x32", [](const char*) { return syscall(0x40000000 | SYS_getpid); }},
    Attempt{"int80",
            [](const char*) {
              int result = 20;  // getpid, by the 32-bit table
              __asm__ volatile("int $0x80" : "+a"(result) : : "memory");
              errno = -result;
              return result < 0 ? -1L : long{result};
            }},
#endif
};

/// NAME or NAME:ARGUMENT
void attempt(int position, const char* text) {
  const std::string_view all(text);
  const std::size_t colon = all.find(':');
  for (const Attempt& a : attempts) {
    if (a.name != all.substr(0, colon)) continue;
    const char* argument = colon == all.npos ? "" : text + colon + 1;
    if (a.run(argument) >= 0)
      dprintf(4, "%d done\n", position);
    else
      dprintf(4, "%d %d\n", position, errno);
    return;
  }
  dprintf(4, "%d unknown\n", position);
}

[[noreturn]] void echo() {
  std::array<char, 65536> buffer{};
  for (ssize_t n; (n = read(3, buffer.data(), buffer.size())) > 0;)
    for (ssize_t done = 0; done < n;) {
      const ssize_t written = write(4, buffer.data() + done, static_cast<std::size_t>(n - done));
      if (written < 0) _exit(1);
      done += written;
    }
  _exit(0);
}

[[noreturn]] void eat(std::size_t mebibytes) {
  for (std::size_t i = 0; i < mebibytes; ++i) {
    void* block = malloc(1 << 20);
    if (block == nullptr) abort();
    memset(block, 1, 1 << 20);
    __asm__ volatile("" ::"r"(block) : "memory");  // else Clang drops memory that nobody reads
  }
  _exit(0);
}

[[noreturn]] void flood(std::size_t bytes, int fd) {
  std::array<char, 4096> text{};
  text.fill('a');
  for (std::size_t done = 0; done < bytes; done += text.size())
    if (write(fd, text.data(), text.size()) < 0) _exit(1);
  _exit(0);
}

[[noreturn]] void orphan() {
  if (fork() == 0) {
    setsid();
    for (const int number : {SIGTERM, SIGHUP, SIGINT}) signal(number, SIG_IGN);
    if (fork() == 0)
      for (;;) pause();
    _exit(0);
  }
  usleep(20000);
  _exit(0);
}

}  // namespace

int main(int count, char** argument) {
  const std::string_view mode(count > 1 ? argument[1] : "");
  const char* const value = count > 2 ? argument[2] : "0";
  if (mode == "try")
    for (int i = 2; i < count; ++i) attempt(i - 2, argument[i]);
  if (mode == "echo") echo();
  if (mode == "exit") _exit(atoi(value));
  if (mode == "raise") raise(atoi(value));
  if (mode == "eat") eat(strtoull(value, nullptr, 10));
  if (mode == "flood") flood(~std::size_t{0} >> 1, 1);
  if (mode == "unasked") flood(strtoull(value, nullptr, 10), 4);
  if (mode == "spin")
    for (;;) __asm__ volatile("" ::: "memory");
  if (mode == "sleep")
    for (const timespec long_time{1000, 0};;) nanosleep(&long_time, nullptr);
  if (mode == "bomb")
    for (;;) fork();
  if (mode == "orphan") orphan();
  return 0;
}
