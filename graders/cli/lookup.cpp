#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "fixtures/load.hpp"
#include "graders/cli/commands.hpp"
#include "graders/cli/terminal.hpp"
#include "graders/data.hpp"
#include "graders/report/report.hpp"
#include "graders/sandbox/doctor.hpp"
#include "oracles/listing.hpp"

namespace assay::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

json read_results(fs::path path) {
  if (fs::is_directory(path)) path /= "results.json";
  std::ifstream stream(path, std::ios::binary);
  if (!stream)
    throw InputError("cannot read " + path.string() + "; name results.json or the folder that holds it");
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  try {
    return graders::report::parse_results(text);
  } catch (const graders::report::ReportError& error) {
    throw InputError(path.string() + ": " + error.what());
  }
}

int list_operations(bool as_json) {
  const auto operations = oracles::operation_listing();
  if (as_json) {
    json entries = json::array();
    for (const auto& operation : operations)
      entries.push_back({{"name", operation.name},
                         {"inputs", operation.inputs},
                         {"outputs", operation.outputs},
                         {"attributes", operation.attributes},
                         {"formula", operation.formula},
                         {"domain", operation.domain},
                         {"source", operation.source}});
    fmt::print("{}", graders::report::to_text(entries));
    return done;
  }
  for (const auto& operation : operations) {
    fmt::print("{}({})\n    {}\n", operation.name, operation.inputs, operation.formula);
    if (!operation.attributes.empty()) fmt::print("    attributes: {}\n", operation.attributes);
  }
  return done;
}

int list_assignments(bool as_json) {
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(graders::shipped_assignments()))
    if (fs::exists(entry.path() / "assignment.toml")) folders.push_back(entry.path());
  std::ranges::sort(folders);
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

int explain(const ExplainOptions& options) {
  const json results = read_results(options.results);
  try {
    fmt::print("{}", options.criterion.empty()
                         ? graders::report::student_text(results, options.submission, colour_on_stdout())
                         : graders::report::explain_text(results, options.submission, options.criterion,
                                                         colour_on_stdout()));
  } catch (const graders::report::ReportError& error) {
    throw InputError(error.what());
  }
  return done;
}

int list(const ListOptions& options) {
  return options.what == "ops" ? list_operations(options.json) : list_assignments(options.json);
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
