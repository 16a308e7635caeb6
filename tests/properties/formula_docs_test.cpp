/// docs/formulas.md says nothing that is not so.
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "properties/formula/formula.hpp"
#include "properties/formula/symbols.hpp"

namespace assay::properties::formula {
namespace {

std::string document() {
  std::ifstream stream(std::string(ASSAY_SOURCE_DIR) + "/docs/formulas.md");
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// The code spans of a row of a table.
std::vector<std::string> codes(const std::string& row) {
  static const std::regex span("`([^`]*)`");
  std::vector<std::string> found;
  for (std::sregex_iterator one(row.begin(), row.end(), span), end; one != end; ++one)
    found.push_back(std::regex_replace((*one)[1].str(), std::regex(R"(\\\|)"), "|"));
  return found;
}

TEST(FormulaDocument, ShowsThreeSpellingsOfTheSameFormula) {
  std::istringstream lines(document());
  std::size_t rows = 0;
  for (std::string line; std::getline(lines, line) && line != "## Grammar";) {
    if (!line.starts_with("| `")) continue;
    const std::vector<std::string> spellings = codes(line);
    ASSERT_EQ(spellings.size(), 3u) << line;
    ++rows;
    const Formula plain = parse(spellings[0], {{"a", "b", "alpha", "k", "n", "p", "s", "u", "v", "w", "w'",
                                                "W", "x", "x_1", "y", "y_hat", "z"}});
    for (const std::string& other : spellings)
      EXPECT_TRUE(parse(other, {{"a", "b", "alpha", "k", "n", "p", "s", "u", "v", "w", "w'", "W", "x", "x_1",
                                 "y", "y_hat", "z"}}) == plain)
          << other << " is not " << to_text(plain);
  }
  EXPECT_GT(rows, 10u);
}

TEST(FormulaDocument, QuotesErrorsWordForWord) {
  const std::string text = document();
  std::size_t quoted = 0;
  for (const char* wrong : {"2 (x + 1", "x + wieght", "log x y"}) {
    try {
      parse(wrong, {{"x", "y", "weight"}});
      ADD_FAILURE() << wrong << " is understood";
    } catch (const FormulaError& error) {
      const std::string shown = "```text\n" + pointed(wrong, error.offset) + "\n" + error.what() + "\n```";
      EXPECT_NE(text.find(shown), std::string::npos) << shown;
      ++quoted;
    }
  }
  EXPECT_EQ(quoted, 3u);
}

TEST(FormulaDocument, NamesEveryFunction) {
  const std::string text = document();
  for (const FunctionSpec& spec : functions()) {
    if (spec.function == Function::indicator) continue;  // written 1[...]
    const std::string name(name_of(spec.function));
    EXPECT_TRUE(std::regex_search(text, std::regex("[` ]" + name + "[ (`]"))) << name;
  }
}

}  // namespace
}  // namespace assay::properties::formula
