#include "graders/author_files.hpp"

#include <filesystem>

#include "graders/file_bytes.hpp"

namespace assay::graders {

namespace fs = std::filesystem;

std::vector<SourceFile> files_of(const fixtures::Assignment& assignment, const std::string& folder,
                                 const std::string& otherwise) {
  std::vector<SourceFile> files;
  for (const std::string& file : assignment.files) {
    const fs::path own = assignment.folder / folder / file;
    std::error_code error;
    const bool is_there = fs::is_regular_file(own, error);
    files.push_back({file, file_bytes(is_there ? own : assignment.folder / otherwise / file).value_or("")});
  }
  return files;
}

std::vector<SourceFile> reference_files(const fixtures::Assignment& assignment) {
  return files_of(assignment, assignment.reference, assignment.reference);
}

}  // namespace assay::graders
