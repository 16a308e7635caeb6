#include "graders/report/claims_instance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <string_view>

#include "graders/report/claims_text.hpp"

namespace assay::graders::report {
namespace {

using oracles::Truth;
using properties::Exhibit;
using properties::Finding;
using properties::Verdict;

/// A basic string of TOML, which is one of JSON but for the delete character.
std::string toml_text(const std::string& text) {
  std::string result;
  for (const char letter : nlohmann::json(text).dump())
    letter == '\x7f' ? result += "\\u007f" : result += letter;
  return result;
}

/// "[3/8, 1]" as ["3/8", "1"]: numbers are text, so that they stay what they are.
std::string quoted_numbers(const std::string& text) {
  std::string result;
  bool inside = false;
  for (const char letter : text) {
    const bool in_number = std::string_view("[], ").find(letter) == std::string_view::npos;
    if (in_number != inside) result += '"';
    inside = in_number;
    result += letter;
  }
  return result + (inside ? "\"" : "");
}

std::string pinned_text(const Exhibit& exhibit) {
  std::string text = fmt::format("[[pinned]]\nnote = {}\n", toml_text(exhibit.instance.pinned));
  for (const auto& [name, value] : exhibit.values) {
    const bool labels = std::holds_alternative<oracles::IndexTensor>(exhibit.instance.inputs.at(name));
    text += fmt::format("{} = {}\n", name, labels ? value : quoted_numbers(value));
  }
  for (const auto& [name, count] : exhibit.instance.extents) text += fmt::format("{} = {}\n", name, count);
  return text;
}

std::string file_text(const Finding& finding, const Exhibit& exhibit, const std::string& subject,
                      std::string_view outcome) {
  return fmt::format(
      "# assay verify --replay evaluates this instance again; [[claim.pinned]] in a file of claims keeps "
      "it.\n"
      "claim = {}\nverdict = \"{}\"\nsentence = {}\nsubject = \"{}\"\noutcome = \"{}\"\nseed = \"{}\"\n\n{}",
      toml_text(finding.claim->id), properties::to_text(finding.verdict.standing),
      toml_text(finding.verdict.summary), subject, outcome, finding.verdict.seed, pinned_text(exhibit));
}

/// A file name that stays in its folder, whatever the id is.
std::string file_name(const std::string& id) {
  std::string name = id;
  for (char& letter : name)
    if (!std::isalnum(static_cast<unsigned char>(letter)) && letter != '.' && letter != '-') letter = '_';
  if (name.empty() || name[0] == '.') name.insert(0, "_");
  return name;
}

std::string outcome_words(const properties::Replay& replay, bool floats) {
  if (!replay.in_domain) return "no instance of the claim";
  const auto word = [](Truth answer) {
    return answer == Truth::yes ? "holds" : answer == Truth::no ? "fails" : "cannot be decided";
  };
  if (floats) return word(replay.first);
  if (replay.first == replay.again) return fmt::format("{}, by both evaluations", word(replay.first));
  return fmt::format("{} by the first evaluation, {} by the second", word(replay.first), word(replay.again));
}

}  // namespace

std::vector<std::pair<std::string, std::string>> instance_files(const Finding& finding,
                                                                const std::string& subject) {
  const Verdict& verdict = finding.verdict;
  const std::string name = file_name(finding.claim->id);
  std::vector<std::pair<std::string, std::string>> files;
  if (verdict.exhibit) {
    const bool holds = verdict.standing == properties::Standing::witnessed;
    files.emplace_back(name + ".toml",
                       file_text(finding, *verdict.exhibit, subject, holds ? "holds" : "fails"));
  }
  for (const auto& floats : verdict.floats)
    if (floats.failure)
      files.emplace_back(fmt::format("{}.{}.toml", name, floats.format),
                         file_text(finding, *floats.failure, std::string(floats.format), "fails"));
  return files;
}

bool Replayed::reproduced() const {
  const auto& own = outcomes.front().second;
  const Truth stated = oracles::truth(saved.outcome == "holds");
  return own.in_domain && own.first == stated && own.again == stated;
}

std::string replay_text(const Replayed& replayed, std::size_t width) {
  std::string text = fmt::format("{}\n\n", replayed.file.string());
  text += fact("claim", fmt::format("{}: {}", replayed.claim->id, replayed.claim->question.statement), width);
  text += fact("instance", exhibit_text(replayed.exhibit), width);
  for (const auto& [subject, outcome] : replayed.outcomes)
    text += fact(subject, outcome_words(outcome, subject != "reals"), width);
  text += fact("file",
               fmt::format("says that it {} in {}: {}", replayed.saved.outcome, replayed.saved.subject,
                           replayed.reproduced() ? "reproduced" : "NOT reproduced"),
               width);
  return text;
}

nlohmann::json replay_json(const Replayed& replayed) {
  nlohmann::json result{{"file", replayed.file.string()},      {"id", replayed.claim->id},
                        {"subject", replayed.saved.subject},   {"stated", replayed.saved.outcome},
                        {"reproduced", replayed.reproduced()}, {"instance", exhibit_json(replayed.exhibit)}};
  for (const auto& [subject, outcome] : replayed.outcomes)
    result["outcomes"].push_back({{"subject", subject},
                                  {"in_domain", outcome.in_domain},
                                  {"holds", text_of(outcome.first)},
                                  {"again", text_of(outcome.again)}});
  return result;
}

}  // namespace assay::graders::report
