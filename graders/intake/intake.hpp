/// Taking in what was handed in: files, folders and archives, all of them possibly hostile.
///
/// Nothing here runs or compiles anything. Whatever is wrong with one submission is a sentence in its
/// `problem`; the others are not touched by it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace assay::graders {

struct SubmissionFile {
  std::string name;       ///< the path the student gave it, made harmless for display
  std::string safe_name;  ///< [A-Za-z0-9_][A-Za-z0-9_.-]*, unique in the submission whatever the case
  std::string bytes;
};

struct Submission {
  std::string
      id;  ///< from the file or folder name; safe as a file name, unique in the batch whatever the case
  std::filesystem::path origin;
  std::vector<SubmissionFile> files;  ///< C++ sources and headers, sorted by safe_name; given files left out
  std::string digest;                 ///< SHA-256 over safe names and bytes
  std::string problem;                ///< why it cannot be graded, the student's fault; empty: fine
  std::vector<std::string> notes;     ///< what was ignored or renamed
};

namespace intake_limits {
constexpr std::size_t files = 200, file_bytes = 1 << 20, total_bytes = 8 << 20, depth = 8, name_bytes = 128;
constexpr std::size_t entries = 20'000, inflated_bytes = 64 << 20, inflated_per_byte = 100;
}  // namespace intake_limits

/// Reads submissions, sorted by id. A path is a file, a .zip, .tar, .tar.gz or .tgz, or a folder; a folder
/// that directly holds an expected file (or nothing but one misnamed source) is one submission, any other
/// folder is a class whose visible entries are submissions. A single file stands for the one expected file,
/// whatever its name. Throws std::runtime_error only where a path itself does not exist.
std::vector<Submission> take_in(const std::vector<std::filesystem::path>& paths,
                                const std::vector<std::string>& expected_files,
                                const std::vector<std::string>& given_files);

}  // namespace assay::graders
