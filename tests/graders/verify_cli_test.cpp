/// `assay verify` as a person and as a program use it.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "tests/graders/command_line.hpp"

namespace assay::testing {
namespace {

using nlohmann::json;

class VerifyCli : public CommandLineTest {};

TEST_F(VerifyCli, TellsEverythingAboutOneClaim) {
  const Outcome result = run("verify eecs498-2019.tf.1.6");
  EXPECT_EQ(result.code, 0) << result.err;
  for (const char* const part : {"True in the reals", "fails first at x = 19.06", "again", "--seed 1"})
    EXPECT_NE(result.out.find(part), std::string::npos) << part << "\n" << result.out;
}

TEST_F(VerifyCli, FitsEightyColumnsAndIsPlain) {
  std::istringstream lines(run("verify 'cs231n-2019.tf.*' --quick").out);
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_LE(line.size(), 80u) << line;
    EXPECT_EQ(line.find('\033'), std::string::npos);
  }
  EXPECT_GT(count, 4u);
}

TEST_F(VerifyCli, ExitsWithOneOnlyAgainstAPublishedKey) {
  const json agreeing = json::parse(run("verify cs231n-2019.tf.6 --json").out);
  EXPECT_EQ(agreeing["claims"][0]["agrees"], "yes");
  EXPECT_EQ(agreeing["contradicting"], 0);
  EXPECT_EQ(run("verify cs231n-2019.tf.6").code, 0);
  const Outcome against = run("verify cs231n-2019.mc.1.B --quick --json");
  EXPECT_EQ(json::parse(against.out)["claims"][0]["agrees"], "NO")
      << "a regularisation that flattens the loss";
  EXPECT_EQ(against.code, 1);
}

TEST_F(VerifyCli, LetsAClaimThatFitsNoInstanceFailAlone) {
  write_file(folder / "two.toml", R"toml([[claim]]
id = "shrinks"
statement = "The lasso never enlarges a number."
conclusion = "abs(diagonal_lasso(w, h, a)) <= abs(w)"
inputs.w = { shape = [], values = [-4, 4] }
inputs.h = { shape = [], values = [0.5, 4] }
inputs.a = { shape = [], values = [0, 2] }

[[claim]]
id = "does-not-fit"
statement = "There is a third element."
conclusion = "x[3] > 0"
inputs.x = { shape = [2], values = [-4, 4] }
)toml");
  const Outcome result = run("verify two.toml --quick --json");
  EXPECT_EQ(result.code, 0) << result.err;
  const json claims = json::parse(result.out)["claims"];
  ASSERT_EQ(claims.size(), 2u);
  EXPECT_EQ(claims[0]["verdict"], "supported");
  EXPECT_EQ(claims[1]["verdict"], "undecided");
  EXPECT_EQ(claims[1]["evidence"],
            "test failed: index 3 of \"x\" is out of range: indices count from 1 to 2");
}

TEST_F(VerifyCli, RepeatsItsVerdictAtAnyNumberOfJobs) {
  const std::string claims = "verify 'cs231n-2019.tf.[45678]' --json --quick --seed 3 -j ";
  EXPECT_EQ(run(claims + "1").out, run(claims + "4").out);
}

TEST_F(VerifyCli, AsksAFloatFormatAlone) {
  const json reals = json::parse(run("verify eecs498-2019.tf.1.6 --json").out)["claims"][0];
  const json floats =
      json::parse(run("verify eecs498-2019.tf.1.6 --subject float64 --json").out)["claims"][0];
  EXPECT_EQ(reals["answer"], "true");
  EXPECT_EQ(floats["answer"], "false") << floats;
  EXPECT_EQ(floats["instance"]["values"]["x"], "0x1.30fc1931f09cap+4");
}

TEST_F(VerifyCli, CoversABoundedDomainOnlyWhenAskedTo) {
  write_file(folder / "box.toml", R"toml([[claim]]
id = "box"
conclusion = "tanh(x) < 1"
inputs = { x = { shape = [], values = [-4, 4] } }
)toml");
  EXPECT_EQ(json::parse(run("verify box.toml --json").out)["claims"][0]["verdict"], "supported");
  const json proved = json::parse(run("verify box.toml --json --prove").out)["claims"][0];
  EXPECT_EQ(proved["verdict"], "proved") << proved;
  EXPECT_NE(proved["domain"].get<std::string>().find("-4 <= x <= 4"), std::string::npos) << proved;
}

TEST_F(VerifyCli, SaysWhichWayAnEstimateCameOut) {
  EXPECT_NE(run("verify 'cs231n-2019.tf.3' cs231n-2019.tf.6 --quick").out.find("estimated yes"),
            std::string::npos);
  EXPECT_NE(run("verify cs230-2021.mc.g.ii --quick").out.find("estimated no"), std::string::npos);
}

TEST_F(VerifyCli, ExplainsWrongWords) {
  const Outcome unknown = run("verify cs231n-2019.tf.66");
  EXPECT_EQ(unknown.code, 2);
  EXPECT_NE(unknown.err.find("did you mean \"cs231n-2019.tf.6\"?"), std::string::npos) << unknown.err;
  EXPECT_EQ(run("verify --cases 0").code, 2);
  EXPECT_EQ(run("verify cs231n-2019.tf.6 --html /dev/null/x").code, 2);
}

TEST_F(VerifyCli, WritesOnePageForEachPaperWithNothingFromOutside) {
  EXPECT_EQ(run("verify cs231n-2019.tf.6 eecs498-2019.tf.1.5 --html pages").code, 0);
  for (const char* const page : {"pages/cs231n-2019.html", "pages/eecs498-2019.html"}) {
    const std::string text = read_file(folder / page);
    EXPECT_NE(text.find("proved"), std::string::npos) << page;
    EXPECT_EQ(text.find("<script"), std::string::npos);
    EXPECT_EQ(text.find("http"), text.find("http-equiv")) << "no request leaves the page";
  }
}

const std::string tanh_claim = R"toml([[claim]]
id = "lecture3.tanh"
statement = "tanh never exceeds its argument."
published = "true"
conclusion = "tanh(x) <= x"
[claim.inputs]
x = { shape = [], values = [-4, 4] }
[[claim.assumption]]
id = "positive"
text = "x is not negative"
formula = "x >= 0"
[claim.foil]
conclusion = "tanh(x) < x and x >= 0"
)toml";

TEST_F(VerifyCli, TakesClaimsFromAFile) {
  write_file(folder / "lecture3.toml", tanh_claim);
  const Outcome result = run("verify lecture3.toml --json");
  const json claim = json::parse(result.out)["claims"][0];
  EXPECT_EQ(claim["verdict"], "conditional") << result.out << result.err;
  EXPECT_EQ(claim["conditions"], json({"x is not negative"}));
  EXPECT_EQ(claim["agrees"], "partly");
  EXPECT_EQ(result.code, 0) << "true under a condition does not contradict the key";
}

const std::string three_claims = R"toml([[claim]]
id = "square"
hypothesis = "x > 1"
conclusion = "diff(x^2, x) > 2 and x^2 > x"
inputs = { x = { shape = [], values = [-4, 4] } }
[[claim]]
id = "mean"
conclusion = "sum(i, 1, n, z_i)^2 <= n * sum(i, 1, n, z_i^2)"
dimensions = { n = [1, 4] }
inputs = { z = { shape = ["n"], values = [-4, 4], grid = "1/2" } }
[[claim]]
id = "root"
quantifier = "existential"
conclusion = "x^2 = 9/4"
inputs = { x = { shape = [], values = [-4, 4], grid = "1/2" } }
)toml";

/// With a hypothesis only such instances count; fractions, dimensions and derivatives work, too.
TEST_F(VerifyCli, ReadsHypothesesDimensionsAndDerivatives) {
  write_file(folder / "more.toml", three_claims);
  const Outcome result = run("verify more.toml --json");
  ASSERT_EQ(result.code, 0) << result.err;
  const json claims = json::parse(result.out)["claims"];
  EXPECT_EQ(claims[0]["verdict"], "supported") << claims[0];
  EXPECT_EQ(claims[1]["verdict"], "supported") << claims[1];
  EXPECT_EQ(claims[2]["verdict"], "witnessed") << claims[2];
}

TEST_F(VerifyCli, PointsAtWhatIsWrongInAFile) {
  const auto complaint = [&](const std::string& text) {
    write_file(folder / "bad.toml", text);
    const Outcome result = run("verify bad.toml");
    EXPECT_EQ(result.code, 2) << text;
    return result.err;
  };
  const std::string open = "[[claim]]\nid = \"a\"\ninputs = { x = { shape = [], values = [0, 1] } }\n";
  EXPECT_NE(complaint(open + "conclusion = \"x < )\"\n").find("bad.toml:4:19:"), std::string::npos)
      << complaint(open + "conclusion = \"x < )\"\n");
  EXPECT_NE(complaint(open + "conclusion = \"x < y\"\n").find("found \"y\", expected a declared name"),
            std::string::npos);
  EXPECT_NE(complaint(open + "conclusion = \"x + 1\"\n").find("a claim needs a comparison"),
            std::string::npos);
  EXPECT_NE(complaint(open).find("conclusion"), std::string::npos);
  EXPECT_NE(complaint(open + "conclusion = \"x < 2\"\nconlcusion = \"x\"\n").find("did you mean"),
            std::string::npos);
  EXPECT_NE(complaint("").find("[[claim]]"), std::string::npos);
  EXPECT_EQ(run("verify missing.toml").code, 2);
}

TEST_F(VerifyCli, ListsItsClaims) {
  const json listed = json::parse(run("list claims --json").out);
  EXPECT_GT(listed.size(), 4u);
  for (const json& claim : listed) EXPECT_FALSE(claim["statement"].get<std::string>().empty());
}

}  // namespace
}  // namespace assay::testing
