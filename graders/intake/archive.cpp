#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "graders/escape.hpp"
#include "graders/intake/sources.hpp"
#include "graders/sandbox/fd.hpp"

namespace assay::graders {
namespace {

std::string shown(const std::string& path) {
  return displayable_line(path, 160);
}

class Unpacking {
 public:
  Unpacking(Collector& collector, std::size_t archive_bytes)
      : collector_(collector), archive_bytes_(archive_bytes), reader_(archive_read_new(), archive_read_free) {
    // Only what the documentation names: every other format would be parser code for attackers.
    archive_read_support_filter_gzip(reader_.get());
    archive_read_support_format_tar(reader_.get());
    archive_read_support_format_zip(reader_.get());
  }

  void run(int file) {
    constexpr std::size_t block = 65536;
    if (archive_read_open_fd(reader_.get(), file, block) != ARCHIVE_OK) return damaged();
    archive_entry* entry = nullptr;
    while (collector_.ok()) {
      const int result = archive_read_next_header(reader_.get(), &entry);
      if (result == ARCHIVE_EOF) return;
      if (result == ARCHIVE_FATAL || result == ARCHIVE_FAILED) return damaged();
      take(entry);
    }
  }

 private:
  void damaged() {
    const char* why = archive_error_string(reader_.get());
    collector_.refuse(fmt::format("the archive is damaged or of another kind: {}",
                                  displayable_line(why == nullptr ? "unknown" : why)));
  }

  static std::string path_of(archive_entry* entry) {
    const char* name = archive_entry_pathname(entry);
    if (name == nullptr) name = archive_entry_pathname_utf8(entry);
    std::string path = name == nullptr ? "" : name;
    for (char& c : path)
      if (c == '\\') c = '/';  // written by some archivers of Windows
    while (path.starts_with("./")) path.erase(0, 2);
    return path;
  }

  void take(archive_entry* entry) {
    const std::string path = path_of(entry);
    const auto kind = archive_entry_filetype(entry);
    if (archive_entry_is_encrypted(entry) != 0) return collector_.refuse("the archive is encrypted");
    if (archive_entry_hardlink(entry) != nullptr || kind == AE_IFLNK)
      return collector_.refuse(fmt::format("'{}' is a link", shown(path)));
    if (kind == AE_IFDIR) {
      collector_.count_inflated(1, archive_bytes_ + intake_limits::entries);
      return;
    }
    if (kind != AE_IFREG) return collector_.refuse(fmt::format("'{}' is no regular file", shown(path)));
    const bool wanted = collector_.wants(path);
    if (!collector_.ok()) return;
    std::string bytes = read_entry(path, wanted);
    if (wanted && collector_.ok()) collector_.add(path, std::move(bytes));
  }

  /// Also reads what is left out: in a stream it has to be unpacked anyway, so it has to be counted.
  std::string read_entry(const std::string& path, bool keep) {
    std::string bytes;
    std::array<char, 65536> buffer{};
    for (;;) {
      const la_ssize_t n = archive_read_data(reader_.get(), buffer.data(), buffer.size());
      if (n == ARCHIVE_RETRY) continue;
      if (n < 0) damaged();
      if (n <= 0) return bytes;
      const auto size = static_cast<std::size_t>(n);
      if (!collector_.count_inflated(size, archive_bytes_)) return bytes;
      if (!keep) continue;
      bytes.append(buffer.data(), size);
      if (bytes.size() > intake_limits::file_bytes) {
        collector_.refuse(fmt::format("'{}' is larger than 1 MiB", shown(path)));
        return bytes;
      }
    }
  }

  Collector& collector_;
  std::size_t archive_bytes_;
  std::unique_ptr<archive, int (*)(archive*)> reader_;
};

}  // namespace

void read_archive(const std::filesystem::path& path, Collector& collector) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat about {};
  if (!file || ::fstat(file.get(), &about) != 0)
    return collector.refuse(fmt::format("the archive cannot be read: {}", std::strerror(errno)));
  if (!S_ISREG(about.st_mode)) return collector.refuse("the archive is no regular file");
  if (static_cast<std::size_t>(about.st_size) > intake_limits::inflated_bytes)
    return collector.refuse("the archive is larger than 64 MiB");
  Unpacking(collector, static_cast<std::size_t>(about.st_size)).run(file.get());
}

bool is_archive(const std::filesystem::path& path) {
  std::string name = path.filename();
  for (char& c : name)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return name.ends_with(".zip") || name.ends_with(".tar.gz") || name.ends_with(".tgz") ||
         name.ends_with(".tar");
}

}  // namespace assay::graders
