#include "graders/data.hpp"

#include <unistd.h>

#include <cerrno>
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

WorkFolder::WorkFolder() {
  std::string name = (fs::temp_directory_path() / "assay-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr)
    throw DataError("cannot make a folder in " + fs::temp_directory_path().string() + ": " +
                    std::strerror(errno) + "; set TMPDIR to a folder with room");
  path_ = name;
  // Boxes run as other users: they may pass through, not look around.
  fs::permissions(path_, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
}

WorkFolder::~WorkFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace assay::graders
