#include "graders/sandbox/filter.hpp"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>

namespace assay::graders {
namespace {

constexpr std::uint64_t new_namespaces = 0x7e020080;  // every CLONE_NEW* flag
constexpr std::uint64_t low_word = 0xffffffff;        // int arguments: the upper half is the caller's garbage

class Rules {
 public:
  explicit Rules(std::uint32_t otherwise) : context_(seccomp_init(otherwise), seccomp_release) {
    if (!context_) throw std::runtime_error("seccomp_init failed");
    // A 32-bit or x32 call has other numbers, so no rule here would mean what it says.
    seccomp_attr_set(context_.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
  }

  void add(std::uint32_t action, std::initializer_list<const char*> names) {
    for (const char* name : names) add(action, name, {});
  }

  /// Names that this machine's libseccomp or architecture does not have are left out.
  void add(std::uint32_t action, const char* name, std::initializer_list<scmp_arg_cmp> when) {
    const int number = seccomp_syscall_resolve_name(name);
    if (number == __NR_SCMP_ERROR || number < 0) return;
    const int result =
        seccomp_rule_add_array(context_.get(), action, number, static_cast<unsigned>(when.size()),
                               when.size() == 0 ? nullptr : when.begin());
    if (result != 0) throw std::runtime_error(std::string("seccomp rule ") + name);
    ++count_;
  }

  Filter exported() const {
    Fd file = checked(::memfd_create("filter", MFD_CLOEXEC | MFD_ALLOW_SEALING), "memfd_create");
    if (seccomp_export_bpf(context_.get(), file.get()) != 0) throw std::runtime_error("seccomp_export_bpf");
    ::fcntl(file.get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
    return {lifted(std::move(file)), count_};
  }

 private:
  std::unique_ptr<std::remove_pointer_t<scmp_filter_ctx>, void (*)(scmp_filter_ctx)> context_;
  std::size_t count_ = 0;
};

std::uint32_t fails(int error) {
  return SCMP_ACT_ERRNO(static_cast<std::uint32_t>(error));
}

scmp_arg_cmp masked(unsigned argument, std::uint64_t mask, std::uint64_t value) {
  return {argument, SCMP_CMP_MASKED_EQ, mask, value};
}

void allow_computing(Rules& rules) {
  rules.add(SCMP_ACT_ALLOW, {"read",
                             "write",
                             "readv",
                             "writev",
                             "close",
                             "lseek",
                             "fstat",
                             "newfstatat",
                             "munmap",
                             "mremap",
                             "madvise",
                             "brk",
                             "futex",
                             "rt_sigaction",
                             "rt_sigprocmask",
                             "rt_sigreturn",
                             "sigaltstack",
                             "clock_gettime",
                             "clock_getres",
                             "clock_nanosleep",
                             "nanosleep",
                             "gettimeofday",
                             "time",
                             "times",
                             "getrusage",
                             "getrandom",
                             "set_tid_address",
                             "set_robust_list",
                             "rseq",
                             "gettid",
                             "getpid",
                             "getppid",
                             "getuid",
                             "geteuid",
                             "getgid",
                             "getegid",
                             "tgkill",
                             "sched_yield",
                             "sched_getaffinity",
                             "getcpu",
                             "membarrier",
                             "uname",
                             "sysinfo",
                             "poll",
                             "ppoll",
                             "restart_syscall",
                             "dup",
                             "dup2",
                             "dup3",
                             "getrlimit",
                             "exit",
                             "exit_group",
                             "execve"});
#ifdef __x86_64__
  rules.add(SCMP_ACT_ALLOW, {"arch_prctl"});
#endif
  for (const int command : {F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL})
    rules.add(SCMP_ACT_ALLOW, "fcntl", {masked(1, low_word, static_cast<std::uint64_t>(command))});
}

void allow_memory_without_new_code(Rules& rules) {
  for (const char* name : {"mmap", "mprotect"}) {
    rules.add(SCMP_ACT_ALLOW, name, {masked(2, PROT_EXEC, 0)});
    rules.add(fails(EPERM), name, {masked(2, PROT_EXEC, PROT_EXEC)});
  }
}

void allow_threads_but_no_processes(Rules& rules) {
  rules.add(SCMP_ACT_ALLOW, "clone", {masked(0, CLONE_THREAD | new_namespaces, CLONE_THREAD)});
  rules.add(fails(EPERM), "clone", {masked(0, CLONE_THREAD, 0)});
  // Its flags lie behind a pointer; the C library falls back to clone.
  rules.add(fails(ENOSYS), {"clone3"});
  rules.add(fails(EPERM), {"fork", "vfork", "kill", "setrlimit"});
  rules.add(SCMP_ACT_ALLOW, "prlimit64", {{2, SCMP_CMP_EQ, 0, 0}});
  rules.add(fails(EPERM), "prlimit64", {{2, SCMP_CMP_NE, 0, 0}});
}

}  // namespace

Filter run_filter() {
  Rules rules(SCMP_ACT_KILL_PROCESS);
  allow_computing(rules);
  allow_memory_without_new_code(rules);
  allow_threads_but_no_processes(rules);
  rules.add(fails(ENOENT), {"open", "openat", "creat", "readlink", "readlinkat", "access", "faccessat",
                            "faccessat2", "stat", "lstat", "statx", "getcwd"});
  rules.add(fails(ENOTTY), {"ioctl"});
  rules.add(fails(EINVAL), {"prctl"});
  rules.add(fails(EPERM), {"sched_setaffinity", "sched_setscheduler", "mlock", "mlockall"});
  return rules.exported();
}

Filter compile_filter() {
  Rules rules(SCMP_ACT_ALLOW);
  rules.add(SCMP_ACT_KILL_PROCESS, {"socket",
                                    "socketpair",
                                    "ptrace",
                                    "process_vm_readv",
                                    "process_vm_writev",
                                    "process_madvise",
                                    "kcmp",
                                    "pidfd_getfd",
                                    "keyctl",
                                    "add_key",
                                    "request_key",
                                    "bpf",
                                    "perf_event_open",
                                    "userfaultfd",
                                    "io_uring_setup",
                                    "io_uring_enter",
                                    "io_uring_register",
                                    "memfd_create",
                                    "memfd_secret",
                                    "fanotify_init",
                                    "open_by_handle_at",
                                    "name_to_handle_at"});
  rules.add(
      fails(EPERM),
      {"mount",         "umount2",      "pivot_root",      "chroot",        "unshare",      "setns",
       "open_tree",     "move_mount",   "fsopen",          "fsconfig",      "fsmount",      "fspick",
       "mount_setattr", "kexec_load",   "kexec_file_load", "init_module",   "finit_module", "delete_module",
       "reboot",        "swapon",       "swapoff",         "acct",          "quotactl",     "quotactl_fd",
       "syslog",        "settimeofday", "clock_settime",   "clock_adjtime", "adjtimex",     "sethostname",
       "setdomainname", "personality",  "vhangup",         "iopl",          "ioperm",       "modify_ldt",
       "mknod",         "mknodat",      "shmget",          "shmat",         "msgget",       "semget",
       "mq_open"});
  for (const int flag : {CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER,
                         CLONE_NEWPID, CLONE_NEWNET}) {
    const auto bit = static_cast<std::uint64_t>(flag);
    rules.add(fails(EPERM), "clone", {masked(0, bit, bit)});
  }
  rules.add(fails(ENOSYS), {"clone3"});
  for (const std::uint64_t request : {std::uint64_t{TIOCSTI}, std::uint64_t{TIOCLINUX}})
    rules.add(fails(EPERM), "ioctl", {masked(1, low_word, request)});
  return rules.exported();
}

}  // namespace assay::graders
