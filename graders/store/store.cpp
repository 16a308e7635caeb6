#include "graders/store/store.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>

#include <array>
#include <ctime>
#include <utility>

#include "graders/store/file.hpp"

namespace assay::graders {
namespace {

using SQLite::Statement;

constexpr std::array<std::string_view, 2> kind_words{"grade", "regrade"};
constexpr std::array<std::string_view, 4> state_words{"open", "finished", "applied", "discarded"};

template <class Enum, std::size_t n>
Enum from_word(const std::array<std::string_view, n>& words, const std::string& text) {
  for (std::size_t i = 0; i < n; ++i)
    if (words[i] == text) return static_cast<Enum>(i);
  throw StoreError(StoreError::Fault::file, "the store holds a run that is '" + text + "', which is nothing");
}

std::string now() {
  const std::time_t seconds = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

constexpr const char* result_columns =
    "r.number, r.run, r.submission, r.key, r.failed, r.counts, r.entry, r.compile_us, r.run_us, r.graded";

StoredResult read_result(const Statement& row) {
  StoredResult result;
  result.number = row.getColumn(0).getInt64();
  result.run = row.getColumn(1).getInt64();
  result.submission = row.getColumn(2).getString();
  result.key = row.getColumn(3).getString();
  result.failed = row.getColumn(4).getInt() != 0;
  result.counts = row.getColumn(5).getInt() != 0;
  result.entry = row.getColumn(6).getString();
  result.compile_time = std::chrono::microseconds(row.getColumn(7).getInt64());
  result.run_time = std::chrono::microseconds(row.getColumn(8).getInt64());
  result.graded = row.getColumn(9).getString();
  return result;
}

StoredRun read_run(const Statement& row) {
  StoredRun run;
  run.number = row.getColumn(0).getInt64();
  run.kind = from_word<RunKind>(kind_words, row.getColumn(1).getString());
  run.state = from_word<RunState>(state_words, row.getColumn(2).getString());
  run.assignment = row.getColumn(3).getString();
  run.head = row.getColumn(4).getString();
  run.began = row.getColumn(5).getString();
  run.ended = row.getColumn(6).getString();
  const auto count = [&](int column) { return static_cast<std::size_t>(row.getColumn(column).getInt64()); };
  run.members = count(7);
  run.graded = count(8);
  run.failed = count(9);
  run.taken = count(10);
  run.completed_later = row.getColumn(11).getInt() != 0;
  return run;
}

constexpr const char* all_runs = R"(
SELECT run.number, run.kind, run.state, run.assignment, run.head, run.began, run.ended,
  (SELECT count(*) FROM member m WHERE m.run = run.number),
  (SELECT count(*) FROM member m JOIN result r ON r.number = m.result WHERE m.run = run.number AND NOT r.failed),
  (SELECT count(*) FROM member m JOIN result r ON r.number = m.result WHERE m.run = run.number AND r.failed),
  (SELECT count(*) FROM member m JOIN result r ON r.number = m.result
     WHERE m.run = run.number AND NOT r.failed AND r.run <> run.number),
  run.state = 'open' AND EXISTS (SELECT 1 FROM run later WHERE later.number > run.number
    AND later.state IN ('finished', 'applied') AND later.assignment = run.assignment
    AND NOT EXISTS (SELECT 1 FROM member m WHERE m.run = run.number AND m.submission NOT IN
      (SELECT submission FROM member n WHERE n.run = later.number)))
FROM run ORDER BY run.number DESC)";

}  // namespace

std::string_view word(RunKind kind) {
  return kind_words.at(static_cast<std::size_t>(kind));
}

std::string_view word(RunState state) {
  return state_words.at(static_cast<std::size_t>(state));
}

struct Store::State {
  State(std::filesystem::path named, bool write)
      : file(std::move(named)), database(open_store(file, write)) {}

  /// One transaction: all of it, or nothing.
  template <class Work>
  auto change(const Work& work) try {
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    auto outcome = work();
    transaction.commit();
    return outcome;
  } catch (const SQLite::Exception& error) {
    throw store_error(file, error);
  }

  template <class Work>
  auto look(const Work& work) const try {
    return work();
  } catch (const SQLite::Exception& error) {
    throw store_error(file, error);
  }

  void each(const std::string& query, const std::function<void(Statement&)>& bind,
            const std::function<void(StoredResult&&)>& take) const {
    look([&] {
      Statement rows(database, query);
      bind(rows);
      while (rows.executeStep()) take(read_result(rows));
      return 0;
    });
  }

  /// This result counts, and no other of the submission. True if that is new.
  bool make_count(std::int64_t result) {
    Statement already(database, "SELECT counts FROM result WHERE number = ?");
    already.bind(1, result);
    if (already.executeStep() && already.getColumn(0).getInt() != 0) return false;
    Statement others(database,
                     "UPDATE result SET counts = 0 WHERE counts = 1 AND (assignment, submission) = "
                     "(SELECT assignment, submission FROM result WHERE number = ?)");
    others.bind(1, result);
    others.exec();
    Statement one(database, "UPDATE result SET counts = 1 WHERE number = ?");
    one.bind(1, result);
    one.exec();
    return true;
  }

  void set_state(std::int64_t run, RunState state) {
    Statement statement(database, "UPDATE run SET state = ?, ended = ? WHERE number = ?");
    statement.bind(1, std::string(word(state)));
    statement.bind(2, now());
    statement.bind(3, run);
    statement.exec();
  }

  std::filesystem::path file;
  mutable SQLite::Database database;
};

Store::Store(const std::filesystem::path& file, bool write) : state_(std::make_unique<State>(file, write)) {}
Store::~Store() = default;

const std::filesystem::path& Store::file() const {
  return state_->file;
}

std::int64_t Store::begin(const RunPlan& plan) {
  return state_->change([&] {
    SQLite::Database& database = state_->database;
    if (plan.kind == RunKind::regrade) {
      Statement earlier(
          database,
          "UPDATE run SET state = 'discarded', ended = ? WHERE kind = 'regrade' AND assignment = "
          "? AND state IN ('open', 'finished')");
      earlier.bind(1, now());
      earlier.bind(2, plan.assignment);
      earlier.exec();
    }
    Statement run(database,
                  "INSERT INTO run(kind, state, assignment, head, began) VALUES(?, 'open', ?, ?, ?)");
    run.bind(1, std::string(word(plan.kind)));
    run.bind(2, plan.assignment);
    run.bind(3, plan.head);
    run.bind(4, now());
    run.exec();
    const std::int64_t number = database.getLastInsertRowid();
    Statement member(database, "INSERT INTO member(run, place, submission, result) VALUES(?, ?, ?, ?)");
    for (std::size_t place = 0; place < plan.members.size(); ++place) {
      const RunPlan::Member& one = plan.members[place];
      member.bind(1, number);
      member.bind(2, static_cast<std::int64_t>(place));
      member.bind(3, one.submission);
      if (one.result)
        member.bind(4, *one.result);
      else
        member.bind(4);
      member.exec();
      member.reset();
      if (one.result && plan.kind == RunKind::grade) state_->make_count(*one.result);
    }
    return number;
  });
}

void Store::add(std::int64_t run, const NewResult& result) {
  state_->change([&] {
    SQLite::Database& database = state_->database;
    Statement insert(
        database,
        "INSERT INTO result(run, assignment, submission, key, failed, compile_us, run_us, graded, "
        "entry) SELECT number, assignment, ?, ?, ?, ?, ?, ?, ? FROM run WHERE number = ?");
    insert.bind(1, result.submission);
    insert.bind(2, result.key);
    insert.bind(3, result.failed ? 1 : 0);
    insert.bind(4, static_cast<std::int64_t>(result.compile_time.count()));
    insert.bind(5, static_cast<std::int64_t>(result.run_time.count()));
    insert.bind(6, now());
    insert.bind(7, result.entry);
    insert.bind(8, run);
    insert.exec();
    const std::int64_t number = database.getLastInsertRowid();
    Statement member(database, "UPDATE member SET result = ? WHERE run = ? AND submission = ?");
    member.bind(1, number);
    member.bind(2, run);
    member.bind(3, result.submission);
    member.exec();
    Statement first(
        database,
        "SELECT run.kind = 'grade' AND (NOT ?1 OR NOT EXISTS (SELECT 1 FROM result r WHERE r.counts "
        "= 1 AND r.assignment = run.assignment AND r.submission = ?2)) FROM run WHERE number = ?3");
    first.bind(1, result.failed ? 1 : 0);
    first.bind(2, result.submission);
    first.bind(3, run);
    if (first.executeStep() && first.getColumn(0).getInt() != 0) state_->make_count(number);
    return number;
  });
}

void Store::finish(std::int64_t run) {
  state_->change([&] {
    state_->set_state(run, RunState::finished);
    return 0;
  });
}

std::size_t Store::apply(std::int64_t run) {
  return state_->change([&] {
    std::size_t changed = 0;
    Statement members(
        state_->database,
        "SELECT r.number FROM member m JOIN result r ON r.number = m.result WHERE m.run = ? AND "
        "NOT r.failed ORDER BY m.place");
    members.bind(1, run);
    std::vector<std::int64_t> results;
    while (members.executeStep()) results.push_back(members.getColumn(0).getInt64());
    for (const std::int64_t result : results) changed += state_->make_count(result);
    state_->set_state(run, RunState::applied);
    return changed;
  });
}

void Store::discard(std::int64_t run) {
  state_->change([&] {
    state_->set_state(run, RunState::discarded);
    return 0;
  });
}

std::optional<std::int64_t> Store::find(const std::string& assignment, const std::string& submission,
                                        const std::string& key) const {
  return state_->look([&]() -> std::optional<std::int64_t> {
    Statement found(state_->database,
                    "SELECT number FROM result WHERE assignment = ? AND submission = ? AND key = ? AND NOT "
                    "failed ORDER BY counts DESC, number DESC LIMIT 1");
    found.bind(1, assignment);
    found.bind(2, submission);
    found.bind(3, key);
    if (!found.executeStep()) return std::nullopt;
    return found.getColumn(0).getInt64();
  });
}

std::vector<StoredRun> Store::runs() const {
  return state_->look([&] {
    Statement rows(state_->database, all_runs);
    std::vector<StoredRun> runs;
    while (rows.executeStep()) runs.push_back(read_run(rows));
    return runs;
  });
}

void Store::members(std::int64_t run, const std::function<void(StoredResult&&)>& take) const {
  state_->each(
      fmt::format("SELECT {} FROM member m JOIN result r ON r.number = m.result WHERE m.run = ? ORDER "
                  "BY m.place",
                  result_columns),
      [&](Statement& rows) { rows.bind(1, run); }, take);
}

void Store::counting(const std::string& assignment, const std::function<void(StoredResult&&)>& take) const {
  state_->each(
      fmt::format("SELECT {} FROM result r WHERE r.counts = 1 AND r.assignment = ? ORDER BY r.submission",
                  result_columns),
      [&](Statement& rows) { rows.bind(1, assignment); }, take);
}

std::optional<StoredResult> Store::counting(const std::string& assignment,
                                            const std::string& submission) const {
  std::optional<StoredResult> found;
  state_->each(
      fmt::format("SELECT {} FROM result r WHERE r.counts = 1 AND r.assignment = ? AND r.submission = ?",
                  result_columns),
      [&](Statement& rows) {
        rows.bind(1, assignment);
        rows.bind(2, submission);
      },
      [&](StoredResult&& result) { found = std::move(result); });
  return found;
}

std::vector<StoredResult> Store::history(const std::string& assignment, const std::string& submission) const {
  std::vector<StoredResult> all;
  state_->each(
      fmt::format(
          "SELECT {} FROM result r WHERE r.assignment = ? AND r.submission = ? ORDER BY r.number DESC",
          result_columns),
      [&](Statement& rows) {
        rows.bind(1, assignment);
        rows.bind(2, submission);
      },
      [&](StoredResult&& result) { all.push_back(std::move(result)); });
  return all;
}

std::vector<std::string> Store::assignments() const {
  return state_->look([&] {
    Statement rows(state_->database, "SELECT DISTINCT assignment FROM result ORDER BY assignment");
    std::vector<std::string> ids;
    while (rows.executeStep()) ids.push_back(rows.getColumn(0).getString());
    return ids;
  });
}

}  // namespace assay::graders
