#include "graders/store/file.hpp"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <fstream>

#include "graders/escape.hpp"

namespace assay::graders {
namespace {

namespace fs = std::filesystem;
using Fault = StoreError::Fault;

/// "ASSY", where SQLite's file format has a place for whose file it is.
constexpr int application = 0x41535359;

/// Another process holds its lock for milliseconds; on a slow disk that syncs, for seconds.
constexpr int patience_ms = 60'000;

constexpr const char* tables = R"(
CREATE TABLE run(
  number INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK(kind IN ('grade', 'regrade')),
  state TEXT NOT NULL CHECK(state IN ('open', 'finished', 'applied', 'discarded')),
  assignment TEXT NOT NULL,
  head TEXT NOT NULL,
  began TEXT NOT NULL,
  ended TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE result(
  number INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run(number),
  assignment TEXT NOT NULL,
  submission TEXT NOT NULL,
  key TEXT NOT NULL,
  failed INTEGER NOT NULL CHECK(failed IN (0, 1)),
  counts INTEGER NOT NULL DEFAULT 0 CHECK(counts IN (0, 1)),
  compile_us INTEGER NOT NULL,
  run_us INTEGER NOT NULL,
  graded TEXT NOT NULL,
  entry TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX one_counts ON result(assignment, submission) WHERE counts = 1;
CREATE INDEX by_submission ON result(assignment, submission, key);
CREATE TABLE member(
  run INTEGER NOT NULL REFERENCES run(number),
  place INTEGER NOT NULL,
  submission TEXT NOT NULL,
  result INTEGER REFERENCES result(number),
  PRIMARY KEY(run, place)) STRICT, WITHOUT ROWID;
)";

std::string shown(const fs::path& file) {
  return displayable_line(file.string(), 300);
}

/// Only what begins like a database is given to SQLite: a mistyped --store must not end in a changed file.
void check_beginning(const fs::path& file) {
  constexpr std::string_view wanted("SQLite format 3\0", 16);
  if (!fs::is_regular_file(file)) throw StoreError(Fault::file, shown(file) + " is no file, so no store");
  std::ifstream stream(file, std::ios::binary);
  std::string beginning(wanted.size(), '\0');
  stream.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
  const auto got = static_cast<std::size_t>(stream.gcount());
  if (!stream.is_open()) throw StoreError(Fault::machine, shown(file) + " cannot be read: no permission");
  if (got > 0 && beginning != wanted)
    throw StoreError(Fault::file, shown(file) + " is no store of Assay; name another file with --store");
}

void check_whose(SQLite::Database& database, const fs::path& file) {
  const int whose = database.execAndGet("PRAGMA application_id");
  const int version = database.execAndGet("PRAGMA user_version");
  if (whose != application)
    throw StoreError(Fault::file,
                     shown(file) + " is the database of another program; name another file with --store");
  if (version > Store::version)
    throw StoreError(Fault::file,
                     fmt::format("{} was written by a newer Assay: it is a store of version {}, and this one "
                                 "knows {}; use that Assay, or another file with --store",
                                 shown(file), version, Store::version));
  const std::string found = database.execAndGet("PRAGMA quick_check(1)").getString();
  if (found != "ok")
    throw StoreError(Fault::file, fmt::format("{} is damaged ({}); move it away and grade again, or put a "
                                              "copy in its place: nothing was changed",
                                              shown(file), displayable_line(found, 120)));
}

bool is_new(SQLite::Database& database) {
  return database.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() == 0 &&
         database.execAndGet("PRAGMA application_id").getInt() == 0;
}

void make_tables(SQLite::Database& database) {
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  if (!is_new(database)) return;  // another process was quicker
  database.exec(
      fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", application, Store::version));
  database.exec(tables);
  transaction.commit();
}

}  // namespace

StoreError store_error(const fs::path& file, const SQLite::Exception& error) {
  const auto say = [&](Fault fault, const std::string& what) {
    return StoreError(fault, fmt::format("{} {} (SQLite: {})", shown(file), what, error.what()));
  };
  switch (error.getErrorCode()) {
    case SQLITE_FULL:
      return say(Fault::machine,
                 "cannot grow: the disk is full; what is in it is safe: make room, and run the same command "
                 "again");
    case SQLITE_IOERR:
      return say(
          Fault::machine,
          "cannot be read or written: the disk fails, or a limit on the size of files is reached; what "
          "is in it is safe: run the same command again when there is room");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return say(Fault::file,
                 "is damaged; move it away and grade again, or put a copy in its place: nothing was changed");
    case SQLITE_CANTOPEN:
      return say(Fault::machine, "cannot be opened, or a file beside it cannot be made");
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return say(Fault::machine, "may not be written by this user");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return say(Fault::machine, "has been locked by another process for a minute; end it and try again");
    default:
      return say(Fault::machine, "cannot be used");
  }
}

SQLite::Database open_store(const fs::path& file, bool write) try {
  std::error_code ignored;
  const bool exists = fs::exists(file, ignored);
  if (!exists && !write)
    throw StoreError(Fault::file, "there is no store " + shown(file) +
                                      "; name the folder with --out, or the file with --store");
  if (exists) check_beginning(file);
  SQLite::Database database(
      file, write ? SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE : SQLite::OPEN_READONLY, patience_ms);
  database.exec("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF");
  if (is_new(database)) {
    if (!write) throw StoreError(Fault::file, shown(file) + " is empty: nothing was graded into it yet");
    make_tables(database);
  }
  check_whose(database, file);
  return database;
} catch (const SQLite::Exception& error) {
  throw store_error(file, error);
}

}  // namespace assay::graders
