/// Landlock by raw system calls: the headers and the C library of supported machines are older than its
/// newest parts, so the constants that are used stand here.
#pragma once

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace assay::landlock {

struct Ruleset {
  std::uint64_t handled_files, handled_network, scoped;
};
struct [[gnu::packed]] BeneathRule {
  std::uint64_t allowed;
  std::int32_t parent;
};

constexpr long create_ruleset = 444, add_rule = 445, restrict_self = 446;
constexpr std::uint64_t execute = 1 << 0, write_file = 1 << 1, read_file = 1 << 2, read_dir = 1 << 3;
constexpr std::uint64_t truncate = 1 << 14, ioctl_dev = 1 << 15;
constexpr std::uint64_t on_files = execute | write_file | read_file | truncate;

/// The version of Landlock in this kernel; 0 or less where there is none.
inline int abi() {
  return static_cast<int>(syscall(create_ruleset, nullptr, 0, 1));
}

/// What each version can restrict; asking for more than the kernel knows is an error.
inline Ruleset everything(int version) {
  std::uint64_t files = (1 << 13) - 1;
  if (version >= 2) files |= 1 << 13;
  if (version >= 3) files |= truncate;
  if (version >= 5) files |= ioctl_dev;
  return {files, version >= 4 ? 3u : 0u, version >= 6 ? 3u : 0u};
}

inline std::size_t ruleset_size(int version) {
  return version >= 6 ? 24 : version >= 4 ? 16 : 8;
}

/// A ruleset that forbids all files, TCP, and signals or abstract sockets outside; negative on failure.
inline int forbid_everything() {
  const int version = abi();
  if (version < 1) return -1;
  const Ruleset rules = everything(version);
  return static_cast<int>(syscall(create_ruleset, &rules, ruleset_size(version), 0));
}

/// Allows reading and executing below `path`, and writing too where asked.
inline bool allow(int ruleset, const char* path, bool writable) {
  const int parent = open(path, O_PATH | O_CLOEXEC);
  if (parent < 0) return false;
  const bool folder = close(open(path, O_PATH | O_DIRECTORY | O_CLOEXEC)) == 0;
  const std::uint64_t read_only = execute | read_file | read_dir;
  // Devices, sockets and pipes are never made here, so their rights (bits 6, 9, 10, 11) stay out.
  const std::uint64_t made = (1 << 4) | (1 << 5) | (1 << 7) | (1 << 8) | (1 << 12) | (1 << 13) | write_file;
  std::uint64_t wanted =
      (writable ? read_only | made | truncate : read_only) & everything(abi()).handled_files;
  if (!folder) wanted &= on_files;
  const BeneathRule rule{wanted, parent};
  const bool done = syscall(add_rule, ruleset, 1, &rule, 0) == 0;
  close(parent);
  return done;
}

/// Binds the calling thread; PR_SET_NO_NEW_PRIVS must be set.
inline bool enforce(int ruleset) {
  return syscall(restrict_self, ruleset, 0) == 0;
}

}  // namespace assay::landlock
