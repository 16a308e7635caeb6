#include "oracles/catalogue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/unstable.hpp"

namespace assay::oracles {
namespace {

const std::filesystem::path source = ASSAY_SOURCE_DIR;

/// The lines of a file that start with `prefix`, without it.
std::vector<std::string> lines_after(const std::filesystem::path& file, const std::string& prefix) {
  std::vector<std::string> result;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(prefix)) result.push_back(line.substr(prefix.size()));
  return result;
}

TEST(Catalogue, IsSortedByNameWithoutRepetition) {
  const auto operations = catalogue();
  for (std::size_t i = 1; i < operations.size(); ++i) EXPECT_LT(operations[i - 1].name, operations[i].name);
}

TEST(Catalogue, ListsEachHeaderInOpsExactlyOnceAndSorted) {
  std::map<std::string, int> times_listed;
  for (const auto& family : std::filesystem::directory_iterator(source / "oracles/catalogue")) {
    if (family.path().extension() != ".cpp") continue;
    const auto included = lines_after(family.path(), "#include \"oracles/ops/");
    EXPECT_TRUE(std::ranges::is_sorted(included)) << family.path();
    for (const std::string& header : included) ++times_listed[header.substr(0, header.find('.'))];
  }
  std::set<std::string> headers;
  for (const auto& file : std::filesystem::directory_iterator(source / "oracles/ops"))
    if (file.path().extension() == ".hpp") headers.insert(file.path().stem());

  for (const std::string& header : headers) {
    EXPECT_EQ(times_listed[header], 1) << header;
    EXPECT_NE(find_operation(header), nullptr)
        << header << ".hpp has no operation of its name in the catalogue";
  }
  EXPECT_EQ(catalogue().size(), headers.size());
}

TEST(Catalogue, SaysEverythingAboutEachOperation) {
  for (const Operation& operation : catalogue()) {
    EXPECT_FALSE(operation.formula.empty() || operation.domain.empty() || operation.source.empty())
        << operation.name;
    EXPECT_FALSE(operation.inputs.empty() || operation.outputs.empty()) << operation.name;
    EXPECT_TRUE(operation.output_shapes && operation.cost) << operation.name;
    EXPECT_TRUE(operation.ball.forward && operation.float64.forward && operation.float32.forward)
        << operation.name;
    const bool has_gradient = std::ranges::any_of(operation.inputs, &InputSpec::has_gradient);
    EXPECT_EQ(operation.ball.vjp != nullptr, has_gradient) << operation.name;
    EXPECT_EQ(operation.ball.tape_vjp != nullptr, has_gradient) << operation.name;
    EXPECT_EQ(operation.float64.vjp != nullptr, has_gradient) << operation.name;
    EXPECT_EQ(operation.float32.vjp != nullptr, has_gradient) << operation.name;
    EXPECT_FALSE(operation.family.empty()) << operation.name;
  }
}

TEST(Catalogue, HasSamplesThatFitTheirOperation) {
  for (const Operation& operation : catalogue()) {
    ASSERT_GE(operation.samples.size(), 2u) << operation.name;
    std::set<std::string> tried;
    for (const Sample& sample : operation.samples) {
      ASSERT_EQ(sample.inputs.size(), operation.inputs.size()) << operation.name;
      EXPECT_NO_THROW(operation.output_shapes(sample.inputs, sample.attributes)) << operation.name;
      for (const auto& [name, value] : sample.attributes) tried.insert(name);
    }
    for (const AttributeSpec& attribute : operation.attributes)
      EXPECT_TRUE(tried.contains(std::string(attribute.name)))
          << operation.name << ": no sample sets " << attribute.name;
  }
}

/// Every choice of every attribute is somewhere tried: a convention that nothing exercises is a convention
/// that nothing tests.
TEST(Catalogue, HasASampleForEachChoice) {
  for (const Operation& operation : catalogue())
    for (const AttributeSpec& attribute : operation.attributes) {
      std::vector<std::string_view> wanted;
      if (attribute.kind == AttributeKind::choice) wanted = choices_of(attribute);
      if (attribute.kind == AttributeKind::flag) wanted = {"true", "false"};
      for (const std::string_view choice : wanted) {
        const auto has_it = [&](const Sample& sample) {
          return text_attribute(sample.attributes, attribute) == choice;
        };
        EXPECT_TRUE(std::ranges::any_of(operation.samples, has_it))
            << operation.name << ": no sample has " << attribute.name << " = " << choice;
      }
    }
}

TEST(Catalogue, SuggestsTheNearestNameForAnUnknownOne) {
  EXPECT_EQ(find_operation("sofmax"), nullptr);
  try {
    operation_named("sofmax");
    FAIL() << "must throw";
  } catch (const UnknownOperation& error) {
    EXPECT_STREQ(error.what(), "there is no operation \"sofmax\"; did you mean \"softmax\"?");
  }
  EXPECT_THROW(operation_named("zzzzzzzz"), UnknownOperation);
  EXPECT_EQ(operation_named("relu").name, "relu");
}

TEST(UnstableForms, AreSortedAndBelongToOperationsOfTheCatalogue) {
  const auto forms = unstable_forms();
  const auto key = [](const UnstableForm& form) { return std::pair(form.operation, form.id); };
  EXPECT_TRUE(std::ranges::is_sorted(forms, {}, key));
  for (const UnstableForm& form : forms) {
    EXPECT_NE(find_operation(form.operation), nullptr) << form.id;
    EXPECT_TRUE(form.id.starts_with(std::string(form.operation) + ".")) << form.id;
    EXPECT_TRUE(form.forward) << form.id;
    EXPECT_FALSE(form.sentence.empty()) << form.id;
  }
}

}  // namespace
}  // namespace assay::oracles
