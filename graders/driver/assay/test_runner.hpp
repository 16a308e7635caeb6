/// The main program of a suite of GoogleTest tests in a run box, for the criteria `tests` and `gtest`. It answers
/// two requests of the protocol in wire.hpp, so that a test that ends the process takes no other with it:
///
///   list()            the names "Suite.Test", a line each
///   run(name, mark)   what became of one test, the mark, and where it failed first: "net_test.cpp:12"
///
/// A box of the run profile has no files: nothing is printed, and the working directory is "/".
#pragma once

#include <gtest/gtest.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <tuple>
#include <vector>

#include "assay/driver.hpp"

/// GoogleTest asks for it before main and gives up where there is none.
extern "C" char* getcwd(char* into, std::size_t size) noexcept {
  if (size < 2) {
    errno = ERANGE;
    return nullptr;
  }
  return std::strcpy(into, "/");
}

namespace assay::detail {

using Bytes = std::vector<std::int64_t>;

inline Bytes bytes_of(const std::string& text) {
  return Bytes(text.begin(), text.end());
}

enum class TestEnd : std::int64_t { passed = 0, failed = 1, skipped = 2, unknown = 3 };

/// The place of the first failed assertion.
class FirstFailure : public testing::EmptyTestEventListener {
 public:
  void OnTestPartResult(const testing::TestPartResult& part) override {
    if (!part.failed() || failed_) return;
    failed_ = true;
    if (!part.file_name()) return;
    const std::string file = part.file_name();
    place_ = file.substr(file.rfind('/') + 1) + ":" + std::to_string(part.line_number());
  }
  void forget() {
    failed_ = false;
    place_.clear();
  }
  const std::string& place() const { return place_; }

 private:
  bool failed_ = false;
  std::string place_;
};

inline FirstFailure* first_failure = nullptr;

inline const testing::TestInfo* find_test(const std::string& name) {
  const auto& all = *testing::UnitTest::GetInstance();
  for (int i = 0; i < all.total_test_suite_count(); ++i) {
    const auto& suite = *all.GetTestSuite(i);
    for (int j = 0; j < suite.total_test_count(); ++j)
      if (std::string(suite.name()) + "." + suite.GetTestInfo(j)->name() == name) return suite.GetTestInfo(j);
  }
  return nullptr;
}

/// Disabled tests are left out, as GoogleTest does.
inline Bytes list_tests() {
  const auto& all = *testing::UnitTest::GetInstance();
  std::string names;
  for (int i = 0; i < all.total_test_suite_count(); ++i) {
    const auto& suite = *all.GetTestSuite(i);
    for (int j = 0; j < suite.total_test_count(); ++j) {
      const std::string test = suite.GetTestInfo(j)->name();
      if (std::string(suite.name()).rfind("DISABLED_", 0) != 0 && test.rfind("DISABLED_", 0) != 0)
        names += std::string(suite.name()) + "." + test + "\n";
    }
  }
  return bytes_of(names);
}

inline std::tuple<std::int64_t, Bytes, Bytes> run_test(Bytes name, Bytes mark) {
  const std::string wanted(name.begin(), name.end());
  testing::GTEST_FLAG(filter) = wanted;
  first_failure->forget();
  (void)RUN_ALL_TESTS();
  const testing::TestInfo* const test = find_test(wanted);
  auto end = TestEnd::unknown;
  if (test && test->should_run() && test->result())
    end = test->result()->Failed()    ? TestEnd::failed
          : test->result()->Skipped() ? TestEnd::skipped
                                      : TestEnd::passed;
  // A suite whose set-up fails has tests that never ran.
  if (end == TestEnd::passed && testing::UnitTest::GetInstance()->Failed()) end = TestEnd::failed;
  return {static_cast<std::int64_t>(end), std::move(mark), bytes_of(first_failure->place())};
}

}  // namespace assay::detail

int main() {
  int count = 1;
  char program[] = "tests";
  char* arguments[] = {program, nullptr};
  testing::InitGoogleTest(&count, arguments);
  auto& listeners = testing::UnitTest::GetInstance()->listeners();
  delete listeners.Release(listeners.default_result_printer());
  assay::detail::first_failure = new assay::detail::FirstFailure;
  listeners.Append(assay::detail::first_failure);
  return assay::serve({assay::function("list", assay::detail::list_tests),
                       assay::function("run", assay::detail::run_test)});
}
