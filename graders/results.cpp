#include "graders/results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "graders/escape.hpp"
#include "graders/points.hpp"
#include "graders/repetition.hpp"
#include "graders/results_parts.hpp"

namespace assay::graders {
namespace {

using nlohmann::json;
using oracles::Tensor;

/// Binary digits after the point beyond which the shortest decimal is not the number itself, and the exact
/// fraction says more.
constexpr int short_fraction_digits = 12;

json number_or_null(const std::optional<double>& number) {
  return number && std::isfinite(*number) ? json(*number) : json(nullptr);
}

json points_or_null(const std::optional<Points>& points) {
  return points ? points_json(*points) : json(nullptr);
}

std::string shortest(double x) {
  if (std::isnan(x)) return "nan";
  if (std::isinf(x)) return x > 0 ? "inf" : "-inf";
  return fmt::format("{}", x);
}

/// m/2^k, where the shortest decimal is only an abbreviation of the double; empty otherwise.
std::string exact_fraction(double x) {
  if (!std::isfinite(x) || x == 0) return "";
  int exponent = 0;
  double mantissa = std::frexp(x, &exponent);
  while (mantissa != std::trunc(mantissa)) {
    mantissa *= 2;
    --exponent;
  }
  return exponent < -short_fraction_digits ? fmt::format("{:.0f}/2^{}", mantissa, -exponent) : "";
}

json input_json(const std::string& name, const Tensor<double>& tensor) {
  json values = json::array();
  json exact = json::array();
  bool any_exact = false;
  for (const double x : tensor.data) {
    values.push_back(shortest(x));
    exact.push_back(exact_fraction(x));
    any_exact = any_exact || !exact.back().get_ref<const std::string&>().empty();
  }
  json result{{"name", name}, {"type", "float64"}, {"shape", tensor.shape}, {"values", values}};
  if (any_exact) result["exact"] = exact;
  return result;
}

json input_json(const std::string& name, const Tensor<float>& tensor) {
  Tensor<double> wide(tensor.shape);
  std::ranges::copy(tensor.data, wide.data.begin());
  json result = input_json(name, wide);
  result["type"] = "float32";
  return result;
}

json input_json(const std::string& name, const oracles::IndexTensor& tensor) {
  json values = json::array();
  for (const auto label : tensor.data) values.push_back(std::to_string(label));
  return {{"name", name}, {"type", "int64"}, {"shape", tensor.shape}, {"values", values}};
}

/// The place of an element, one index per axis.
json index_json(std::size_t element, const oracles::Shape& shape) {
  std::vector<std::size_t> index(shape.size());
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    index[axis] = element % shape[axis];
    element /= shape[axis];
  }
  return index;
}

json counterexample_json(const Counterexample& example, const fixtures::Criterion& criterion) {
  json inputs = json::array();
  std::vector<std::string> names = criterion.draws;
  if (names.empty())  // a claim has variables of its own
    for (const auto& [name, value] : example.one.inputs) names.push_back(name);
  for (const std::string& argument : names) {
    const auto found = example.one.inputs.find(argument);
    if (found != example.one.inputs.end())
      inputs.push_back(
          std::visit([&](const auto& tensor) { return input_json(argument, tensor); }, found->second));
  }
  json result{{"case", example.case_number},
              {"pinned", displayable(example.one.pinned)},
              {"shrunk", example.shrunk},
              {"confirmed", example.confirmed},
              {"inputs", inputs}};
  if (example.result.empty()) return result;
  result["result"] = example.result;
  result["shape"] = example.shape;
  if (!example.judgement) return result;
  result["got_shape"] = example.got_shape;
  const auto& judgement = *example.judgement;
  if (judgement.outcome == oracles::ResultJudgement::Outcome::wrong_shape) return result;
  result["index"] = index_json(judgement.element, example.shape);
  result["got"] = shortest(judgement.got);
  result["expected"] = judgement.expected;
  result["expected_radius"] = judgement.expected_radius;
  result["error_ulps"] = number_or_null(judgement.error_ulps);
  result["allowance_ulps"] = number_or_null(judgement.allowance_ulps);
  result["ratio"] = number_or_null(judgement.ratio);
  return result;
}

json diagnosis_json(const Diagnosis& diagnosis) {
  json alternatives = json::array();
  for (const Explanation& other : diagnosis.alternatives)
    alternatives.push_back({{"id", other.id}, {"sentence", other.sentence}});
  return {{"id", diagnosis.id},
          {"sentence", diagnosis.sentence},
          {"results", diagnosis.results},
          {"looked_at", diagnosis.looked_at},
          {"consistent_cases", diagnosis.consistent_cases},
          {"telling_cases", diagnosis.telling_cases},
          {"alternatives", alternatives}};
}

const char* instability_word(oracles::Instability kind) {
  switch (kind) {
    case oracles::Instability::overflow:
      return "overflow";
    case oracles::Instability::underflow:
      return "underflow";
    default:
      return "cancellation";
  }
}

json criterion_json(const CriterionResult& result, const PreparedCriterion& criterion) {
  json entry{{"id", criterion.spec->id},
             {"verdict", word(result.verdict)},
             {"points", points_or_null(result.points)},
             {"max", points_json(criterion.points)},
             {"cases",
              {{"total", result.total},
               {"accepted", result.accepted},
               {"set_aside", result.set_aside},
               {"undecided", result.undecided}}},
             {"message", displayable(result.message)}};
  const bool numeric = result.verdict == Verdict::wrong || result.verdict == Verdict::unstable;
  if (result.worst_ratio || (numeric && criterion.spec->kind == "oracle"))
    entry["worst_ratio"] = number_or_null(result.worst_ratio);
  if (!result.advice.empty()) entry["advice"] = displayable(result.advice);
  if (!result.signal.empty()) entry["signal"] = result.signal;
  if (!result.standard_error.empty()) entry["standard_error"] = displayable(result.standard_error);
  if (result.verdict == Verdict::unstable) entry["instability"] = instability_word(result.instability);
  if (result.counterexample)
    entry["counterexample"] = counterexample_json(*result.counterexample, *criterion.spec);
  if (result.error_map) entry["error_map"] = error_map_json(*result.error_map);
  if (result.loss_curve) entry["loss_curve"] = loss_curve_json(*result.loss_curve);
  for (const Part& part : result.parts)
    entry["parts"].push_back({{"name", displayable(part.name)},
                              {"verdict", word(part.verdict)},
                              {"message", displayable(part.message)}});
  for (const Diagnosis& diagnosis : result.diagnoses) entry["diagnoses"].push_back(diagnosis_json(diagnosis));
  return entry;
}

}  // namespace

json submission_entry(const Prepared& prepared, const GradedSubmission& submission) {
  const SubmissionResult& result = submission.result;
  json files = json::array();
  for (const HandedIn& file : submission.files) files.push_back({{"name", file.name}, {"bytes", file.bytes}});
  json criteria = json::array();
  for (std::size_t i = 0; i < prepared.criteria.size(); ++i)
    criteria.push_back(criterion_json(result.criteria[i], prepared.criteria[i]));
  json entry{{"id", displayable(submission.id)},
             {"digest", submission.digest},
             {"files", files},
             {"status", result.verdict == Verdict::harness_error ? "harness_error" : "graded"},
             {"score", points_or_null(result.score)},
             {"max", points_json(prepared.total)},
             {"verdict", word(result.verdict)},
             {"message", displayable(result.message)},
             {"compile",
              {{"verdict", word(result.compile_verdict)},
               {"diagnostics", displayable(result.diagnostics, 16 << 10)}}},
             {"criteria", criteria}};
  if (!result.charges.empty()) entry["prices"] = prices_json(result);
  if (!result.uncharged.empty()) entry["unpriced"] = unpriced_json(result);
  for (const std::string& note : submission.notes) entry["notes"].push_back(displayable(note));
  if (const auto& differs = result.nondeterminism)
    entry["nondeterminism"] = {{"cause", word(differs->cause)},
                               {"sentence", differs->sentence},
                               {"other_score", points_or_null(differs->other)}};
  return entry;
}

namespace {

const char* visibility_word(fixtures::Visibility visibility) {
  switch (visibility) {
    case fixtures::Visibility::hidden:
      return "hidden";
    case fixtures::Visibility::passed:
      return "passed";
    case fixtures::Visibility::verdict:
      return "verdict";
    case fixtures::Visibility::input:
      return "input";
    case fixtures::Visibility::expected:
      break;
  }
  return "expected";
}

json credit_json(const fixtures::Credit& credit) {
  using Rule = fixtures::Credit::Rule;
  if (credit.rule != Rule::tiers) return {{"rule", credit.rule == Rule::share ? "share" : "all"}};
  json tiers = json::array();
  for (const auto& tier : credit.tiers)
    tiers.push_back({{"share", tier.share}, {"points", points_json(parse_points(tier.points))}});
  return {{"rule", "tiers"}, {"tiers", tiers}};
}

/// How what a criterion's function returns travels, where that is not as doubles that return.
void add_formats(json& entry, const fixtures::FunctionSpec& function) {
  for (const auto& [result, format] : function.formats)
    if (format != fixtures::NumberFormat::float64)
      entry["formats"][result] = format == fixtures::NumberFormat::int64 ? "int64" : "float32";
  if (!function.by_reference.empty()) entry["by_reference"] = function.by_reference;
}

/// What a student sees at other times, where that is something else.
void add_levels(json& entry, const fixtures::Levels& levels) {
  if (levels.final != levels.before) entry["visibility_final"] = visibility_word(levels.final);
  if (levels.limit != levels.before) entry["visibility_limit"] = visibility_word(levels.limit);
}

json criteria_json(const Prepared& prepared) {
  json criteria = json::array();
  for (std::size_t i = 0; i < prepared.criteria.size(); ++i) {
    const PreparedCriterion& criterion = prepared.criteria[i];
    const auto group = std::ranges::find_if(prepared.groups, [&](const CaseGroup& candidate) {
      return std::ranges::find(candidate.criteria, i) != candidate.criteria.end();
    });
    json entry{{"id", criterion.spec->id},
               {"title", criterion.spec->title},
               {"kind", criterion.spec->kind},
               {"results", criterion.spec->results},
               {"points", points_json(criterion.points)},
               {"visibility", visibility_word(criterion.spec->visibility.before)},
               {"extreme", criterion.spec->extreme},
               {"cases", group->cases.size()},
               {"set_aside", criterion.set_aside}};
    add_levels(entry, criterion.spec->visibility);
    entry["credit"] = credit_json(criterion.spec->credit);
    if (const auto* const function = prepared.assignment.find_function(criterion.spec->function)) {
      entry["function"] = function->name;
      add_formats(entry, *function);
    }
    if (!criterion.spec->required.empty()) entry["requires"] = criterion.spec->required;
    if (group->function && !group->function->evidence.empty()) entry["evidence"] = group->function->evidence;
    criteria.push_back(std::move(entry));
  }
  return criteria;
}

/// The verdict on the criterion at this place of every submission.
std::vector<Verdict> verdicts_at(const json& submissions, std::size_t place) {
  std::vector<Verdict> verdicts;
  for (const json& submission : submissions)
    verdicts.push_back(
        verdict_from_word(submission["criteria"].at(place)["verdict"].get_ref<const std::string&>())
            .value_or(Verdict::cannot_tell));
  return verdicts;
}

void count_verdicts(json& criteria, const json& submissions) {
  for (std::size_t i = 0; i < criteria.size(); ++i) {
    const auto verdicts = verdicts_at(submissions, i);
    criteria[i]["accepted"] = std::ranges::count(verdicts, Verdict::accepted);
    criteria[i]["graded"] =
        std::ranges::count_if(verdicts, [](Verdict verdict) { return !needs_a_person(verdict); });
  }
}

bool waits_for_a_person(const json& submission) {
  for (const json& criterion : submission["criteria"]) {
    const auto verdict = verdict_from_word(criterion["verdict"].get_ref<const std::string&>());
    if (!verdict || needs_a_person(*verdict)) return true;
  }
  return false;
}

json summary_json(const json& submissions) {
  std::vector<Points> scores;
  std::map<std::string, std::size_t> verdicts;
  std::size_t harness_errors = 0, people = 0;
  for (const json& submission : submissions) {
    ++verdicts[submission["verdict"].get<std::string>()];
    harness_errors += submission["status"] == "harness_error";
    people += waits_for_a_person(submission);
    if (!submission["score"].is_null())
      scores.push_back(parse_points(submission["score"]["exact"].get_ref<const std::string&>()));
  }
  std::ranges::sort(scores);
  Points sum;
  for (const Points& score : scores) sum += score;
  const std::size_t n = scores.size();
  json mean, median;
  if (n > 0) {
    mean = Points(sum / static_cast<unsigned long>(n)).get_d();
    median = Points((scores[(n - 1) / 2] + scores[n / 2]) / 2).get_d();
  }
  return {{"submissions", submissions.size()},
          {"graded", submissions.size() - harness_errors},
          {"harness_errors", harness_errors},
          {"needs_a_person", people},
          {"mean", mean},
          {"median", median},
          {"verdicts", verdicts}};
}

}  // namespace

json document_head(const Prepared& prepared, const ResultsContext& context) {
  const auto& assignment = prepared.assignment;
  json layers = json::array();
  for (const Layer& layer : context.sandbox.layers)
    layers.push_back({{"name", layer.name}, {"state", layer.state}, {"detail", layer.detail}});
  return {
      {"schema", "assay/results/v1"},
      {"generator", {{"name", "assay"}, {"version", context.version}}},
      {"assignment",
       {{"id", assignment.id},
        {"title", assignment.title},
        {"summary", assignment.summary},
        {"digest", context.assignment_digest},
        {"seed", std::to_string(assignment.seed)},
        {"slack", assignment.slack},
        {"points", points_json(prepared.total)}}},
      {"sandbox",
       {{"tier", to_string(context.sandbox.tier)}, {"summary", context.sandbox.summary}, {"layers", layers}}},
      {"toolchain", {{"compiler", context.toolchain.compiler()}, {"flags", context.toolchain.flags()}}},
      {"audience", "staff"},
      {"criteria", criteria_json(prepared)}};
}

json results_document(json head, std::vector<json> entries) {
  json submissions = json::array();
  for (json& entry : entries) submissions.push_back(std::move(entry));
  count_verdicts(head["criteria"], submissions);
  head["summary"] = summary_json(submissions);
  head["submissions"] = std::move(submissions);
  return head;
}

json timing_document(const std::vector<Timing>& submissions, const RunTiming& run) {
  const auto seconds = [](std::chrono::microseconds time) { return static_cast<double>(time.count()) / 1e6; };
  json entries = json::array();
  for (const Timing& one : submissions) {
    json entry{{"id", displayable(one.id)},
               {"compile_seconds", seconds(one.compile_time)},
               {"run_seconds", seconds(one.run_time)}};
    for (const Measurement& measured : one.measured)
      entry["measured"].push_back({{"criterion", measured.criterion},
                                   {"value", measured.middle},
                                   {"low", measured.low},
                                   {"high", measured.high},
                                   {"cases", measured.cases}});
    entries.push_back(std::move(entry));
  }
  return {{"schema", "assay/timing/v1"},
          {"total_seconds", run.total_seconds},
          {"jobs", run.jobs},
          {"graded", run.graded},
          {"grader_cpu_seconds", run.grader_cpu_seconds},
          {"boxes_cpu_seconds", run.boxes_cpu_seconds},
          {"peak_kib", run.peak_kib},
          {"submissions", entries}};
}

}  // namespace assay::graders
