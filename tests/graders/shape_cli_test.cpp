/// assay shape as a person uses it.
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/graders/command_line.hpp"

namespace assay::testing {
namespace {

class ShapeCommand : public CommandLineTest {
 protected:
  void SetUp() override {
    CommandLineTest::SetUp();
    fs::create_directory_symlink(source / "fixtures", folder / "fixtures");
  }

  /// Exit code 2, nothing on standard output, and exactly this on standard error.
  void expect_error(const std::string& arguments, const std::string& message) const {
    const Outcome result = run("shape " + arguments);
    EXPECT_EQ(result.code, 2) << arguments;
    EXPECT_EQ(result.out, "") << arguments;
    EXPECT_EQ(result.err, "assay: error: " + message + "\n") << arguments;
  }
};

/// Each command that the manual shows gives what the manual shows.
TEST_F(ShapeCommand, DoesWhatTheManualShows) {
  const std::string manual = read_file(source / "docs/networks.md"), opening = "```text\n$ assay ";
  int shown = 0;
  for (std::size_t at = 0; (at = manual.find(opening, at)) != std::string::npos; ++shown) {
    at += opening.size();
    const std::size_t line_end = manual.find('\n', at);
    const std::string command = manual.substr(at, line_end - at);
    const Outcome result = run(command);
    EXPECT_EQ(result.out + result.err, manual.substr(line_end + 1, manual.find("```", at) - line_end - 1))
        << command;
    EXPECT_EQ(result.code, result.err.empty() ? 0 : 2) << command;
  }
  EXPECT_GE(shown, 5);
}

TEST_F(ShapeCommand, TakesATextAFileOrStandardInput) {
  const std::string text = "INPUT 3x32x32, CONV3-8, POOL2, FC-10";
  const Outcome argument = run("shape \"" + text + "\"");
  EXPECT_EQ(argument.code, 0) << argument.err;
  EXPECT_NE(argument.out.find("(8x16x16+1)x10"), std::string::npos) << argument.out;
  EXPECT_EQ(run_with(text, "shape -").out, argument.out);
  EXPECT_EQ(run_with("INPUT 3x32x32\nCONV3-8  # edges\nPOOL2\nFC-10\n", "shape -").out, argument.out);
  write_file(folder / "a,b.toml", "input = [4]\nlayer = [{ type = \"fc\", out_features = 2 }]\n");
  EXPECT_NE(run("shape a,b.toml").out.find("(4+1)x2"), std::string::npos);
}

TEST_F(ShapeCommand, WritesNoLineBeyondEightyColumnsForTheShippedNetworks) {
  for (const auto& entry : fs::directory_iterator(source / "fixtures/networks")) {
    const Outcome result = run("shape fixtures/networks/" + entry.path().filename().string());
    EXPECT_EQ(result.code, 0) << result.err;
    for (std::size_t at = 0, end = 0; (end = result.out.find('\n', at)) != std::string::npos; at = end + 1) {
      EXPECT_LE(end - at, 80u) << result.out.substr(at, end - at);
      EXPECT_TRUE(end == at || result.out[end - 1] != ' ') << "blanks at the end of a line";
    }
  }
}

TEST_F(ShapeCommand, WritesShapesInTheLayoutAskedFor) {
  const auto says = [&](const std::string& arguments, const std::string& text) {
    const Outcome result = run("shape " + arguments);
    EXPECT_NE(result.out.find(text), std::string::npos) << arguments << "\n" << result.out << result.err;
  };
  says("\"INPUT 3x32x48, POOL2\"", "3x16x24");
  says("\"INPUT 3x32x48, POOL2\" --layout hwc", "16x24x3");
  says("\"INPUT 32x48x3 HWC, POOL2\"", "16x24x3");
  says("\"INPUT 32x48x3 HWC, POOL2\" --layout CHW", "3x16x24");
  says("\"INPUT 32x48x3 HWC, POOL2\" --input \"64x48x3 HWC\"", "32x24x3");
  says("\"INPUT 3x32x48, POOL2\" --markdown", "| 1 | POOL2 | 3x16x24 | 0 |");
}

TEST_F(ShapeCommand, GivesJsonWithExactNumbers) {
  const Outcome result =
      run("shape \"INPUT 1000000000x9, CONV3-1000000000, UPSAMPLE2, FC-1\" --json --batch 3 --bytes 8");
  ASSERT_EQ(result.code, 0) << result.err;
  const auto json = nlohmann::json::parse(result.out);
  const auto& conv = json["layers"][1];
  EXPECT_EQ(conv["parameters"], "3000000001000000000");
  EXPECT_EQ(conv["factors"], "(3x1000000000+1)x1000000000");
  EXPECT_EQ(conv["output"], nlohmann::json::parse("[1000000000, 9]"));
  EXPECT_EQ(conv["memory_bytes"], 216000000000);
  EXPECT_EQ(conv["receptive_field"], nlohmann::json::parse("[3]"));
  EXPECT_EQ(json["layers"][2]["jump"], nlohmann::json::parse("[\"1/2\"]"));
  EXPECT_TRUE(json["layers"][3]["jump"].is_null());
  EXPECT_EQ(json["totals"]["multiply_adds"], "27000000018000000000");
}

TEST_F(ShapeCommand, NamesTheLayerThatDoesNotFit) {
  expect_error("\"INPUT 512x1x1, RELU, FC-4096 expects 25088\"",
               "layer 2 \"FC-4096\": expects 25088 inputs, gets 512 (512x1x1 flattened)\n"
               "  INPUT 512x1x1, RELU, FC-4096 expects 25088\n"
               "                       ^^^^^^^^^^^^^^^^^^^^^");
  expect_error(
      "fixtures/networks/vgg-16.toml --input 3x32x32",
      "fixtures/networks/vgg-16.toml:25:3: layer 19 \"FC-4096\": expects 25088 inputs, gets 512 (512x1x1 "
      "flattened)");
}

TEST_F(ShapeCommand, ExplainsWrongUsage) {
  expect_error(
      "lenet",
      "lenet: there is no such file; a network is a TOML file, or a text such as \"INPUT 3x32x32, CONV3-8, "
      "POOL2, FC-10\"");
  expect_error("\"\"", "no layer is given; write INPUT 3x32x32, CONV3-8, POOL2, FC-10");
  expect_error("\"CONV3-8, FC-10\"",
               "the network states no input; begin with INPUT 3x32x32, or give --input 3x32x32");
  expect_error("\"INPUT 4, FC-2\" --input 3x", "--input 3x: INPUT: a number is missing");
  write_file(folder / "broken.toml", "layer = [{ type = \"fc\", out_featurs = 2 }]\n");
  expect_error("broken.toml",
               "broken.toml:1:10: layer 1 has no \"out_features\"; add out_features = 8\n"
               "broken.toml:1:25: unknown key \"out_featurs\" in layer 1; did you mean \"out_features\"?");
  for (const char* arguments :
       {"shape", "shape a b", "shape \"INPUT 4, FC-2\" --layout WHC", "shape \"INPUT 4, FC-2\" --batch 0",
        "shape \"INPUT 4, FC-2\" --bytes 3", "shape \"INPUT 4, FC-2\" --json --markdown"}) {
    const Outcome result = run(arguments);
    EXPECT_EQ(result.code, 2) << arguments;
    EXPECT_EQ(result.out, "") << arguments;
    EXPECT_NE(result.err, "") << arguments;
  }
}

TEST_F(ShapeCommand, CountsSizesOfHundredsOfDigitsAndRefusesEndlessNetworks) {
  std::string text = "INPUT 1x" + std::string(100, '9');
  for (int i = 0; i < 8; ++i) text += ", UPSAMPLE" + std::string(100, '9') + ", CONV3-4";
  const Outcome exact = run_with(text, "shape -");
  EXPECT_EQ(exact.code, 0) << exact.err.substr(0, 300);
  for (int i = 0; i < 1000; ++i) text += ", RELU";
  const Outcome refused = run_with(text, "shape -");
  EXPECT_EQ(refused.code, 2);
  EXPECT_EQ(refused.err.substr(0, refused.err.find('\n')),
            "assay: error: layer 1001: there are more than 1000 layers");
}

}  // namespace
}  // namespace assay::testing
