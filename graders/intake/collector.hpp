/// One submission while it is being read: every rule about names, sizes and numbers, whatever it is read
/// from.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "graders/intake/intake.hpp"

namespace assay::graders {

/// What the assignment says about files.
struct FileRules {
  std::vector<std::string> expected, given;
};

bool is_cpp_source(std::string_view path);  ///< something a compiler is given
bool is_cpp_file(std::string_view path);    ///< a source or a header

class Collector {
 public:
  explicit Collector(const FileRules& rules) : rules_(rules) {}

  bool ok() const { return problem_.empty(); }
  /// The first problem stays.
  void refuse(std::string problem);
  /// Judges the name of an entry before it is read. False: leave it out (or stop, if not ok() any more).
  bool wants(const std::string& path);
  void add(const std::string& path, std::string bytes);
  /// A single file handed in alone: it is the expected one, whatever its name.
  void add_only(const std::string& name, std::string bytes);
  /// Counts bytes that came out of an archive, wanted or not.
  bool count_inflated(std::size_t bytes, std::size_t archive_bytes);

  void finish(Submission& into);

 private:
  struct Raw {
    std::string path, bytes;
  };
  bool has_expected() const;
  void strip_wrapper();
  void drop_given();
  void check_expected();
  void refuse_duplicates();
  std::string safe_name(const Raw& file, std::size_t position, const std::vector<SubmissionFile>& taken);

  const FileRules& rules_;
  std::vector<Raw> files_;
  std::vector<std::string> notes_;
  std::string problem_;
  std::size_t entries_ = 0, total_ = 0, inflated_ = 0, left_out_ = 0;
};

}  // namespace assay::graders
