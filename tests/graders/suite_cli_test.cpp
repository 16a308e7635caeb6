/// The criterion `gtest`: what a submission lacks is told by name.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/graders/command_line.hpp"

namespace assay::testing {
namespace {

class Suite : public CommandLineTest {};

TEST_F(Suite, NamesTheFunctionsThatASubmissionLacks) {
  const fs::path place = folder / "sums";
  write_file(place / "assignment.toml",
             "title = \"Sums\"\nfiles = [\"sums.cpp\"]\ngiven = [\"sums.hpp\"]\nempty = \"\"\n"
             "[limits]\ncompile_cpu_seconds = 30\ncompile_wall_seconds = 120\n"
             "[inputs.x]\nshape = []\nvalues = [1, 9]\n"
             "[[function]]\nname = \"twice\"\ndeclaration = \"double twice(double x)\"\narguments = [\"x\"]\n"
             "results = [\"y\"]\noracle = [\"y = x + x\"]\n"
             "[[criterion]]\nid = \"suite\"\ntitle = \"the course's tests\"\nkind = \"gtest\"\n"
             "suite = [\"suite.cpp\"]\npoints = 3\n");
  write_file(place / "sums.hpp",
             "#pragma once\ndouble once(double x);\ndouble twice(double x);\ndouble thrice(double x);\n");
  write_file(place / "driver.cpp",
             "#include \"assay/driver.hpp\"\n#include \"sums.hpp\"\n"
             "int main() { return assay::serve({assay::function(\"twice\", twice)}); }\n");
  write_file(place / "suite.cpp",
             "#include <gtest/gtest.h>\n#include \"sums.hpp\"\n"
             "TEST(Sums, Once) { EXPECT_EQ(once(2), 2); }\n"
             "TEST(Sums, Twice) { EXPECT_ANY_THROW(twice(2)); }\n"  // what is missing throws nothing
             "TEST(Sums, Thrice) { EXPECT_EQ(thrice(2), 6); }\n");
  const std::string once = "#include \"sums.hpp\"\ndouble once(double x) { return x; }\n";
  write_file(place / "reference/sums.cpp", once +
                                               "double twice(double) { throw 1; }\n"
                                               "double thrice(double x) { return 3 * x; }\n");
  write_file(folder / "mine/sums.cpp", once);

  const Outcome result = run("grade sums mine --json");
  ASSERT_EQ(result.code, 0) << result.err;
  const auto criterion = nlohmann::json::parse(result.out)["submissions"][0]["criteria"][0];
  if (criterion["message"].get<std::string>().find("GoogleTest is not on this machine") != std::string::npos)
    GTEST_SKIP();
  EXPECT_EQ(criterion["verdict"], "missing_function") << criterion;
  EXPECT_EQ(criterion["points"]["exact"], "1");
  EXPECT_EQ(criterion["message"],
            "1 of 3 tests pass, as the submission's own process reports; not: Sums.Twice, Sums.Thrice; the "
            "submission defines no double twice(double x), no thrice(double)");
}

}  // namespace
}  // namespace assay::testing
