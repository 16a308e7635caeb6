/// `assay verify --save` and `--replay`: counterexamples that travel.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/graders/command_line.hpp"

namespace assay::testing {
namespace {

using nlohmann::json;

class VerifyReplay : public CommandLineTest {
 protected:
  std::size_t files(const std::string& name) const {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : fs::directory_iterator(folder / name)) ++count;
    return count;
  }
  /// The saved file with one text in place of another.
  void change(const std::string& file, const std::string& from, const std::string& to) const {
    std::string text = read_file(folder / file);
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << text;
    write_file(folder / file, text.replace(at, from.size(), to));
  }
};

TEST_F(VerifyReplay, SavesACounterexampleThatFailsAgain) {
  ASSERT_EQ(run("verify cs231n-2019.tf.10 --save kept").code, 0);
  const std::string file = read_file(folder / "kept/cs231n-2019.tf.10.toml");
  for (const char* const part : {"claim = \"cs231n-2019.tf.10\"", "verdict = \"refuted\"",
                                 "outcome = \"fails\"", "[[pinned]]", "seed = \"1\"", "sentence = \"False"})
    EXPECT_NE(file.find(part), std::string::npos) << part << "\n" << file;
  const Outcome again = run("verify --replay kept/cs231n-2019.tf.10.toml");
  EXPECT_EQ(again.code, 0) << again.out << again.err;
  EXPECT_NE(again.out.find("fails, by both evaluations"), std::string::npos) << again.out;
  EXPECT_NE(again.out.find(": reproduced"), std::string::npos) << again.out;
}

/// Every shape, label, whole number, hex float and signed zero that the catalogue shows survives the way.
TEST_F(VerifyReplay, ReproducesEveryInstanceOfTheCatalogue) {
  ASSERT_LE(run("verify --quick --save kept").code, 1);
  EXPECT_GT(files("kept"), 70u);
  const Outcome again = run("verify --json --replay kept/*.toml");
  EXPECT_EQ(again.code, 0) << again.err;
  for (const json& one : json::parse(again.out)["replayed"])
    EXPECT_TRUE(one["reproduced"].get<bool>()) << one.dump(2);
}

TEST_F(VerifyReplay, KeepsWhatAFloatFormatFailsOn) {
  ASSERT_EQ(run("verify eecs498-2019.tf.1.6 --save kept").code, 0);
  const json own = json::parse(run("verify --json --replay kept/eecs498-2019.tf.1.6.float64.toml").out);
  EXPECT_EQ(own["replayed"][0]["instance"]["values"]["x"], "0x1.30fc1931f09cap+4");
  EXPECT_EQ(own["replayed"][0]["reproduced"], true);
  const Outcome wider = run("verify --json --subject float32 --replay kept/eecs498-2019.tf.1.6.float64.toml");
  EXPECT_EQ(wider.code, 0) << wider.err;
  const json outcomes = json::parse(wider.out)["replayed"][0]["outcomes"];
  ASSERT_EQ(outcomes.size(), 2u) << outcomes;
  EXPECT_EQ(outcomes[1]["subject"], "float32");
  EXPECT_EQ(outcomes[1]["holds"], "false");
}

TEST_F(VerifyReplay, ExitsWithOneWhereTheOutcomeIsAnother) {
  ASSERT_EQ(run("verify eecs498-2019.tf.1.6 --save kept").code, 0);
  const std::string file = "kept/eecs498-2019.tf.1.6.float64.toml";
  change(file, "x = \"0x1.30fc1931f09cap+4\"", "x = 1");
  const Outcome result = run("verify --replay " + file);
  EXPECT_EQ(result.code, 1);
  EXPECT_NE(result.out.find("NOT reproduced"), std::string::npos) << result.out;
  change(file, "outcome = \"fails\"", "outcome = \"holds\"");
  EXPECT_EQ(run("verify --replay " + file).code, 0);
}

TEST_F(VerifyReplay, RefusesBrokenFiles) {
  ASSERT_EQ(run("verify eecs498-2019.tf.1.6 --save kept").code, 0);
  const std::string file = "kept/eecs498-2019.tf.1.6.float64.toml", sound = read_file(folder / file);
  const auto complaint = [&](const std::string& from, const std::string& to) {
    write_file(folder / file, sound);
    change(file, from, to);
    const Outcome result = run("verify --replay " + file);
    EXPECT_EQ(result.code, 2) << to << "\n" << result.out << result.err;
    return result.err;
  };
  EXPECT_NE(complaint("tf.1.6\"", "tf.1.66\"").find(file + ":2:9: there is no claim"), std::string::npos);
  EXPECT_NE(complaint("x = \"0x1.30fc1931f09cap+4\"", "x = \"0x1.3Ofc\"").find(":12:5: "), std::string::npos);
  EXPECT_NE(complaint("x = \"0x1.30fc1931f09cap+4\"", "x = [1, 2]").find(":12:5: pinned x has shape (2)"),
            std::string::npos);
  EXPECT_NE(complaint("claim = \"eecs498-2019.tf.1.6\"", "claim = \"cs231n-2019.tf.3\"").find("no instances"),
            std::string::npos);
  EXPECT_NE(complaint("[[pinned]]", "[[pined]]").find("one [[pinned]] instance"), std::string::npos);
  EXPECT_EQ(run("verify --replay nothing.toml").code, 2);
  EXPECT_EQ(run("verify cs231n-2019.tf.6 --replay " + file).code, 2) << "a pattern is no file of claims";
  EXPECT_EQ(run("verify --save /dev/null/x cs231n-2019.tf.10").code, 2);
}

const std::string rare = R"toml([[claim]]
id = "../rare"
statement = "No number of the grid squares to 25/16 \u2014 \"none\"."
conclusion = "not (x^2 = 25/16 and n = 3)"
dimensions = { n = [1, 100] }
inputs = { x = { shape = [], values = [-1000, 1000], grid = "1/4" } }
cases = 20
)toml";

TEST_F(VerifyReplay, TakesASavedInstanceIntoAFileOfClaims) {
  write_file(folder / "rare.toml", rare);
  EXPECT_EQ(json::parse(run("verify rare.toml --json").out)["claims"][0]["verdict"], "supported");
  write_file(folder / "rare.toml", rare + "[[claim.pinned]]\nnote = \"\"\nx = \"-5/4\"\nn = 3\n");
  const Outcome pinned = run("verify rare.toml --json --save kept");
  EXPECT_EQ(json::parse(pinned.out)["claims"][0]["verdict"], "refuted") << pinned.out << pinned.err;
  EXPECT_TRUE(fs::exists(folder / "kept/_.._rare.toml")) << "a name that stays in its folder";
  EXPECT_EQ(run("verify rare.toml --replay kept/_.._rare.toml").code, 0);
  EXPECT_EQ(run("verify --replay kept/_.._rare.toml").code, 2) << "nobody knows that claim";
  std::string file = read_file(folder / "kept/_.._rare.toml");
  const std::string instance = file.substr(file.find("[[pinned]]") + 10);
  write_file(folder / "rare.toml", rare + "[[claim.pinned]]" + instance);
  EXPECT_EQ(json::parse(run("verify rare.toml --json").out)["claims"][0]["verdict"], "refuted") << instance;
}

TEST_F(VerifyReplay, CountsOutsideOfTheHypothesisAsNoInstance) {
  const std::string text =
      "[[claim]]\nid = \"a\"\nconclusion = \"x > 1\"\nhypothesis = \"x > 0\"\n"
      "inputs = { x = { shape = [], values = [-4, 4] } }\n";
  write_file(folder / "a.toml", text);
  ASSERT_EQ(run("verify a.toml --save kept").code, 0);
  const std::string saved = read_file(folder / "kept/a.toml");
  write_file(folder / "kept/a.toml", saved.substr(0, saved.find("\nx = ")) + "\nx = -1\n");
  const Outcome result = run("verify a.toml --replay kept/a.toml");
  EXPECT_EQ(result.code, 1);
  EXPECT_NE(result.out.find("no instance of the claim"), std::string::npos) << result.out;
}

}  // namespace
}  // namespace assay::testing
