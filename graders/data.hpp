/// Where Assay's own files are, installed or in a build folder: found from the program's place, never
/// compiled in.
#pragma once

#include <filesystem>
#include <stdexcept>

#include "graders/sandbox/fd.hpp"

namespace assay::graders {

struct DataError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// PREFIX/share/assay, where this program is PREFIX/bin/assay. Throws DataError if it is not there.
std::filesystem::path data_folder();

/// The folder that holds assay/driver.hpp.
std::filesystem::path driver_headers();

/// The folder that holds oracles/own.hpp, for oracles of an assignment's own.
std::filesystem::path oracle_headers();

/// What assay init composes new assignments of.
std::filesystem::path starters();

/// The assignments that come with Assay.
std::filesystem::path shipped_assignments();

/// A private folder for a run's boxes, removed with everything in it at the end. Making one also removes
/// those of runs that were killed.
class WorkFolder {
 public:
  WorkFolder();
  ~WorkFolder();
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  Fd lock_;  ///< held while the run lives
};

}  // namespace assay::graders
