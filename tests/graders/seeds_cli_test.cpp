/// `assay check --seeds`: correct submissions keep all points, whatever cases are drawn.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/graders/command_line.hpp"

namespace assay::testing {
namespace {

class Seeds : public CommandLineTest {
 protected:
  /// The logistic function, with a reference and another correct solution, and an allowance of the author's.
  void write_assignment(const std::string& slack) const {
    const fs::path place = folder / "logistic";
    fs::create_directories(place);
    write_file(place / "assignment.toml",
               "title = \"Logistic\"\nseed = 5\nslack = " + slack +
                   "\nfiles = [\"f.cpp\"]\ngiven = [\"f.hpp\"]\nempty = \"\"\n"
                   "[limits]\ncompile_cpu_seconds = 20\ncompile_wall_seconds = 60\n"
                   "[inputs.x]\nshape = []\nvalues = [-9, 9]\n"
                   "[[function]]\nname = \"f\"\narguments = [\"x\"]\nresults = [\"y\"]\n"
                   "oracle = [\"y = sigmoid(x)\"]\n"
                   "[[criterion]]\nid = \"values\"\ntitle = \"values\"\nfunction = \"f\"\npoints = 2\n"
                   "[[criterion]]\nid = \"tidy\"\ntitle = \"no warnings\"\nkind = \"warnings\"\n"
                   "flags = [\"-Wall\"]\npoints = 1\n"
                   "[[known]]\npath = \"other\"\nscore = 3\n"
                   "[[known]]\npath = \"wrong\"\nmistake = \"Adds.\"\nscore = 1\n"
                   "verdicts = { values = \"wrong\" }\n");
    write_file(place / "f.hpp", "#pragma once\ndouble f(double x);\n");
    write_file(place / "driver.cpp",
               "#include \"assay/driver.hpp\"\n#include \"f.hpp\"\n"
               "int main() { return assay::serve({assay::function(\"f\", f)}); }\n");
    const std::string head = "#include <cmath>\n#include \"f.hpp\"\ndouble f(double x) { return ";
    write_file(place / "reference/f.cpp", head + "1 / (1 + std::exp(-x)); }\n");
    write_file(place / "other/f.cpp",
               head + "x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)); }\n");
    write_file(place / "wrong/f.cpp", head + "1 / (2 + std::exp(-x)); }\n");
  }
};

TEST_F(Seeds, GiveNoAlarmForWhatIsRight) {
  write_assignment("2");
  const Outcome result = run("check logistic --seeds 12 -j 2");
  EXPECT_EQ(result.code, 0) << result.out << result.err;
  EXPECT_EQ(result.out,
            "Not repeated, because no drawn case decides them: tidy\n"
            "12 seeds x 2 correct submissions: no false alarm\n");
  EXPECT_NE(result.err.find("12 of 12 seeds"), std::string::npos) << result.err;
}

TEST_F(Seeds, FindAnAllowanceThatIsTooTightAndTellHowToRepeatIt) {
  write_assignment("\"1/1000\"");
  const Outcome result = run("check logistic --seeds 4 -j 2 --json");
  EXPECT_EQ(result.code, 1) << result.err;
  const auto report = nlohmann::json::parse(result.out);
  EXPECT_FALSE(report["passed"].get<bool>());
  ASSERT_FALSE(report["alarms"].empty());
  const auto alarm = report["alarms"].front();
  EXPECT_EQ(alarm["criterion"], "values");
  EXPECT_EQ(alarm["case"].get<std::string>().substr(0, 6), "{ x = ") << alarm;
  const std::string seed = alarm["seed"], command = alarm["command"];
  EXPECT_EQ(command, "assay check logistic --seeds 1 --seed " + seed);
  const auto again = nlohmann::json::parse(run(command.substr(6) + " --json").out);
  EXPECT_EQ(again["alarms"].front(), alarm);

  const Outcome text = run(command.substr(6));
  EXPECT_EQ(text.code, 1);
  EXPECT_NE(text.out.find("ALARM    "), std::string::npos) << text.out;
  EXPECT_NE(text.out.find(command), std::string::npos) << text.out;
  EXPECT_NE(text.out.find("false alarm"), std::string::npos) << text.out;
}

}  // namespace
}  // namespace assay::testing
