/// assay verify: verdicts on claims, beside their published answers.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "fixtures/nearest.hpp"
#include "graders/cli/commands.hpp"
#include "graders/cli/terminal.hpp"
#include "graders/report/claims_report.hpp"
#include "graders/report/report.hpp"
#include "properties/claims.hpp"
#include "properties/verify_all.hpp"

namespace assay::cli {
namespace {

namespace report = graders::report;
using properties::Claim;
using properties::Finding;

std::vector<const Claim*> matching(const std::string& pattern) {
  auto found = properties::claims_like(pattern);
  if (found.empty()) found = properties::claims_like(pattern + ".*");  // an exam, or a question with parts
  if (!found.empty()) return found;
  std::vector<std::string> known;
  for (const Claim& claim : properties::claims()) known.push_back(claim.id);
  const std::string near = assay::nearest(pattern, known);
  throw InputError("there is no claim \"" + pattern + "\"" +
                   (near.empty() ? "; see assay list claims" : "; did you mean \"" + near + "\"?"));
}

/// Those asked for, each once, in the order of the catalogue.
std::vector<const Claim*> chosen(const VerifyOptions& options) {
  std::vector<std::string> patterns = options.patterns;
  if (!options.exam.empty()) patterns.push_back(options.exam + ".*");
  std::vector<const Claim*> wanted;
  for (const std::string& pattern : patterns)
    for (const Claim* claim : matching(pattern)) wanted.push_back(claim);
  std::vector<const Claim*> result;
  for (const Claim& claim : properties::claims())
    if (patterns.empty() || std::ranges::find(wanted, &claim) != wanted.end()) result.push_back(&claim);
  return result;
}

properties::Effort effort_of(const VerifyOptions& options) {
  properties::Effort effort;
  effort.seed = options.seed;
  effort.quick = options.quick;
  effort.cases = options.cases;
  return effort;
}

/// The command that gives the same verdict.
std::string command_for(const Claim& claim, const VerifyOptions& options) {
  std::string command = fmt::format("{} verify {} --seed {}", program_name(), claim.id, options.seed);
  if (options.cases) command += fmt::format(" --cases {}", *options.cases);
  if (options.quick) command += " --quick";
  return command;
}

bool contradicts(const Finding& finding) {
  return properties::agreement(finding.verdict, finding.claim->published) ==
         properties::Agreement::contradicts;
}

}  // namespace

int verify(const VerifyOptions& options) {
  const auto claims = chosen(options);
  const bool explains = options.explain || claims.size() == 1;
  std::string exam;
  const auto show = [&](const Finding& finding) {
    if (options.json) return;
    if (explains) {
      fmt::print("{}{}", exam.empty() ? "" : "\n",
                 report::claim_text(finding, command_for(*finding.claim, options)));
    } else {
      if (const std::string next = report::exam_of(finding.claim->id); next != exam)
        fmt::print("{}{}", exam.empty() ? "" : "\n", report::claims_head(next));
      fmt::print("{}", report::claims_row(finding));
    }
    exam = report::exam_of(finding.claim->id);
    std::fflush(stdout);
  };
  const auto findings =
      properties::verify_all(claims, effort_of(options), jobs_or_processors(options.jobs), show);
  if (options.json)
    fmt::print("{}", report::to_text(report::claims_json(findings)));
  else if (claims.size() > 1)
    fmt::print("\n{}", report::claims_summary(findings));
  return std::ranges::any_of(findings, contradicts) ? falls_short : done;
}

int list_claims(bool as_json) {
  nlohmann::json entries = nlohmann::json::array();
  for (const Claim& claim : properties::claims()) {
    entries.push_back(
        {{"id", claim.id},
         {"topic", claim.topic},
         {"quantifier", report::to_text(claim.quantifier)},
         {"statement", claim.question.statement},
         {"published", claim.published.empty() ? nlohmann::json() : nlohmann::json(claim.published)},
         {"source", claim.source}});
    if (!as_json) fmt::print("{}\n    {}\n", claim.id, claim.question.statement);
  }
  if (as_json)
    fmt::print("{}", report::to_text(entries));
  else
    fmt::print("\n{} claims; {} verify ID says what is true of one\n", entries.size(), program_name());
  return done;
}

}  // namespace assay::cli
