#include "graders/cli/report_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <cctype>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "graders/cli/terminal.hpp"
#include "graders/report/report.hpp"
#include "graders/sandbox/fd.hpp"

namespace assay::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// A file name from an id that a student may have chosen.
std::string file_stem(const std::string& id, std::set<std::string>& used) {
  std::string stem;
  for (const char c : id)
    stem +=
        (std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || (c == '.' && !stem.empty()))
            ? c
            : '_';
  if (stem.empty()) stem = "submission";
  std::string unique = stem;
  for (int number = 2; !used.insert(unique).second; ++number) unique = fmt::format("{}-{}", stem, number);
  return unique;
}

/// Until its end no other program writes reports here; the lock goes with the process, however it ends.
class Turn {
 public:
  explicit Turn(const fs::path& folder)
      : folder_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (folder_) ::flock(folder_.get(), LOCK_EX);
  }

 private:
  graders::Fd folder_;
};

}  // namespace

void make_folders(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw InputError("cannot make the folder " + folder.string() + ": " + error.message());
}

void write_file(const fs::path& path, const std::string& bytes) {
  const fs::path beside = path.string() + ".part";
  std::ofstream stream(beside, std::ios::binary);
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  stream.close();
  std::error_code error;
  if (stream) fs::rename(beside, path, error);
  if (stream && !error) return;
  fs::remove(beside, error);
  throw InputError("cannot write " + path.string() +
                   "; make room, or choose another folder with --out: what is graded is kept in the store");
}

void write_gradescope(const fs::path& folder, const json& results) {
  make_folders(folder);
  std::set<std::string> used;
  for (const auto& submission : results["submissions"]) {
    const std::string id = submission["id"];
    write_file(folder / (file_stem(id, used) + ".json"),
               graders::report::to_text(graders::report::gradescope_json(results, id)));
  }
}

void write_student_pages(const fs::path& folder, const json& results) {
  make_folders(folder);
  std::set<std::string> used;
  for (const auto& submission : results["submissions"]) {
    const std::string id = submission["id"];
    write_file(folder / (file_stem(id, used) + ".html"),
               graders::report::student_html(graders::report::for_student(results, id), id));
  }
}

void write_reports(const fs::path& out, const json& results, const json* timing) {
  make_folders(out);
  const Turn turn(out);
  write_file(out / "results.json", graders::report::to_text(results));
  write_file(out / "report.html", graders::report::class_html(results));
  if (timing) {
    write_file(out / "timing.json", graders::report::to_text(*timing));
    write_file(out / "timing.html", graders::report::timing_html(results, *timing));
  }
  write_file(out / "grades.csv", graders::report::class_csv(results));
  write_gradescope(out / "gradescope", results);
  std::error_code ignored;
  fs::remove(out / "results.partial.json", ignored);
}

}  // namespace assay::cli
