/// Child processes started from a program with many threads.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "graders/sandbox/fd.hpp"

#include <sys/types.h>

namespace assay::graders {

/// A child that is signalled through a pidfd, so never a stranger who inherited its number.
class Process {
 public:
  Process() = default;
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;
  ~Process();  ///< kills and reaps

  /// Runs `argv` with exactly these descriptors (own -> child's number) and this environment. Signal
  /// dispositions are reset. Throws std::system_error.
  static Process start(const std::vector<std::string>& argv,
                       const std::vector<std::pair<int, int>>& descriptors,
                       const std::vector<std::string>& environment);

  pid_t id() const { return id_; }
  const Fd& handle() const { return handle_; }
  void signal(int number) const;
  /// Waits for the end and reaps. False if it still runs after `patience`.
  bool reap(std::chrono::milliseconds patience);
  int status() const { return status_; }

 private:
  pid_t id_ = -1;
  Fd handle_;
  int status_ = 0;
};

/// A handle on a process that is not our child; none if it has ended or its parent is not `parent`.
Fd open_grandchild(pid_t process, pid_t parent);
void signal_handle(const Fd& handle, int number);

/// CPU time of a process and everything below it, children it has waited for included.
std::chrono::microseconds tree_cpu(pid_t root);
/// Stops everything below a child, and tells the longest that one thread could have run while it had no
/// processor; 0 where it cannot be read. The kernel counts a wait when it ends, and a thread must run to be
/// stopped: for that it is given `patience`, and where it is not over, that is how long it had none.
std::chrono::microseconds stop_and_tell_wait(pid_t root, std::chrono::microseconds patience);

}  // namespace assay::graders
