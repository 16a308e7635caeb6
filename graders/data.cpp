#include "graders/data.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <string>

namespace assay::graders {
namespace fs = std::filesystem;

fs::path data_folder() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path folder = program.parent_path().parent_path() / "share" / "assay";
  if (error || !fs::is_directory(folder / "include"))
    throw DataError("Assay's own files are missing: " + folder.string() +
                    " should hold include/ and assignments/; install again with cmake --install");
  return folder;
}

fs::path driver_headers() {
  return fs::canonical(data_folder() / "include");
}

fs::path oracle_headers() {
  const fs::path folder = data_folder() / "headers";
  if (!fs::exists(folder / "oracles" / "own.hpp"))
    throw DataError("Assay's headers are missing: " + (folder / "oracles" / "own.hpp").string() +
                    "; install again with cmake --install");
  return fs::canonical(folder);
}

fs::path starters() {
  return fs::canonical(data_folder() / "starters");
}

fs::path shipped_assignments() {
  return fs::canonical(data_folder() / "assignments");
}

namespace {

constexpr const char* lock_name = ".lock";
/// Younger ones may be about to be locked.
constexpr auto abandoned_after = std::chrono::minutes(2);

bool is_old(const fs::path& file) {
  std::error_code error;
  const auto written = fs::last_write_time(file, error);
  return !error && fs::file_time_type::clock::now() - written > abandoned_after;
}

/// Folders of runs that were killed: nobody holds their lock. What cannot be removed stays.
void remove_abandoned(const fs::path& parent) {
  std::error_code error;
  for (fs::directory_iterator entry(parent, error), end; !error && entry != end; entry.increment(error)) {
    const fs::path lock = entry->path() / lock_name;
    if (!entry->path().filename().string().starts_with("assay-") || !is_old(lock)) continue;
    const Fd file(::open(lock.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    struct stat about {};
    std::error_code ignored;
    if (file && ::fstat(file.get(), &about) == 0 && about.st_uid == ::geteuid() &&
        ::flock(file.get(), LOCK_EX | LOCK_NB) == 0)
      fs::remove_all(entry->path(), ignored);
  }
}

}  // namespace

WorkFolder::WorkFolder() {
  remove_abandoned(fs::temp_directory_path());
  std::string name = (fs::temp_directory_path() / "assay-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr)
    throw DataError("cannot make a folder in " + fs::temp_directory_path().string() + ": " +
                    std::strerror(errno) + "; set TMPDIR to a folder with room");
  path_ = name;
  lock_ = Fd(::open((path_ / lock_name).c_str(), O_RDONLY | O_CREAT | O_CLOEXEC, 0600));
  if (lock_) ::flock(lock_.get(), LOCK_EX);
  // Boxes run as other users: they may pass through, not look around.
  fs::permissions(path_, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
}

WorkFolder::~WorkFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace assay::graders
