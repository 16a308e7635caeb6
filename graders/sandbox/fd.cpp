#include "graders/sandbox/fd.hpp"

#include <sys/mman.h>

#include <array>

namespace assay::graders {
namespace {

constexpr int lowest_own = 64;  // above every number that a child is given

}  // namespace

Fd lifted(Fd fd) {
  return checked(::fcntl(fd.get(), F_DUPFD_CLOEXEC, lowest_own), "F_DUPFD_CLOEXEC");
}

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe2");
  Fd reading(ends[0]), writing(ends[1]);
  return {lifted(std::move(reading)), lifted(std::move(writing))};
}

Fd memory_file(const char* name, std::string_view bytes) {
  Fd file = checked(::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING), "memfd_create");
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t n = ::write(file.get(), bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) throw std::system_error(errno, std::generic_category(), "memfd write");
    done += static_cast<std::size_t>(n);
  }
  ::fcntl(file.get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
  ::lseek(file.get(), 0, SEEK_SET);
  return lifted(std::move(file));
}

std::string read_small_file(const std::string& path) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  std::array<char, 4096> buffer{};
  while (file) {
    const ssize_t n = ::read(file.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(n));
  }
  return text;
}

bool write_small_file(const std::string& path, std::string_view text) {
  const Fd file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  return file && ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

void set_nonblocking(const Fd& fd) {
  const int flags = ::fcntl(fd.get(), F_GETFL);
  ::fcntl(fd.get(), F_SETFL, flags | O_NONBLOCK);
}

}  // namespace assay::graders
