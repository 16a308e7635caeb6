/// Names that give nobody away: a keyed hash of the id. Without the key nobody can tell whose they are, or
/// try ids out; with it the same id gets the same name in every run.
#pragma once

#include <filesystem>
#include <fstream>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

namespace assay::graders::exams {

struct PseudonymError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Pseudonyms {
 public:
  /// Reads KEY_FILE, or makes it: 32 random bytes, readable by its owner alone. Who is who is kept in
  /// KEY_FILE.names.csv, which is as private. Throws PseudonymError for a key that is short, or that others
  /// may read.
  explicit Pseudonyms(const std::filesystem::path& key_file);

  /// "p-" and 16 hexadecimal digits.
  std::string name_for(std::string_view id) const;
  /// The same, noted in the file of names once.
  std::string note(const std::string& id, const std::string& name, const std::string& email);

  const std::filesystem::path& names_file() const { return names_; }

 private:
  std::string key_;
  std::filesystem::path names_;
  std::set<std::string> known_;
  std::ofstream stream_;
};

}  // namespace assay::graders::exams
