/// Pages of the documentation whose commands are run, and must print what they show.
#include "tests/graders/documented.hpp"

#include <gtest/gtest-spi.h>

namespace assay::testing {
namespace {

class Documented : public DocumentedTest {};

TEST_F(Documented, AskingTheOraclesPrintsWhatThePageShows) {
  EXPECT_GE(follow("docs/oracle.md"), 3);
}

TEST_F(Documented, TheFirstAssignmentIsGradedAsThePageShows) {
  EXPECT_GE(follow("docs/first-assignment.md"), 8);
}

TEST_F(Documented, OwnOraclesShowTheShippedOnes) {
  const std::string page = read_file(source / "docs/own-oracles.md"),
                    shipped = read_file(source / "tests/assignments/own-oracle/assignment.toml"),
                    oracle = read_file(source / "tests/assignments/own-oracle/oracle.hpp");
  EXPECT_NE(page.find("```cpp\n" + oracle + "```"), std::string::npos);
  for (const char* const part :
       {"[own.log_cosh]\ninputs = [\"p\", \"t\"]\nformula = ", "[own.focal]\nfile = \"oracle.hpp\"\n",
        "tolerance = { relative = 1e-9, absolute = 1e-12 }\nshapes = { out = [\"N\"] }\n"}) {
    EXPECT_NE(page.find(part), std::string::npos) << part;
    EXPECT_NE(shipped.find(part), std::string::npos) << part;
  }
}

TEST_F(Documented, WouldNoticeAWrongPage) {
  write_file(folder / "page.md", "Text.\n\n    $ echo one\n    one\n\n    $ echo two\n    three\n");
  ::testing::TestPartResultArray failures;
  {
    const ::testing::ScopedFakeTestPartResultReporter watched(
        ::testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &failures);
    EXPECT_EQ(follow(fs::relative(folder / "page.md", source).string()), 2);
  }
  EXPECT_EQ(failures.size(), 1);
}

}  // namespace
}  // namespace assay::testing
