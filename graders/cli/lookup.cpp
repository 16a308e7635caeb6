#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "fixtures/load.hpp"
#include "fixtures/nearest.hpp"
#include "graders/cli/commands.hpp"
#include "graders/cli/oracle_json.hpp"
#include "graders/cli/report_folder.hpp"
#include "graders/cli/terminal.hpp"
#include "graders/data.hpp"
#include "graders/escape.hpp"
#include "graders/file_bytes.hpp"
#include "graders/report/report.hpp"
#include "graders/report/sheets_pages.hpp"
#include "graders/sandbox/doctor.hpp"
#include "oracles/listing.hpp"

namespace assay::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

json read_results(fs::path path) {
  if (fs::is_directory(path)) path /= "results.json";
  const auto text = graders::file_bytes(path);
  if (!text)
    throw InputError("cannot read " + path.string() + "; name results.json or the folder that holds it");
  try {
    return graders::report::parse_results(*text);
  } catch (const graders::report::ReportError& error) {
    throw InputError(path.string() + ": " + error.what());
  }
}

json to_json(const oracles::OperationListing& operation) {
  json inputs = json::array(), outputs = json::array(), attributes = json::array();
  for (const auto& input : operation.inputs) {
    json entry{{"name", input.name},
               {"shape", input.shape},
               {"kind", input.index ? "integer" : "real"},
               {"optional", input.optional},
               {"differentiable", input.differentiable}};
    if (!input.index) entry["range"] = {input.low, input.high};
    if (!input.values.empty()) entry["values"] = input.values;
    inputs.push_back(entry);
  }
  for (const auto& output : operation.outputs)
    outputs.push_back({{"name", output.name}, {"shape", output.shape}});
  for (const auto& attribute : operation.attributes) {
    json entry{{"name", attribute.name},
               {"kind", attribute.kind},
               {"default", attribute.fallback},
               {"meaning", attribute.meaning}};
    if (!attribute.choices.empty()) entry["choices"] = attribute.choices;
    attributes.push_back(entry);
  }
  return {{"name", operation.name},
          {"family", operation.family},
          {"formula", operation.formula},
          {"domain", operation.domain},
          {"source", operation.source},
          {"inputs", inputs},
          {"outputs", outputs},
          {"attributes", attributes},
          {"numbers", operation.numbers},
          {"gradient", operation.gradient},
          {"example", json::parse(cli::to_json(oracles::example_question(operation.name)).dump())}};
}

std::string call_text(const oracles::OperationListing& operation) {
  std::string inputs;
  for (const auto& input : operation.inputs)
    inputs += (inputs.empty() ? "" : ", ") + input.name + (input.optional ? "?" : "") + " " + input.shape;
  return operation.name + "(" + inputs + ")";
}

int list_operations(bool as_json) {
  const auto operations = oracles::operation_listing();
  if (as_json) {
    json entries = json::array();
    for (const auto& operation : operations) entries.push_back(to_json(operation));
    fmt::print("{}", graders::report::to_text(entries));
    return done;
  }
  std::vector<std::string> families;
  for (const auto& operation : operations)
    if (std::ranges::find(families, operation.family) == families.end()) families.push_back(operation.family);
  for (const std::string& family : families) {
    fmt::print("{}\n", family);
    for (const auto& operation : operations) {
      if (operation.family != family) continue;
      std::string attributes;
      for (const auto& attribute : operation.attributes)
        attributes += (attributes.empty() ? "" : ", ") + attribute.name;
      fmt::print("  {}\n", call_text(operation));
      if (!attributes.empty()) fmt::print("      attributes: {}\n", attributes);
    }
    fmt::print("\n");
  }
  fmt::print("{} operations; {} oracle NAME says what one is, --json everything\n", operations.size(),
             program_name());
  return done;
}

int list_misconceptions(bool as_json) {
  const auto misconceptions = oracles::misconception_listing();
  json entries = json::array();
  for (const auto& wrong : misconceptions) {
    entries.push_back({{"id", wrong.id},
                       {"operation", wrong.operation},
                       {"mistake", wrong.mistake},
                       {"result", wrong.result},
                       {"gradient", wrong.gradient}});
    if (!as_json) fmt::print("{}\n    the submission {}\n", wrong.id, wrong.mistake);
  }
  if (as_json) fmt::print("{}", graders::report::to_text(entries));
  return done;
}

std::vector<fs::path> assignment_folders() {
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(graders::shipped_assignments()))
    if (fs::exists(entry.path() / "assignment.toml")) folders.push_back(entry.path());
  std::ranges::sort(folders);
  return folders;
}

int list_assignments(bool as_json) {
  const std::vector<fs::path> folders = assignment_folders();
  json entries = json::array();
  for (const auto& folder : folders) {
    const auto assignment = fixtures::load_assignment(folder);
    entries.push_back({{"id", assignment.id},
                       {"title", assignment.title},
                       {"folder", folder.string()},
                       {"criteria", assignment.criteria.size()}});
    if (!as_json)
      fmt::print("{:<24} {}\n{:<24} {}\n", assignment.id, assignment.title, "",
                 fs::proximate(folder).string());
  }
  if (as_json) fmt::print("{}", graders::report::to_text(entries));
  return done;
}

}  // namespace

fs::path find_shipped(const fs::path& named, const std::vector<fs::path>& shipped, std::string_view noun) {
  std::error_code error;
  if (fs::exists(named, error)) return named;
  std::vector<std::string> ids;
  for (const fs::path& folder : shipped) {
    ids.push_back(folder.filename().string());
    if (folder.filename() == named) return folder;
  }
  const std::string near = assay::nearest(named.string(), ids);
  throw InputError(fmt::format("there is no file, folder or shipped {} \"{}\"{}", noun,
                               graders::displayable_line(named.string(), 200),
                               near.empty() ? fmt::format("; see assay list {}s", noun)
                                            : fmt::format("; did you mean \"{}\"?", near)));
}

fs::path find_assignment(const fs::path& named) {
  return find_shipped(named, assignment_folders(), "assignment");
}

namespace {

/// Everything, or what one student is given.
json seen_by(json results, const ExplainOptions& options) {
  if (options.audience.empty() || options.audience == "staff") return results;
  const std::string when = options.audience == "student" ? "before" : options.audience;
  return graders::report::for_student(graders::report::for_audience(std::move(results), when),
                                      options.submission);
}

std::string explanation(const json& results, const ExplainOptions& options) {
  using namespace graders::report;
  const bool colour = colour_on_stdout() && options.html.empty();
  if (results.value("kind", "") == "exam") {
    if (!options.audience.empty() || !options.html.empty())
      throw InputError("--as and --html are for graded programs; assay mark writes a page for each student");
    return sheet_explanation(results, options.submission, options.criterion, colour);
  }
  if (!options.html.empty() && !options.criterion.empty())
    throw InputError("--html writes the whole page of a submission; leave the criterion out");
  const json seen = seen_by(results, options);
  if (!options.html.empty()) return student_html(seen, options.submission);
  if (options.criterion.empty()) return student_text(seen, options.submission, colour);
  return explain_text(seen, options.submission, options.criterion, colour);
}

}  // namespace

int explain(const ExplainOptions& options) {
  const json results = read_results(options.results);
  try {
    const std::string words = explanation(results, options);
    if (options.html.empty())
      fmt::print("{}", words);
    else
      write_file(options.html, words);
  } catch (const graders::report::ReportError& error) {
    throw InputError(error.what());
  }
  return done;
}

int list(const ListOptions& options) {
  if (options.what == "ops") return list_operations(options.json);
  if (options.what == "misconceptions") return list_misconceptions(options.json);
  if (options.what == "claims") return list_claims(options.json);
  if (options.what == "exams") return list_exams(options.json);
  return list_assignments(options.json);
}

int doctor(const DoctorOptions& options) {
  SandboxChoice choice = options.sandbox;
  choice.minimum = "S0";
  choice.unsafe = true;
  const graders::Sandbox sandbox = make_sandbox(choice);
  if (options.json)
    fmt::print("{}", graders::report::to_text(graders::to_json(sandbox.report())));
  else
    fmt::print("{}", graders::doctor_text(sandbox.report()));
  const auto wanted =
      graders::tier_from_string(options.sandbox.minimum).value_or(graders::Tier::s3_namespaces);
  return sandbox.report().tier >= wanted ? done : falls_short;
}

}  // namespace assay::cli
