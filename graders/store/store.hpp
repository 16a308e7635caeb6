/// The store: every grade that was ever given, in one SQLite file.
///
/// A submission's grade is written in one transaction when it is known, so that a run that is killed loses
/// at most what it was working on. Nothing is ever deleted or changed, but for the mark that says which of a
/// submission's results counts. Several processes may use one store at once.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace assay::graders {

/// Why a store cannot be used, and what to do. What was in it is still there.
struct StoreError : std::runtime_error {
  enum class Fault {
    file,     ///< the file is not what it should be: missing, foreign, damaged, of a newer version
    machine,  ///< it cannot be read or written just now: full, read-only, locked
  };
  StoreError(Fault whose, const std::string& message) : std::runtime_error(message), fault(whose) {}
  Fault fault;
};

enum class RunKind {
  grade,    ///< its results count as soon as they are there
  regrade,  ///< a preview: they count once it is applied
};
std::string_view word(RunKind kind);

enum class RunState {
  open,      ///< under way, or ended early
  finished,  ///< everything graded; of a preview: waits to be applied or discarded
  applied,
  discarded,
};
std::string_view word(RunState state);

/// What a run grades.
struct RunPlan {
  RunKind kind = RunKind::grade;
  std::string assignment;  ///< its id
  std::string head;        ///< results document without submissions, as text
  struct Member {
    std::string submission;              ///< its id
    std::optional<std::int64_t> result;  ///< taken from the store
  };
  std::vector<Member> members;
};

struct NewResult {
  std::string submission, key;
  bool failed = false;  ///< a harness error: is kept, is never taken again, and replaces no other result
  std::string entry;    ///< its part of the results document, as text
  std::chrono::microseconds compile_time{0}, run_time{0};
};

struct StoredResult {
  std::int64_t number = 0, run = 0;
  std::string submission, key;
  bool failed = false, counts = false;
  std::string entry;
  std::chrono::microseconds compile_time{0}, run_time{0};
  std::string graded;  ///< "2026-03-01T17:05:11Z"
};

struct StoredRun {
  std::int64_t number = 0;
  RunKind kind = RunKind::grade;
  RunState state = RunState::open;
  std::string assignment, head, began, ended;  ///< times as in StoredResult; `ended` empty while open
  std::size_t members = 0, graded = 0, failed = 0, taken = 0;  ///< `taken`: of the graded, by an earlier run
  bool completed_later = false;  ///< open, and a later run has finished all that it had begun

  std::size_t waiting() const { return members - graded - failed; }
};

class Store {
 public:
  /// Its version; a store of a newer one is refused.
  static constexpr int version = 1;

  /// Opens a store, makes one where `write` is set and nothing is there yet. Throws StoreError; a file that
  /// is no store, or a damaged one, is not touched.
  Store(const std::filesystem::path& file, bool write);
  ~Store();
  const std::filesystem::path& file() const;

  // --- writing ---------------------------------------------------------------------------------------------
  // Each is one transaction; if it throws StoreError, nothing of it was done.

  /// The number of the new run. Taken results count from here on, unless it is a preview. A new preview
  /// discards the one that waits.
  std::int64_t begin(const RunPlan& plan);
  void add(std::int64_t run, const NewResult& result);
  void finish(std::int64_t run);
  /// The preview's results count from here on, but for harness errors. How many were changed by that.
  std::size_t apply(std::int64_t run);
  void discard(std::int64_t run);

  // --- reading ---------------------------------------------------------------------------------------------

  /// The result with this key: the one that counts before any other, then the latest. Never a harness error.
  std::optional<std::int64_t> find(const std::string& assignment, const std::string& submission,
                                   const std::string& key) const;
  /// Its runs, the latest first.
  std::vector<StoredRun> runs() const;
  /// What a run graded and took, in its order.
  void members(std::int64_t run, const std::function<void(StoredResult&&)>& take) const;
  /// What counts, sorted by submission.
  void counting(const std::string& assignment, const std::function<void(StoredResult&&)>& take) const;
  std::optional<StoredResult> counting(const std::string& assignment, const std::string& submission) const;
  /// All of a submission's results, the latest first.
  std::vector<StoredResult> history(const std::string& assignment, const std::string& submission) const;
  /// Ids of assignments that have a result.
  std::vector<std::string> assignments() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace assay::graders
