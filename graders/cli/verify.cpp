/// assay verify: verdicts on claims, beside their published answers.
#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "fixtures/nearest.hpp"
#include "fixtures/written_claims.hpp"
#include "graders/cli/commands.hpp"
#include "graders/cli/terminal.hpp"
#include "graders/report/claims_report.hpp"
#include "graders/report/report.hpp"
#include "properties/claims.hpp"
#include "properties/formula/formula.hpp"
#include "properties/verify_all.hpp"
#include "properties/written_claim.hpp"

namespace assay::cli {
namespace {

namespace fs = std::filesystem;
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

/// The claims of a TOML file, which live as long as `keep`.
std::vector<const Claim*> written(const fs::path& file, std::deque<Claim>& keep) {
  std::vector<const Claim*> claims;
  for (const auto& claim : fixtures::load_claims(file)) try {
      claims.push_back(&keep.emplace_back(properties::to_claim(claim)));
    } catch (const properties::WrittenClaimError& error) {
      throw InputError(fmt::format("{}:{}:{}: {}, in claim \"{}\"\n{}", file.string(), error.place.line,
                                   error.place.column + 1 + error.offset, error.what(), claim.id,
                                   properties::formula::pointed(error.text, error.offset)));
    }
  return claims;
}

/// Those asked for, each once: of files in their order, then those of the catalogue in its order.
std::vector<const Claim*> chosen(const VerifyOptions& options, std::deque<Claim>& keep) {
  std::vector<std::string> patterns;
  std::vector<const Claim*> result;
  for (const std::string& pattern : options.patterns)
    if (pattern.ends_with(".toml")) {
      const auto claims = written(pattern, keep);
      result.insert(result.end(), claims.begin(), claims.end());
    } else {
      patterns.push_back(pattern);
    }
  if (!result.empty() && patterns.empty() && options.exam.empty()) return result;
  if (!options.exam.empty()) patterns.push_back(options.exam + ".*");
  std::vector<const Claim*> wanted;
  for (const std::string& pattern : patterns)
    for (const Claim* claim : matching(pattern)) wanted.push_back(claim);
  for (const Claim& claim : properties::claims())
    if (patterns.empty() || std::ranges::find(wanted, &claim) != wanted.end()) result.push_back(&claim);
  return result;
}

properties::Effort effort_of(const VerifyOptions& options) {
  properties::Effort effort;
  effort.seed = options.seed;
  effort.quick = options.quick;
  effort.cases = options.cases;
  effort.seconds = options.seconds;
  effort.prove = options.prove;
  effort.subject = options.subject == "float64"   ? properties::Numbers::float64
                   : options.subject == "float32" ? properties::Numbers::float32
                                                  : properties::Numbers::exact;
  return effort;
}

/// The command that gives the same verdict.
std::string command_for(const Claim& claim, const VerifyOptions& options) {
  std::string what = claim.id;
  if (!properties::find_claim(claim.id))  // from a file
    for (const std::string& pattern : options.patterns)
      if (pattern.ends_with(".toml")) what = pattern;
  std::string command = fmt::format("{} verify {} --seed {}", program_name(), what, options.seed);
  if (options.cases) command += fmt::format(" --cases {}", *options.cases);
  if (options.quick) command += " --quick";
  if (options.subject != "reals") command += " --subject " + options.subject;
  if (options.prove) command += " --prove";
  return command;
}

void write_page(const fs::path& file, const nlohmann::json& document, const std::string& title) {
  std::ofstream stream(file, std::ios::binary);
  stream << report::claims_html(document, title);
  if (!stream.flush()) throw InputError(file.string() + ": cannot be written");
  if (isatty(STDERR_FILENO)) fmt::print(stderr, "wrote {}\n", file.string());
}

/// One page for each paper.
void write_pages(const nlohmann::json& document, const VerifyOptions& options) {
  std::map<std::string, nlohmann::json> exams;
  for (const auto& claim : document["claims"]) {
    auto& exam = exams[report::exam_of(claim["id"])];
    exam["claims"].push_back(claim);
    auto& count = exam["counts"][claim["verdict"].get<std::string>()];
    count = count.is_null() ? 1 : count.get<int>() + 1;
  }
  std::error_code error;
  fs::create_directories(options.html, error);
  if (error) throw InputError(options.html.string() + ": " + error.message());
  for (const auto& [exam, part] : exams)
    write_page(options.html / (exam + ".html"), part, "Claims of " + exam);
}

bool contradicts(const Finding& finding) {
  return properties::agreement(finding.verdict, finding.claim->published) ==
         properties::Agreement::contradicts;
}

}  // namespace

int verify(const VerifyOptions& options) {
  std::deque<Claim> keep;
  const auto claims = chosen(options, keep);
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
  const nlohmann::json document = report::claims_json(findings);
  if (!options.html.empty()) write_pages(document, options);
  if (options.json)
    fmt::print("{}", report::to_text(document));
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
