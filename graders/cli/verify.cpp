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
#include "graders/report/claims_instance.hpp"
#include "graders/report/claims_report.hpp"
#include "graders/report/report.hpp"
#include "properties/claims.hpp"
#include "properties/exhibit.hpp"
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

properties::Numbers numbers_of(const std::string& subject) {
  return subject == "float64"   ? properties::Numbers::float64
         : subject == "float32" ? properties::Numbers::float32
                                : properties::Numbers::exact;
}

properties::Effort effort_of(const VerifyOptions& options) {
  properties::Effort effort;
  effort.seed = options.seed;
  effort.quick = options.quick;
  effort.cases = options.cases;
  effort.seconds = options.seconds;
  effort.prove = options.prove;
  effort.subject = numbers_of(options.subject);
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

void write_file(const fs::path& file, const std::string& text) {
  std::ofstream stream(file, std::ios::binary);
  stream << text;
  if (!stream.flush()) throw InputError(file.string() + ": cannot be written");
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw InputError(folder.string() + ": " + error.message());
}

void write_page(const fs::path& file, const nlohmann::json& document, const std::string& title) {
  write_file(file, report::claims_html(document, title));
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
  make_folder(options.html);
  for (const auto& [exam, part] : exams)
    write_page(options.html / (exam + ".html"), part, "Claims of " + exam);
}

/// A file for each instance; claims whose ids make the same name get numbers.
void save_instances(const std::vector<Finding>& findings, const VerifyOptions& options) {
  make_folder(options.save);
  std::map<std::string, int> taken;
  std::size_t saved = 0;
  for (const Finding& finding : findings)
    for (auto [name, text] : report::instance_files(finding, options.subject)) {
      if (const int before = taken[name]++) name.insert(0, fmt::format("{}-", before + 1));
      write_file(options.save / name, text);
      ++saved;
    }
  if (isatty(STDERR_FILENO)) fmt::print(stderr, "saved {} instances in {}\n", saved, options.save.string());
}

/// The claims that can be replayed: those of the files named, then the catalogue.
const Claim* find_among(const std::deque<Claim>& named, const std::string& id) {
  const auto found = std::ranges::find(named, id, &Claim::id);
  return found == named.end() ? properties::find_claim(id) : &*found;
}

std::vector<std::string> ids_of(const std::deque<Claim>& named) {
  std::vector<std::string> ids;
  for (const Claim& claim : named) ids.push_back(claim.id);
  for (const Claim& claim : properties::claims()) ids.push_back(claim.id);
  return ids;
}

/// What an instance of the claim has; nothing where there is no such claim.
std::optional<fixtures::InstanceSpec> spec_of(const Claim* claim) {
  if (!claim) return std::nullopt;
  const properties::Space* space = properties::space_of(claim->question);
  if (!space) throw InputError(claim->id + " has no instances: it is counted, derived or tried out");
  fixtures::InstanceSpec spec{.inputs = {}, .dimensions = space->whole_numbers};
  for (const auto& variable : space->variables) spec.inputs.emplace(variable.name, variable);
  return spec;
}

report::Replayed replay_one(const fs::path& file, const std::deque<Claim>& named,
                            const std::string& subject) {
  const auto saved = fixtures::load_instance(
      file, [&](const std::string& id) { return spec_of(find_among(named, id)); }, ids_of(named));
  const Claim* claim = find_among(named, saved.claim);
  const auto instance = properties::to_case(saved.instance, *properties::space_of(claim->question));
  report::Replayed result{file, claim, saved, properties::exhibit_of(instance), {}};
  std::vector<std::string> subjects{saved.subject};
  if (subject != "reals" && subject != saved.subject) subjects.push_back(subject);
  for (const std::string& name : subjects) try {
      result.outcomes.emplace_back(name, properties::replay(claim->question, instance, numbers_of(name)));
    } catch (const std::invalid_argument& error) {
      throw InputError(fmt::format("{}: {}", file.string(), error.what()));
    }
  return result;
}

int replay(const VerifyOptions& options) {
  std::deque<Claim> named;
  for (const std::string& pattern : options.patterns)
    if (pattern.ends_with(".toml"))
      written(pattern, named);
    else
      throw InputError("with --replay, name no claims but files that state them: \"" + pattern + "\"");
  nlohmann::json document{{"replayed", nlohmann::json::array()}};
  bool all = true;
  for (const fs::path& file : options.replay) {
    const report::Replayed replayed = replay_one(file, named, options.subject);
    all = all && replayed.reproduced();
    document["replayed"].push_back(report::replay_json(replayed));
    if (options.json) continue;
    fmt::print("{}{}", document["replayed"].size() > 1 ? "\n" : "", report::replay_text(replayed));
  }
  if (options.json) fmt::print("{}", report::to_text(document));
  return all ? done : falls_short;
}

/// What may be assumed of the claim: the conditions that a verdict can name.
nlohmann::json conditions_of(const Claim& claim) {
  nlohmann::json result = nlohmann::json::array();
  for (const auto& [id, text] : properties::conditions_of(claim.question))
    result.push_back({{"id", id}, {"text", text}});
  return result;
}

bool contradicts(const Finding& finding) {
  return properties::agreement(finding.verdict, finding.claim->published) ==
         properties::Agreement::contradicts;
}

}  // namespace

int verify(const VerifyOptions& options) {
  if (!options.replay.empty()) return replay(options);
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
  const nlohmann::json document =
      options.json || !options.html.empty() ? report::claims_json(findings) : nlohmann::json();
  if (!options.html.empty()) write_pages(document, options);
  if (!options.save.empty()) save_instances(findings, options);
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
         {"source", claim.source},
         {"conditions", conditions_of(claim)}});
    if (!as_json) fmt::print("{}\n    {}\n", claim.id, claim.question.statement);
  }
  if (as_json)
    fmt::print("{}", report::to_text(entries));
  else
    fmt::print("\n{} claims; {} verify ID says what is true of one\n", entries.size(), program_name());
  return done;
}

}  // namespace assay::cli
