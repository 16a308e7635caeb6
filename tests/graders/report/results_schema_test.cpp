#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "graders/report/report.hpp"
#include "graders/report/wording.hpp"
#include "graders/verdict.hpp"
#include "tests/graders/report/sample_class.hpp"

namespace assay::graders::report::test {
namespace {

using Adapter = valijson::adapters::NlohmannJsonAdapter;

Json schema_document() {
  return Json::parse(read("docs/results.schema.json"));
}

bool holds(const Json& document) {
  static const Json text = schema_document();
  static const auto schema = [] {
    auto parsed = std::make_unique<valijson::Schema>();
    valijson::SchemaParser().populateSchema(Adapter(text), *parsed);
    return parsed;
  }();
  return valijson::Validator().validate(*schema, Adapter(document), nullptr);
}

TEST(ResultsSchema, AcceptsTheExamplesAndTheSampleClass) {
  EXPECT_TRUE(holds(example()));
  EXPECT_TRUE(holds(Json::parse(read("docs/examples/class.json"))));
  EXPECT_TRUE(holds(sample_class()));
}

TEST(ResultsSchema, AcceptsWhatAStudentIsGiven) {
  const Json results = sample_class();
  for (const Json& submission : results["submissions"])
    EXPECT_TRUE(holds(for_student(results, submission["id"].get<std::string>()))) << submission["id"];
}

TEST(ResultsSchema, AcceptsWhatOnlySomeKindsHave) {
  Json document = example();
  document["submissions"][1]["criteria"][0]["parts"] = {
      {{"name", "Net.Learns"}, {"verdict", "wrong"}, {"message", "net_test.cpp:3"}}};
  Json& declared = document["criteria"][0];
  declared["credit"] = {{"rule", "tiers"}, {"tiers", {{{"share", "1/2"}, {"points", points("1/2", 0.5)}}}}};
  declared["formats"] = {{"loss", "float32"}};
  declared["by_reference"] = {"w"};
  Json& judged = document["submissions"][1]["criteria"][0];
  judged["error_map"] = {{"case", 1},      {"result", "dW"},  {"shape", {1, 2}}, {"slice", Json::array()},
                         {"from", {0, 0}}, {"cells", {".b"}}, {"wrong", 1}};
  judged["loss_curve"] = {{"case", 0},           {"loss", "loss"},    {"steps", {0, 1}},
                          {"got", {1, nullptr}}, {"exact", {1, 0.5}}, {"recomputed", false},
                          {"target", "1/5"}};
  declared["visibility_final"] = "expected";
  const Json half = points("1/2", 0.5);
  document["submissions"][1]["prices"] = {
      {{"id", "mse.halved"},
       {"sentence", "halves"},
       {"penalty", half},
       {"criteria", {{{"id", "loss"}, {"lost", half}, {"charged", half}}}}}};
  document["submissions"][1]["unpriced"] = {{{"id", "mse.halved"}, {"criterion", "loss"}, {"reason", "two"}}};
  EXPECT_TRUE(holds(document));
  const Json shown = for_student(document, document["submissions"][1]["id"].get<std::string>());
  EXPECT_TRUE(holds(shown));
  EXPECT_FALSE(shown["submissions"][0]["criteria"][0].contains("parts"))
      << "variants are not the student's to see";
}

struct Break {
  const char* what;
  std::function<void(Json&)> apply;
};

TEST(ResultsSchema, RejectsBrokenDocuments) {
  const std::vector<Break> breaks{
      {"another schema", [](Json& d) { d["schema"] = "assay/results/v2"; }},
      {"a picture of any size",
       [](Json& d) {
         d["submissions"][1]["criteria"][0]["error_map"] = {
             {"case", 1},        {"result", "dW"},
             {"shape", {1, 99}}, {"slice", Json::array()},
             {"from", {0, 0}},   {"cells", {std::string(99, 'a')}},
             {"wrong", 1}};
       }},
      {"no submissions", [](Json& d) { d.erase("submissions"); }},
      {"an unknown field", [](Json& d) { d["hostname"] = "grader-1"; }},
      {"an unknown field of a submission", [](Json& d) { d["submissions"][0]["wall_seconds"] = 1.5; }},
      {"an unknown verdict", [](Json& d) { d["submissions"][0]["criteria"][0]["verdict"] = "fine"; }},
      {"points without the exact fraction", [](Json& d) { d["submissions"][0]["score"].erase("exact"); }},
      {"points that are no fraction", [](Json& d) { d["submissions"][0]["score"]["exact"] = "5,5"; }},
      {"a fraction over nothing", [](Json& d) { d["submissions"][0]["score"]["exact"] = "5/0"; }},
      {"a harness error with a zero", [](Json& d) { d["submissions"][3]["score"] = points("0", 0); }},
      {"a harness error of one criterion with a zero",
       [](Json& d) { d["submissions"][3]["criteria"][0]["points"] = points("0", 0); }},
      {"a wrong criterion without points",
       [](Json& d) { d["submissions"][1]["criteria"][0]["points"] = nullptr; }},
      {"values that are numbers",
       [](Json& d) {
         d["submissions"][1]["criteria"][0]["counterexample"]["inputs"][0]["values"] = {0, 1};
       }},
      {"a negative error",
       [](Json& d) { d["submissions"][1]["criteria"][0]["counterexample"]["error_ulps"] = -1; }},
      {"a diagnosis that explains nothing",
       [](Json& d) { d["submissions"][1]["criteria"][0]["diagnoses"][0]["results"] = Json::array(); }},
      {"a diagnosis that nothing speaks for",
       [](Json& d) { d["submissions"][1]["criteria"][0]["diagnoses"][0]["telling_cases"] = 0; }},
      {"a part without a verdict",
       [](Json& d) {
         d["submissions"][1]["criteria"][0]["parts"] = {{{"name", "Net.Learns"}, {"message", ""}}};
       }},
      {"credit by luck",
       [](Json& d) {
         d["criteria"][0]["credit"] = {{"rule", "luck"}};
       }},
      {"a format that is none",
       [](Json& d) {
         d["criteria"][0]["formats"] = {{"loss", "float128"}};
       }},
      {"an unknown tier", [](Json& d) { d["sandbox"]["tier"] = "S9"; }},
      {"an unknown audience", [](Json& d) { d["audience"] = "everyone"; }},
  };
  for (const auto& broken : breaks) {
    Json document = example();
    broken.apply(document);
    EXPECT_FALSE(holds(document)) << broken.what;
  }
}

TEST(ResultsSchema, ListsTheVerdictsThatReportsHaveWordsFor) {
  std::set<std::string> with_words;
  for (const auto& verdict : verdicts()) with_words.emplace(verdict.id);
  EXPECT_EQ(schema_document()["definitions"]["verdict"]["enum"].get<std::set<std::string>>(), with_words);
}

TEST(Wordings, FollowTheOrderOfVerdicts) {
  std::string last = "accepted";
  for (int v = 0; v <= static_cast<int>(Verdict::harness_error); ++v) {
    const std::string id{word(static_cast<Verdict>(v))};
    EXPECT_LE(severity(last), severity(id)) << last << " is not milder than " << id;
    EXPECT_EQ(words_for(id).id, id);
    last = id;
  }
}

/// Every "properties" key anywhere in the schema.
void collect_fields(const Json& node, std::set<std::string>& names) {
  if (node.is_object() && node.contains("properties"))
    for (const auto& [name, type] : node["properties"].items()) names.insert(name);
  if (node.is_structured())
    for (const Json& child : node) collect_fields(child, names);
}

TEST(ResultsSchema, IsExplainedFieldByField) {
  const auto page = read("docs/results-schema.md");
  std::set<std::string> names;
  collect_fields(schema_document(), names);
  EXPECT_GT(names.size(), 50u);
  for (const auto& name : names)
    EXPECT_NE(page.find(fmt::format("`{}`", name)), std::string::npos)
        << name << " is not in docs/results-schema.md";
  for (const auto& verdict : verdicts())
    EXPECT_NE(page.find(fmt::format("`{}`", verdict.id)), std::string::npos)
        << verdict.id << " is not in docs/results-schema.md";
}

TEST(ParseResults, SaysWhatIsWrongWithOtherText) {
  EXPECT_EQ(parse_results(read("docs/examples/results.json"))["schema"], "assay/results/v1");
  EXPECT_THROW(parse_results("{"), ReportError);
  EXPECT_THROW(parse_results("[]"), ReportError);
  EXPECT_THROW(parse_results("{\"schema\": 1}"), ReportError);
  try {
    parse_results("{\"schema\": \"assay/results/v7\"}");
    FAIL();
  } catch (const ReportError& error) {
    EXPECT_STREQ(
        error.what(),
        "results document: schema \"assay/results/v7\", and this version reads \"assay/results/v1\"");
  }
}

}  // namespace
}  // namespace assay::graders::report::test
