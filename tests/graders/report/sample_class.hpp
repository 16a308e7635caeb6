/// A class of 24 on nine criteria as results documents describe it, and documents from hostile hands.
#pragma once

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace assay::graders::report::test {

using Json = nlohmann::json;

/// A file below the source folder.
inline std::string read(const std::string& path) {
  std::ifstream file(std::string(ASSAY_SOURCE_DIR) + "/" + path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

inline Json example() {
  return Json::parse(read("docs/examples/results.json"));
}

struct SampleCriterion {
  std::string id, title, exact;
  double points;
  bool extreme;
  std::string visibility;
  std::size_t cases;
};

inline const std::vector<SampleCriterion>& sample_criteria() {
  static const std::vector<SampleCriterion> criteria{
      {"scores", "scores of an affine layer", "2", 2, false, "expected", 30},
      {"loss", "loss on ordinary inputs", "3", 3, false, "input", 40},
      {"loss-extreme", "loss with logits in the hundreds", "5/2", 2.5, true, "input", 30},
      {"grad-w", "gradient of the weights", "3", 3, false, "input", 40},
      {"grad-b", "gradient of the bias", "2", 2, false, "input", 40},
      {"grad-x", "gradient of the inputs", "3", 3, false, "input", 40},
      {"penalty", "penalty in loss and gradient", "3/2", 1.5, false, "passed", 30},
      {"logsumexp", "logsumexp on ordinary inputs", "1", 1, false, "input", 30},
      {"logsumexp-far", "logsumexp far from zero", "2", 2, true, "hidden", 32},
  };
  return criteria;
}

inline Json points(const std::string& exact, double decimal) {
  return {{"exact", exact}, {"decimal", decimal}};
}

inline Json value(const std::string& name, std::vector<std::size_t> shape, std::vector<std::string> values,
                  const std::string& type = "float64") {
  return {{"name", name}, {"type", type}, {"shape", std::move(shape)}, {"values", std::move(values)}};
}

inline Json ordinary_counterexample(const std::string& id) {
  Json inputs = {value("X", {2, 3}, {"0", "1", "-0.5", "0", "0", "1"}),
                 value("W", {3, 2}, {"1", "0", "0", "0", "0", "-0.25"}), value("b", {2}, {"0", "0"}),
                 value("y", {2}, {"0", "1"}, "int64")};
  inputs.push_back(value("lambda", {}, {"0.10000000000000001"}));
  inputs.back()["exact"] = Json::array({"3602879701896397/2^55"});
  Json found = {{"case", 4},
                {"pinned", ""},
                {"shrunk", true},
                {"confirmed", true},
                {"inputs", inputs},
                {"result", id == "grad-w"   ? "dW"
                           : id == "grad-b" ? "db"
                           : id == "grad-x" ? "dX"
                                            : "loss"},
                {"index", Json::array()},
                {"got", "1.3862943611198906"},
                {"expected", "0.69314718055994530942"},
                {"expected_radius", "1.2e-39"},
                {"error_ulps", 6243314768165359.0},
                {"allowance_ulps", 3.5},
                {"ratio", 1.78e15}};
  if (id.starts_with("grad")) {
    found["index"] = id == "grad-b" ? Json{1} : Json{1, 0};
    found["got"] = "0.1243530017715962";
    found["expected"] = "0.12435300177159611038";
    found["error_ulps"] = 15.3;
    found["allowance_ulps"] = 4.25;
    found["ratio"] = 3.6;
  }
  return found;
}

inline Json extreme_counterexample() {
  return {{"case", 0},
          {"pinned", "one logit of 1000"},
          {"shrunk", false},
          {"confirmed", true},
          {"inputs", {value("X", {1, 1}, {"1000"}), value("W", {1, 2}, {"1", "0"})}},
          {"result", "loss"},
          {"index", Json::array()},
          {"got", "nan"},
          {"expected", "0"},
          {"expected_radius", "0"},
          {"error_ulps", nullptr},
          {"allowance_ulps", 1.0},
          {"ratio", nullptr}};
}

/// What the pipeline would say of one criterion with this verdict.
inline Json sample_result(const SampleCriterion& criterion, const std::string& verdict) {
  const bool good = verdict == "accepted", nobody = verdict == "harness_error" || verdict == "cannot_tell";
  const std::size_t aside = criterion.extreme ? 2 : 0, judged = criterion.cases - aside;
  Json out = {{"id", criterion.id},
              {"verdict", verdict},
              {"max", points(criterion.exact, criterion.points)},
              {"cases",
               {{"total", criterion.cases},
                {"accepted", good ? judged : judged / 4},
                {"set_aside", aside},
                {"undecided", 0}}}};
  out["points"] = nobody ? Json(nullptr) : good ? out["max"] : points("0", 0);
  if (good)
    out["message"] = std::to_string(judged) + " of " + std::to_string(judged) +
                     " cases accepted; largest error 0.31 of the allowance";
  if (good) out["worst_ratio"] = 0.31;
  if (verdict == "wrong")
    out.update({{"message", "differs from the exact value on 37 of 40 cases"},
                {"worst_ratio", 4.5e15},
                {"counterexample", ordinary_counterexample(criterion.id)}});
  if (verdict == "unstable")
    out.update({{"message",
                 "exp of a logit above 709.78 is infinite in double; subtract the row's largest logit first"},
                {"instability", "overflow"},
                {"worst_ratio", nullptr},
                {"counterexample", extreme_counterexample()}});
  if (verdict == "wrong_shape")
    out.update({{"message", "a result has another shape"},
                {"counterexample", ordinary_counterexample(criterion.id)}});
  if (verdict == "wrong_shape")
    for (const char* judged_later :
         {"index", "got", "expected", "expected_radius", "error_ulps", "allowance_ulps", "ratio"})
      out["counterexample"].erase(judged_later);
  if (verdict == "wrong_shape") out["counterexample"].update({{"shape", {3, 2}}, {"got_shape", {2, 3}}});
  if (verdict == "crashed")
    out.update({{"message", "crashed with SIGSEGV (invalid memory access) at case 3"},
                {"signal", "SIGSEGV"},
                {"standard_error", "vector::_M_range_check\n"}});
  if (verdict == "timed_out") out["message"] = "no answer within 2 s of CPU time at case 0";
  if (verdict == "forbidden_call")
    out.update({{"message", "asked for openat; a calculation opens no file"}, {"call", "openat"}});
  if (verdict == "did_not_compile") out["message"] = "did not compile";
  if (verdict == "harness_error") out["message"] = "not graded: the grader failed, not the student";
  if (verdict == "cannot_tell") out["message"] = "one case could not be decided; a person must look";
  return out;
}

struct SampleStudent {
  std::string id;
  std::map<std::string, std::string> verdicts;  ///< "*": every criterion; one not named is accepted
  std::string message = "", diagnostics = "";
};

inline const std::vector<SampleStudent>& sample_students() {
  static const std::vector<SampleStudent> students{
      {"amara-okafor", {}},
      {"ben-carter", {{"loss-extreme", "unstable"}, {"logsumexp-far", "unstable"}}},
      {"chen-wei",
       {{"*", "did_not_compile"}},
       "classifier.cpp:14:5: error: expected ';' before 'return'",
       "classifier.cpp: In function 'double loss(const Matrix&, std::span<const int>, "
       "double)':\nclassifier.cpp:14:5: error: expected ';' "
       "before 'return'\n   13 |   const double n = static_cast<double>(X.rows())\n      |                   "
       "                              ^\n"},
      {"dora-lind",
       {{"*", "harness_error"}},
       "the sandbox could not start: fork: Resource temporarily unavailable"},
      {"eli-novak", {{"grad-x", "crashed"}}},
      {"fatima-zahra", {}},
      {"george-o-neill", {{"loss", "wrong"}, {"loss-extreme", "wrong"}, {"penalty", "wrong"}}},
      {"hana-sato", {{"grad-w", "wrong"}}},
      {"ivan-petrov", {{"grad-b", "wrong"}, {"logsumexp-far", "cannot_tell"}}},
      {"jose-maria-ortega-y-gasset", {{"penalty", "wrong"}}},
      {"kofi-mensah", {{"loss-extreme", "unstable"}}},
      {"lena-vogt", {{"*", "timed_out"}}},
      {"mei-tanaka", {}},
      {"noor-hassan",
       {{"loss", "wrong"},
        {"loss-extreme", "wrong"},
        {"grad-w", "wrong"},
        {"grad-b", "wrong"},
        {"grad-x", "wrong"},
        {"penalty", "wrong"}}},
      {"olga-ivanova",
       {{"scores", "wrong_shape"},
        {"loss", "wrong"},
        {"loss-extreme", "wrong"},
        {"grad-w", "wrong_shape"},
        {"grad-x", "wrong"}}},
      {"pablo-ruiz", {{"logsumexp", "missing_function"}, {"logsumexp-far", "missing_function"}}},
      {"quinn-adams", {{"*", "forbidden_call"}}},
      {"rosa-alvarez", {{"loss-extreme", "unstable"}, {"logsumexp-far", "unstable"}, {"penalty", "wrong"}}},
      {"sven-larsen", {{"grad-x", "wrong"}}},
      {"thandi-nkosi", {}},
      {"uma-patel", {{"logsumexp-far", "unstable"}}},
      {"viktor-hugo", {{"*", "protocol_error"}}},
      {"wei-ling", {{"grad-w", "not_finite"}, {"loss-extreme", "unstable"}}},
      {"zo\u00eb-\u4e09\u5b50", {}},
  };
  return students;
}

inline Json sample_submission(const SampleStudent& student) {
  static const std::vector<std::string> mildest_first{
      "accepted",         "unstable",    "wrong",        "wrong_shape",    "not_finite",
      "missing_function", "timed_out",   "crashed",      "forbidden_call", "protocol_error",
      "did_not_compile",  "cannot_tell", "harness_error"};
  const auto rank = [&](const std::string& verdict) {
    return std::ranges::find(mildest_first, verdict) - mildest_first.begin();
  };
  Json criteria = Json::array();
  std::string worst = "accepted";
  double score = 0;
  for (const auto& criterion : sample_criteria()) {
    const auto own = student.verdicts.find(criterion.id), every = student.verdicts.find("*");
    const auto verdict = own != student.verdicts.end()     ? own->second
                         : every != student.verdicts.end() ? every->second
                                                           : "accepted";
    if (rank(verdict) > rank(worst)) worst = verdict;
    if (verdict == "accepted") score += criterion.points;
    criteria.push_back(sample_result(criterion, verdict));
  }
  const bool failed = worst == "harness_error", compiled = worst != "did_not_compile" && !failed;
  const auto halves = static_cast<long>(2 * score);
  const auto exact = halves % 2 ? std::to_string(halves) + "/2" : std::to_string(halves / 2);
  return {{"id", student.id},
          {"digest", "crc32c:00112233"},
          {"files", {{{"name", "classifier.cpp"}, {"bytes", 2112}}}},
          {"status", failed ? "harness_error" : "graded"},
          {"score", failed ? Json(nullptr) : points(exact, score)},
          {"max", points("20", 20)},
          {"verdict", worst},
          {"message", student.message},
          {"compile", {{"verdict", compiled ? "accepted" : worst}, {"diagnostics", student.diagnostics}}},
          {"criteria", criteria}};
}

inline Json sample_summary(const Json& submissions) {
  std::vector<double> scores;
  std::map<std::string, int> verdicts;
  for (const Json& submission : submissions) {
    if (!submission["score"].is_null()) scores.push_back(submission["score"]["decimal"]);
    ++verdicts[submission["verdict"].get<std::string>()];
  }
  std::ranges::sort(scores);
  double sum = 0;
  for (const double score : scores) sum += score;
  const auto n = scores.size();
  return {{"submissions", submissions.size()},
          {"graded", n},
          {"harness_errors", submissions.size() - n},
          {"needs_a_person", 2},
          {"mean", sum / static_cast<double>(n)},
          {"median", (scores[(n - 1) / 2] + scores[n / 2]) / 2},
          {"verdicts", verdicts}};
}

inline Json sample_class() {
  Json results = example();
  results["assignment"]["points"] = points("20", 20);
  results["criteria"] = Json::array();
  results["submissions"] = Json::array();
  for (const auto& student : sample_students()) results["submissions"].push_back(sample_submission(student));
  for (std::size_t c = 0; c < sample_criteria().size(); ++c) {
    const auto& criterion = sample_criteria()[c];
    int accepted = 0, graded = 0;
    for (const Json& submission : results["submissions"]) {
      const auto verdict = submission["criteria"][c]["verdict"].get<std::string>();
      accepted += verdict == "accepted";
      graded += verdict != "harness_error" && verdict != "cannot_tell";
    }
    results["criteria"].push_back({{"id", criterion.id},
                                   {"title", criterion.title},
                                   {"kind", "oracle"},
                                   {"function", "loss"},
                                   {"results", {"loss"}},
                                   {"points", points(criterion.exact, criterion.points)},
                                   {"visibility", criterion.visibility},
                                   {"extreme", criterion.extreme},
                                   {"cases", criterion.cases},
                                   {"set_aside", criterion.extreme ? 2 : 0},
                                   {"accepted", accepted},
                                   {"graded", graded}});
  }
  results["summary"] = sample_summary(results["submissions"]);
  return results;
}

}  // namespace assay::graders::report::test
