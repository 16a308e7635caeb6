/// The store of grades: what counts, what is kept, and what happens to it when something goes wrong.
#include "graders/store/store.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

namespace assay::graders {
namespace {

namespace fs = std::filesystem;
using Fault = StoreError::Fault;

std::string bytes_of(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

class StoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "assay-store-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder = name;
    file = folder / "assay.db";
  }
  void TearDown() override { fs::remove_all(folder); }

  static RunPlan plan(std::vector<RunPlan::Member> members, RunKind kind = RunKind::grade) {
    return {kind, "net", "{}", std::move(members)};
  }
  static NewResult result(const std::string& submission, const std::string& key, const std::string& entry) {
    return {submission, key, false, entry, std::chrono::microseconds(7), std::chrono::microseconds(8)};
  }
  static NewResult failure(const std::string& submission, const std::string& key) {
    NewResult failed = result(submission, key, "failed");
    failed.failed = true;
    return failed;
  }
  static std::string counts(const Store& store, const std::string& submission) {
    const auto found = store.counting("net", submission);
    return found ? found->entry : "nothing";
  }
  static std::vector<std::string> entries(const Store& store, std::int64_t run) {
    std::vector<std::string> all;
    store.members(run, [&](StoredResult&& one) { all.push_back(one.entry); });
    return all;
  }

  /// Opening must fail like this, and leave the file as it was.
  void refuses(Fault fault, const std::string& words) const {
    const std::string before = bytes_of(file);
    for (const bool write : {false, true}) {
      try {
        const Store store(file, write);
        ADD_FAILURE() << "opened; expected: " << words;
      } catch (const StoreError& error) {
        EXPECT_EQ(error.fault, fault) << error.what();
        EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
        EXPECT_NE(std::string(error.what()).find("assay.db"), std::string::npos) << error.what();
      }
    }
    EXPECT_EQ(bytes_of(file), before) << "a refused file was changed";
  }

  fs::path folder, file;
};

/// Runs `work` in a process of its own; its exit code, or the signal as a negative number.
template <class Work>
int in_child(const Work& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    int code = 99;
    try {
      code = work();
    } catch (const std::exception& error) {
      ::write(STDERR_FILENO, error.what(), std::string(error.what()).size());
    }
    ::_exit(code);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

TEST_F(StoreTest, KeepsEveryResultAndMarksTheOneThatCounts) {
  Store store(file, true);
  const auto first = store.begin(plan({{"ada", {}}, {"bob", {}}}));
  store.add(first, result("ada", "k1", "5 points"));
  EXPECT_EQ(store.runs().front().waiting(), 1u);
  store.add(first, result("bob", "k1", "6 points"));
  store.finish(first);
  const auto second = store.begin(plan({{"ada", {}}}));
  store.add(second, result("ada", "k2", "9 points"));
  store.finish(second);

  EXPECT_EQ(counts(store, "ada"), "9 points");
  EXPECT_EQ(counts(store, "bob"), "6 points");
  const auto history = store.history("net", "ada");
  ASSERT_EQ(history.size(), 2u);
  EXPECT_TRUE(history[0].counts);
  EXPECT_FALSE(history[1].counts);
  EXPECT_EQ(history[1].entry, "5 points");
  EXPECT_EQ(history[1].compile_time.count(), 7);
  EXPECT_EQ(history[1].run_time.count(), 8);
  EXPECT_EQ(entries(store, first), (std::vector<std::string>{"5 points", "6 points"}));
  EXPECT_EQ(store.assignments(), std::vector<std::string>{"net"});
}

TEST_F(StoreTest, FindsByKeyTheResultThatCountsThenTheLatestAndNeverAHarnessError) {
  Store store(file, true);
  const auto run = store.begin(plan({{"ada", {}}}));
  EXPECT_FALSE(store.find("net", "ada", "k"));
  store.add(run, failure("ada", "k"));
  EXPECT_FALSE(store.find("net", "ada", "k")) << "a harness error was taken for a grade";
  EXPECT_EQ(store.runs().front().failed, 1u);
  store.add(run, result("ada", "k", "good"));
  const auto good = store.find("net", "ada", "k");
  ASSERT_TRUE(good);
  const auto preview = store.begin(plan({{"ada", {}}}, RunKind::regrade));
  store.add(preview, result("ada", "k", "newer, and only a preview"));
  EXPECT_EQ(store.find("net", "ada", "k"), good);
  EXPECT_FALSE(store.find("net", "ada", "other"));
  EXPECT_FALSE(store.find("net", "bob", "k"));
  EXPECT_FALSE(store.find("other", "ada", "k"));
}

TEST_F(StoreTest, LetsNoHarnessErrorReplaceAGrade) {
  Store store(file, true);
  const auto run = store.begin(plan({{"ada", {}}}));
  store.add(run, result("ada", "k", "a grade"));
  const auto later = store.begin(plan({{"ada", {}}}));
  store.add(later, failure("ada", "k2"));
  EXPECT_EQ(counts(store, "ada"), "a grade");
  const auto preview = store.begin(plan({{"ada", {}}}, RunKind::regrade));
  store.add(preview, failure("ada", "k3"));
  store.finish(preview);
  EXPECT_EQ(store.apply(preview), 0u);
  EXPECT_EQ(counts(store, "ada"), "a grade");
}

TEST_F(StoreTest, LetsAPreviewCountOnlyOnceItIsApplied) {
  Store store(file, true);
  const auto run = store.begin(plan({{"ada", {}}, {"bob", {}}}));
  store.add(run, result("ada", "old", "ada old"));
  store.add(run, result("bob", "old", "bob old"));
  store.finish(run);
  const auto dropped = store.begin(plan({{"ada", {}}}, RunKind::regrade));
  store.add(dropped, result("ada", "dropped", "ada dropped"));
  store.finish(dropped);
  store.discard(dropped);
  EXPECT_EQ(counts(store, "ada"), "ada old");

  const auto superseded = store.begin(plan({{"ada", {}}}, RunKind::regrade));
  const auto preview =
      store.begin(plan({{"ada", {}}, {"bob", store.find("net", "bob", "old")}}, RunKind::regrade));
  store.add(preview, result("ada", "new", "ada new"));
  store.finish(preview);
  EXPECT_EQ(counts(store, "ada"), "ada old");
  EXPECT_EQ(store.apply(preview), 1u) << "bob's result counted already";
  EXPECT_EQ(counts(store, "ada"), "ada new");
  EXPECT_EQ(counts(store, "bob"), "bob old");
  EXPECT_EQ(store.history("net", "ada").size(), 3u);
  for (const StoredRun& one : store.runs())
    EXPECT_EQ(word(one.state), one.number == preview                               ? "applied"
                               : one.number == superseded || one.number == dropped ? "discarded"
                                                                                   : "finished");
}

TEST_F(StoreTest, SaysOfAnUnfinishedRunWhetherALaterOneCompletedIt) {
  Store store(file, true);
  store.begin(plan({{"ada", {}}, {"bob", {}}}));
  const auto part = store.begin(plan({{"ada", {}}}));
  store.add(part, result("ada", "k", "5"));
  store.finish(part);
  EXPECT_FALSE(store.runs().back().completed_later) << "bob still waits";
  const auto whole = store.begin(plan({{"ada", store.find("net", "ada", "k")}, {"bob", {}}}));
  store.add(whole, result("bob", "k", "6"));
  store.finish(whole);
  EXPECT_TRUE(store.runs().back().completed_later);
  EXPECT_EQ(store.runs().front().taken, 1u);
  EXPECT_EQ(store.runs().front().graded, 2u);
}

TEST_F(StoreTest, RefusesWhatIsNoStoreAndDoesNotTouchIt) {
  EXPECT_THROW(Store(file, false), StoreError) << "nothing there to read";
  EXPECT_FALSE(fs::exists(file));
  std::ofstream(file) << "dear diary, this is no database at all";
  refuses(Fault::file, "is no store of Assay");
  fs::remove(file);
  fs::create_directory(file);
  EXPECT_THROW(Store(file, true), StoreError);
  fs::remove(file);
  SQLite::Database(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE recipe(name TEXT)");
  refuses(Fault::file, "the database of another program");
}

TEST_F(StoreTest, RefusesAStoreOfANewerAssay) {
  { const Store made(file, true); }
  SQLite::Database(file, SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 2");
  refuses(Fault::file, "was written by a newer Assay");
}

TEST_F(StoreTest, RefusesADamagedStore) {
  {
    Store store(file, true);
    const auto run = store.begin(plan({}));
    for (int i = 0; i < 50; ++i) store.add(run, result("s" + std::to_string(i), "k", std::string(5000, 'x')));
  }
  const auto size = fs::file_size(file);
  {
    std::fstream damage(file, std::ios::binary | std::ios::in | std::ios::out);
    for (std::uintmax_t at = 8192; at + 4096 < size; at += 16384) {
      damage.seekp(static_cast<std::streamoff>(at));
      damage << std::string(512, '\xee');
    }
  }
  refuses(Fault::file, "is damaged");
  fs::resize_file(file, size / 2);
  refuses(Fault::file, "is damaged");
}

/// Writes until the end of the disk, or of what is allowed; each result that was acknowledged must be there.
void fill_until_it_fails(const fs::path& file, const fs::path& acknowledged) {
  Store store(file, true);
  const auto run = store.begin({RunKind::grade, "net", "{}", {}});
  std::ofstream log(acknowledged, std::ios::app);
  for (int i = 0; i < 10'000; ++i) {
    store.add(run, {"s" + std::to_string(i), "k", false, std::string(5000, 'x'), {}, {}});
    log << i << std::endl;
  }
}

TEST_F(StoreTest, LosesNothingWhereItMayNotGrow) {
  const int code = in_child([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{120'000, 120'000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    try {
      fill_until_it_fails(file, folder / "acknowledged");
    } catch (const StoreError& error) {
      const std::string words = error.what();
      return error.fault == Fault::machine && words.find("limit on the size of files") != std::string::npos &&
                     words.find("is safe") != std::string::npos
                 ? 0
                 : 1;
    }
    return 2;
  });
  EXPECT_EQ(code, 0);
  const std::string log = bytes_of(folder / "acknowledged");
  const auto acknowledged = std::count(log.begin(), log.end(), '\n');
  EXPECT_GT(acknowledged, 10);
  Store store(file, true);
  std::ptrdiff_t kept = 0;
  store.counting("net", [&](StoredResult&&) { ++kept; });
  EXPECT_EQ(kept, acknowledged);
  const auto run = store.begin(plan({{"later", {}}}));
  store.add(run, result("later", "k", "there is room again"));
  EXPECT_EQ(counts(store, "later"), "there is room again");
}

TEST_F(StoreTest, TakesTwoWritersAtOnce) {
  constexpr int each = 25;
  const auto write = [&](const std::string& mine) {
    return in_child([&] {
      Store store(file, true);  // both make it
      const auto run = store.begin({RunKind::grade, "net", "{}", {}});
      for (int i = 0; i < each; ++i) {
        store.add(run, {mine + std::to_string(i), "k", false, "own", {}, {}});
        store.add(run, {"both" + std::to_string(i), "k", false, mine, {}, {}});
      }
      store.finish(run);
      return 0;
    });
  };
  int left = -1;
  std::thread other([&] { left = write("left"); });
  EXPECT_EQ(write("right"), 0);
  other.join();
  EXPECT_EQ(left, 0);
  const Store store(file, false);
  int counting = 0;
  store.counting("net", [&](StoredResult&&) { ++counting; });
  EXPECT_EQ(counting, 3 * each) << "exactly one result of each submission counts";
  for (int i = 0; i < each; ++i) EXPECT_EQ(store.history("net", "both" + std::to_string(i)).size(), 2u);
  EXPECT_EQ(store.runs().size(), 2u);
}

/// What was acknowledged is there after a kill in the middle of writing, and the store opens as if nothing
/// had been.
TEST_F(StoreTest, SurvivesKills) {
  for (int round = 0; round < 8; ++round) {
    fs::remove(folder / "acknowledged");
    const pid_t child = ::fork();
    if (child == 0) {
      try {
        fill_until_it_fails(file, folder / "acknowledged");
      } catch (const std::exception&) {
      }
      ::_exit(1);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10 + 7 * round));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const std::string log = bytes_of(folder / "acknowledged");
    const auto acknowledged = std::count(log.begin(), log.end(), '\n');
    if (!fs::exists(file)) continue;
    const Store store(file, true);
    if (acknowledged > 0) {
      EXPECT_EQ(counts(store, "s" + std::to_string(acknowledged - 1)), std::string(5000, 'x'));
    }
  }
}

}  // namespace
}  // namespace assay::graders
