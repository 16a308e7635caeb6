/// Control groups: limits on a whole process tree, and the one way to kill it that cannot be outrun.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "graders/sandbox/fd.hpp"

namespace assay::graders {

/// One box's groups, one folder per hierarchy. Removed when destroyed.
class Cgroup {
 public:
  Cgroup() = default;
  Cgroup(Cgroup&&) noexcept = default;
  Cgroup& operator=(Cgroup&& other) noexcept;
  ~Cgroup();

  bool active() const { return !folders_.empty(); }
  /// Writing "0" to each of these moves the writer into the group.
  std::vector<Fd> entrances() const;
  /// CPU time of everything that ever ran here.
  std::optional<std::chrono::microseconds> cpu() const;
  std::uint64_t out_of_memory_kills() const;
  bool empty() const;
  void kill() const;

 private:
  friend class CgroupHome;
  std::vector<std::filesystem::path> folders_;
  std::filesystem::path memory_, unified_;
  bool memory_is_v2_ = false;
};

/// Where this machine lets us make groups. Finding nothing is not an error.
class CgroupHome {
 public:
  CgroupHome() = default;
  /// Looks for memory and pids limits (version 1 or 2) and for cgroup.kill; removes what dead runs left.
  static CgroupHome find();
  CgroupHome(CgroupHome&&) noexcept = default;
  CgroupHome& operator=(CgroupHome&& other) noexcept;
  ~CgroupHome();

  bool limits() const { return !memory_.empty() && !pids_.empty(); }
  const std::string& detail() const { return detail_; }  ///< "v1:memory,pids v2:kill"
  /// Throws std::system_error if a group cannot be made.
  Cgroup make(std::uint64_t memory_bytes, unsigned processes) const;

 private:
  std::filesystem::path memory_, pids_, unified_;
  bool memory_is_v2_ = false;
  pid_t owner_ = -1;  ///< a forked copy of the grader must not remove the groups of the original
  std::string detail_;
};

}  // namespace assay::graders
