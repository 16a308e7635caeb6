#include <fmt/format.h>

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

#include "graders/escape.hpp"
#include "graders/intake/sources.hpp"
#include "graders/sandbox/fd.hpp"

namespace assay::graders {
namespace {

/// Opens below `folder` only, through no link, and never waits on a pipe or a device.
Fd open_beneath(int folder, const std::string& name, int flags) {
  open_how how{};
  how.flags = static_cast<__u64>(flags | O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  return Fd(static_cast<int>(::syscall(SYS_openat2, folder, name.c_str(), &how, sizeof how)));
}

std::vector<std::string> sorted_entries(int folder) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(::fcntl(folder, F_DUPFD_CLOEXEC, 0)),
                                                   ::closedir);
  if (!stream) return names;
  while (const dirent* entry = ::readdir(stream.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
    if (names.size() > intake_limits::entries) break;
  }
  std::ranges::sort(names);
  return names;
}

void read_level(int folder, const std::string& prefix, std::size_t depth, Collector& collector) {
  for (const std::string& name : sorted_entries(folder)) {
    if (!collector.ok()) return;
    if (name.starts_with('.') || name == "__MACOSX") continue;
    const std::string path = prefix + name;
    struct stat about {};
    if (::fstatat(folder, name.c_str(), &about, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (S_ISDIR(about.st_mode)) {
      if (depth >= intake_limits::depth)
        return collector.refuse(fmt::format("'{}' is nested deeper than {} folders", displayable_line(path),
                                            intake_limits::depth));
      const Fd below = open_beneath(folder, name, O_DIRECTORY);
      if (below) read_level(below.get(), path + "/", depth + 1, collector);
      continue;
    }
    if (!collector.wants(path)) continue;
    if (auto bytes = read_regular_file(folder, name, path, collector)) collector.add(path, std::move(*bytes));
  }
}

}  // namespace

std::optional<std::string> read_regular_file(int folder, const std::string& name,
                                             const std::string& shown_path, Collector& collector) {
  const std::string shown = displayable_line(shown_path, 160);
  const auto refused = [&](const std::string& why) {
    collector.refuse(fmt::format("'{}' {}", shown, why));
    return std::nullopt;
  };
  const Fd file = open_beneath(folder, name, 0);
  if (!file && errno == ELOOP) return refused("is a symbolic link");
  if (!file) return refused(fmt::format("cannot be read: {}", std::strerror(errno)));
  struct stat about {};
  if (::fstat(file.get(), &about) != 0 || !S_ISREG(about.st_mode)) return refused("is no regular file");
  if (about.st_nlink != 1) return refused("is a hard link to another file");
  std::string bytes;
  std::array<char, 65536> buffer{};
  while (bytes.size() <= intake_limits::file_bytes) {
    const ssize_t n = ::read(file.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return refused(fmt::format("cannot be read: {}", std::strerror(errno)));
    if (n == 0) return bytes;
    bytes.append(buffer.data(), static_cast<std::size_t>(n));
  }
  return refused("is larger than 1 MiB");
}

void read_folder(const std::filesystem::path& folder, Collector& collector) {
  const Fd top(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  if (!top) return collector.refuse(fmt::format("the folder cannot be read: {}", std::strerror(errno)));
  read_level(top.get(), "", 1, collector);
}

}  // namespace assay::graders
