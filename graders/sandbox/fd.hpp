/// File descriptors as values.
#pragma once

#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace assay::graders {

/// Owns a file descriptor.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    if (this != &other) {
      reset();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }
  ~Fd() { reset(); }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  void reset() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_ = -1;
};

/// The result of a system call that gives a descriptor; throws std::system_error naming `what`.
inline Fd checked(int fd, const char* what) {
  if (fd < 0) throw std::system_error(errno, std::generic_category(), what);
  return Fd(fd);
}

struct Pipe {
  Fd reading, writing;
};

/// A close-on-exec pipe whose ends are high numbers, so that placing them at 0..15 in a child never collides.
Pipe make_pipe();

/// The same descriptor as a high number.
Fd lifted(Fd fd);

/// A sealed, read-only memory file with these bytes, positioned at its start.
Fd memory_file(const char* name, std::string_view bytes);

/// A whole small file; empty if it cannot be read.
std::string read_small_file(const std::string& path);
bool write_small_file(const std::string& path, std::string_view text);

void set_nonblocking(const Fd& fd);

}  // namespace assay::graders
