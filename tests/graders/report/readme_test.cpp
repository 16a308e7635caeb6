#include <gtest/gtest.h>

#include "graders/report/report.hpp"
#include "tests/graders/report/sample_class.hpp"

namespace assay::graders::report::test {
namespace {

/// Eight of the demo class. Written by assay grade fixtures/assignments/softmax-classifier and these
/// submissions of its class; write it again when the document or the demo class changes.
Json shown_class() {
  return parse_results(read("docs/examples/class.json"));
}

/// The n-th block of output that the README shows.
std::string shown_in_readme(int number) {
  const auto page = read("README.md");
  const std::string opening = "```text\n";
  std::size_t at = 0;
  for (int i = 0; i < number; ++i) at = page.find(opening, at) + opening.size();
  return page.substr(at, page.find("```", at) - at);
}

TEST(Readme, ShowsTheTableAsItIs) {
  EXPECT_EQ(shown_in_readme(1), terminal_table(shown_class()));
}

TEST(Readme, ShowsAnExplanationAsItIs) {
  EXPECT_EQ(shown_in_readme(2), explain_text(shown_class(), "chen-jiahao", "loss"));
}

TEST(Readme, NamesOnlyFilesThatExist) {
  const auto page = read("README.md");
  for (std::size_t at = 0; (at = page.find("](", at)) != std::string::npos; ++at) {
    const auto target = page.substr(at + 2, page.find(')', at) - at - 2);
    EXPECT_NO_THROW(read(target)) << target;
  }
}

}  // namespace
}  // namespace assay::graders::report::test
