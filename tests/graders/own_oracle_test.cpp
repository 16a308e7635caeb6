/// Oracles of one's own, deliberately wrong: what their author is told.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "fixtures/load.hpp"
#include "graders/own/diagnostics.hpp"
#include "graders/own/rehearsal.hpp"
#include "graders/submissions.hpp"
#include "tests/graders/command_line.hpp"

namespace assay::testing {
namespace {

const fs::path shipped = source / "tests/assignments/own-oracle";

TEST(Rehearsal, TellsAtWhichStepTrustedCodeEndsAndHow) {
  const auto nothing = [](std::size_t) {};
  EXPECT_FALSE(graders::rehearse(3, nothing));
  EXPECT_FALSE(graders::rehearse(2, [](std::size_t) { throw 1; })) << "exceptions are met again, and told";
  const auto crash = graders::rehearse(3, [](std::size_t i) {
    if (i == 1) std::raise(SIGSEGV);
  });
  ASSERT_TRUE(crash);
  EXPECT_EQ(crash->step, 1u);
  EXPECT_EQ(crash->what, "crashes (SIGSEGV)");
  const auto leave = graders::rehearse(3, [](std::size_t i) {
    if (i == 2) ::_exit(0);
  });
  ASSERT_TRUE(leave);
  EXPECT_EQ(leave->what, "ends the program");
  const auto hang = graders::rehearse(
      1, [](std::size_t) { std::this_thread::sleep_for(std::chrono::seconds(60)); }, std::chrono::seconds(1));
  ASSERT_TRUE(hang);
  EXPECT_EQ(hang->what, "does not end within 1 s");
}

TEST(OracleDiagnostics, NameTheAuthorsLineAndHideTheScalarsType) {
  const std::string scalar =
      "assay::oracles::Var<boost::multiprecision::number<assay::oracles::ArbBackend, "
      "boost::multiprecision::et_off> >";
  const std::string said =
      "In file included from /tmp/own.cpp:2:\n"
      "/a/b/oracle.hpp: In instantiation of 'Scalar f(const Scalar&) [with Scalar = " +
      scalar +
      "]':\n"
      "/a/b/oracle.hpp:3:7: error: cannot convert '" +
      scalar +
      "' to 'double'\n"
      "/a/b/oracle.hpp:3:7: error: and once more\n"
      "/assay/own_template.hpp: In instantiation of 'x [with F = {anonymous}::Own_gap]':\n"
      "/assay/own_template.hpp:34:17: error: static assertion failed: a parameter must be a Tensor\n"
      "/assay/own_template.hpp:35:17: error: static assertion failed: a parameter must be a Tensor\n"
      "/a/b/assignment.toml:41:137: error: '::f' has not been declared\n";
  EXPECT_EQ(graders::author_errors(said, "/a/b"),
            (std::vector<std::string>{"oracle.hpp:3:7: cannot convert 'Scalar' to 'double'",
                                      "gap: static assertion failed: a parameter must be a Tensor",
                                      "assignment.toml:41: '::f' has not been declared"}));
}

/// Copies of the shipped assignment, with texts replaced.
class OwnOracle : public CommandLineTest {
 protected:
  void SetUp() override {
    CommandLineTest::SetUp();
    ::setenv("XDG_CACHE_HOME", (folder / "cache").c_str(), 1);
    fs::copy(shipped, folder / "own", fs::copy_options::recursive);
  }
  void TearDown() override {
    ::unsetenv("XDG_CACHE_HOME");
    CommandLineTest::TearDown();
  }

  void replace(const std::string& file, const std::string& from, const std::string& to) const {
    std::string text = read_file(shipped / file);
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    write_file(folder / "own" / file, text.replace(at, from.size(), to));
  }
  /// What `assay check` says when it refuses.
  std::string refusal() const {
    const Outcome result = run("check own -j 2");
    EXPECT_EQ(result.code, 2) << result.out << result.err;
    return result.err;
  }
  void expect_refusal(const std::string& part) const {
    const std::string told = refusal();
    EXPECT_NE(told.find(part), std::string::npos) << told;
  }

  const std::string formula = "mean(log((exp(p - t) + exp(t - p)) / 2))";
};

TEST_F(OwnOracle, OfAWrongFormulaIsRefusedWithTheFormulaAndACaret) {
  // No file to compile: formulas alone.
  const std::string file = "assignment.toml", focal = "[own.focal]\nfile = \"oracle.hpp\"\n";
  const auto with = [&](const std::string& other) {
    replace(file, formula, other);
    std::string text = read_file(folder / "own" / file);
    text.erase(text.find(focal), focal.size());
    write_file(folder / "own" / file, text);
  };
  with("mean(log((exp(pred - t) + exp(t - p)) / 2))");
  const std::string shown = refusal();
  EXPECT_NE(shown.find("\n              ^"), std::string::npos) << shown;
  EXPECT_NE(read_file(source / "docs/own-oracles.md").find("```text\n" + shown + "```"), std::string::npos)
      << shown;
  with("p > t");
  expect_refusal("this is a statement, not a number");
}

TEST_F(OwnOracle, ThatMisbehavesIsToldWithTheCase) {
  // One file, compiled once: the statements choose who misbehaves.
  write_file(folder / "own/oracle.hpp", R"(#include <stdexcept>

#include "oracles/own.hpp"

template <class Scalar>
std::tuple<Scalar, Tensor<Scalar>> focal(const Tensor<Scalar>& z, const Labels& y, const Scalar& gamma) {
  if (z.shape[1] == 1) throw std::runtime_error("one class");
  if (z.shape[1] == 2) std::abort();
  if (z.shape[1] == 3) return {(gamma - gamma) / (gamma - gamma), z};
  if (z.shape[1] == 4) return {gamma + static_cast<int>(y.data[z.size()]), z};
  return {gamma, z};
}
)");
  const std::string dimension = "C = [2, 4]",
                    statements = "\"loss = focal(z, y, gamma)\", \"dz = gradient(loss, [z])\"";
  const auto with = [&](const std::string& extent, const std::string& call) {
    std::string text = read_file(shipped / "assignment.toml");
    text.replace(text.find(dimension), dimension.size(), "C = " + extent);
    text.replace(text.find(statements), statements.size(), call);
    write_file(folder / "own/assignment.toml", text);
  };
  const std::string call = "\"loss, dz = focal(z, y, gamma)\"";
  with("1", call);
  expect_refusal(
      "own/assignment.toml:63:10: the oracle of 'focal' does not fit these inputs, case 0 (C = 1, N = 1): "
      "focal "
      "threw an exception: one class");
  with("2", call);
  expect_refusal("the oracle of 'focal' crashes (SIGABRT) on case 0");
  with("3", call);
  expect_refusal("gives no number (NaN) for element 0 of 'loss' on case 0 (C = 3");
  with("4", call);
  expect_refusal("crashes (SIGABRT): an index is out of range on case 0");
  with("5", "\"loss, dz = focal(z, z, gamma)\"");
  expect_refusal("focal: argument 2 needs labels, not real numbers");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder / "cache/assay/own"), fs::directory_iterator()), 2)
      << "one library and the list of its files: it is compiled once";
}

TEST_F(OwnOracle, IsAPartOfTheAssignmentsDigest) {
  const auto digest = [&] { return graders::assignment_digest(fixtures::load_assignment(folder / "own")); };
  const std::string before = digest();
  write_file(folder / "own/more.hpp", "// first");
  replace("oracle.hpp", "\n\n", "\n#include \"more.hpp\"\n");
  const std::string other = digest();
  write_file(folder / "own/more.hpp", "// second");
  const std::string included = digest();
  replace("reference/losses.cpp", "out = p;", "out = p; ");
  EXPECT_EQ((std::set{before, other, included, digest()}).size(), 4u) << "each change gives another";
}

TEST_F(OwnOracle, ThatDoesNotCompileIsToldByFileAndLine) {
  replace("oracle.hpp", "pow(1 - exp(log_p), gamma)", "pow(0.5 - exp(log_p), gama)");
  const std::string told = refusal();
  EXPECT_NE(told.find("own/assignment.toml:42:8: oracle.hpp does not compile as an oracle\n  oracle.hpp:15:"),
            std::string::npos)
      << told;
  EXPECT_NE(told.find("'gama' was not declared"), std::string::npos) << told;
}

TEST_F(OwnOracle, OfTheReferenceIsReportedAsTheWeakerEvidenceItIs) {
  // Formula and template aside: the rest needs no compiled oracle.
  std::string text = read_file(shipped / "assignment.toml");
  const auto erase = [&](const std::string& from, const std::string& to) {
    text.erase(text.find(from), text.find(to) - text.find(from));
  };
  erase("[own.log_cosh]", "[[function]]\nname = \"smoothed\"");
  erase("[[criterion]]\nid = \"log-cosh\"", "[[criterion]]\nid = \"smoothed\"");
  text.erase(text.find("[[known]]"));
  write_file(folder / "own/assignment.toml", text);
  const std::string evidence =
      "compared with the reference's float64 answer, tolerance 1e-9 (relative) or 1e-12 (absolute)";
  const Outcome graded = run("grade own own/class/wrong-truths own/class/other-style");
  EXPECT_EQ(graded.code, 0) << graded.err;
  EXPECT_NE(graded.err.find("function 'smoothed' is " + evidence), std::string::npos) << graded.err;
  const std::string results = read_file(folder / "assay-out/results.json");
  EXPECT_NE(results.find("\"evidence\": \"" + evidence), std::string::npos);
  EXPECT_NE(results.find("out differs from the reference's answer on "), std::string::npos) << results;
  EXPECT_NE(run("explain assay-out wrong-truths smoothed").out.find("reference's"), std::string::npos);
  EXPECT_NE(read_file(folder / "assay-out/report.html").find("reference"), std::string::npos);
  std::string broken = read_file(shipped / "reference/losses.cpp");
  broken.replace(broken.find("  out = p;"), 10, "  throw 1;");
  write_file(folder / "own/reference/losses.cpp", broken);
  expect_refusal("the reference solution's smoothed gives no answer: let an exception escape");
}

}  // namespace
}  // namespace assay::testing
