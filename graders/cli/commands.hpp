/// The commands of the program, one function each; main.cpp reads the command line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::cli {

/// Exit codes, the same for every command.
enum Exit : int {
  done = 0,
  falls_short = 1,     ///< done, and something is below what was asked
  bad_input = 2,       ///< bad usage or bad input, with its place
  harness_failed = 3,  ///< Assay itself could not do its work
  interrupted = 130,
};

struct SandboxChoice {
  std::string force;           ///< "S2": use this tier; empty: the strongest that works
  std::string minimum = "S3";  ///< refuse to run below it
  bool unsafe = false;         ///< allow S0: limits only
};

struct GradeOptions {
  std::filesystem::path assignment;
  std::vector<std::filesystem::path> submissions;
  std::filesystem::path out = "assay-out";
  std::filesystem::path store;  ///< empty: assay.db in `out`
  bool force = false;           ///< grade what the store has, too
  unsigned jobs = 0;            ///< 0: as many as there are processors
  bool json = false;
  std::optional<std::string> fail_under;
  SandboxChoice sandbox;
};

struct RegradeOptions {
  GradeOptions grade;  ///< no assignment: what waits is applied or discarded
  bool apply = false, discard = false;
};

struct StatusOptions {
  std::filesystem::path out = "assay-out", store;
  std::string submission;  ///< empty: the runs
  bool json = false;
};

struct ExportOptions {
  std::string format;
  std::filesystem::path out = "assay-out", store;
  std::string assignment;    ///< id; empty: the only one
  std::filesystem::path to;  ///< empty: standard output
  std::filesystem::path roster;
  std::string audience;  ///< "before", "final", "limit"; empty: before
};

struct MarkOptions {
  std::filesystem::path exam;
  std::vector<std::filesystem::path> sheets;
  std::filesystem::path out = "assay-out";
  unsigned jobs = 0;
  std::uint64_t seed = 1;
  bool json = false;
  std::filesystem::path key_file;  ///< of pseudonyms; empty: names as they are
  std::filesystem::path roster;
};

struct CheckOptions {
  std::filesystem::path assignment;
  std::size_t seeds = 0;                    ///< instead of the self-test: correct submissions on this many
  std::optional<std::uint64_t> first_seed;  ///< default: the assignment's
  unsigned jobs = 0;
  bool json = false;
  SandboxChoice sandbox;
};

struct InitOptions {
  std::filesystem::path name;     ///< of the folder that is made
  std::vector<std::string> from;  ///< operations, with commas or blanks between; none: a worked example
};

struct CheckExamOptions {
  std::filesystem::path exam;  ///< a folder, its exam.toml, or the id of a shipped exam
  std::uint64_t seed = 1;
  unsigned jobs = 0;
  bool fresh = false;  ///< verify every claim anew
  bool json = false;
};

struct ExplainOptions {
  std::filesystem::path results;
  std::string submission;
  std::string criterion;
  std::string audience;        ///< "staff", "student", "before", "final", "limit"; empty: staff
  std::filesystem::path html;  ///< a page in place of text
};

struct ListOptions {
  std::string what;
  bool json = false;
};

struct OracleOptions {
  std::string operation;           ///< empty: each line names its own
  std::vector<std::string> named;  ///< --NAME VALUE words, inputs and attributes of the operation
  std::optional<long> bits;
  int digits = 0;
  bool example = false;
  bool examples = false;
  bool gradient = false;
  bool json = false;
};

struct DoctorOptions {
  bool json = false;
  SandboxChoice sandbox;
};

struct ShapeOptions {
  std::string network;  ///< a TOML file, a shorthand, or "-" for a shorthand on standard input
  std::string layout;   ///< "CHW" or "HWC"; empty: as the network states its input
  std::string input;    ///< "3x32x32" instead of the network's own
  unsigned long batch = 1;
  unsigned long bytes = 4;  ///< of one number
  bool json = false;
  bool markdown = false;
};

struct VerifyOptions {
  std::vector<std::string> patterns;  ///< ids or shell patterns; none: all
  std::string exam;
  std::uint64_t seed = 1;
  std::optional<std::size_t> cases;
  unsigned jobs = 0;
  std::string subject = "reals";
  double seconds = 0;
  bool prove = false;
  std::filesystem::path html;                 ///< a folder for one page per paper
  std::filesystem::path save;                 ///< a folder for the counterexamples and witnesses
  std::vector<std::filesystem::path> replay;  ///< such files, to be evaluated again
  bool quick = false;
  bool explain = false;
  bool json = false;
};

int grade(const GradeOptions& options);
int regrade(const RegradeOptions& options);
int status(const StatusOptions& options);
int export_results(const ExportOptions& options);
int mark(const MarkOptions& options);
int check(const CheckOptions& options);
int init(const InitOptions& options);
int check_exam(const CheckExamOptions& options);
int explain(const ExplainOptions& options);
int list(const ListOptions& options);
int list_claims(bool as_json);
int list_exams(bool as_json);
int doctor(const DoctorOptions& options);
int oracle(const OracleOptions& options);
int shape(const ShapeOptions& options);
int verify(const VerifyOptions& options);
int demo(GradeOptions options);

/// What a person names: a file or folder, or the name of one of the folders that come with Assay. Throws
/// InputError with the nearest name. `noun`: "exam".
std::filesystem::path find_shipped(const std::filesystem::path& named,
                                   const std::vector<std::filesystem::path>& shipped, std::string_view noun);
std::filesystem::path find_exam(const std::filesystem::path& named);
std::filesystem::path find_assignment(const std::filesystem::path& named);

}  // namespace assay::cli
