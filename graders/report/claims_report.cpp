#include "graders/report/claims_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "graders/report/claims_text.hpp"

namespace assay::graders::report {
namespace {

using nlohmann::json;
using properties::Agreement;
using properties::Finding;
using properties::Quantifier;
using properties::Verdict;

constexpr std::size_t id_width = 20, verdict_width = 13, key_width = 5, agrees_width = 6;

Agreement agreement_of(const Finding& finding) {
  return properties::agreement(finding.verdict, finding.claim->published);
}

std::string cut(const std::string& text, std::size_t width) {
  return text.size() <= width ? text : text.substr(0, width > 3 ? width - 3 : 0) + "...";
}

/// "proved"; an estimate says which way it came out.
std::string verdict_words(const Verdict& verdict) {
  std::string words(properties::to_text(verdict.standing));
  if (verdict.standing == properties::Standing::estimated)
    words += verdict.answer == oracles::Truth::yes ? " yes" : " no";
  return words;
}

json picture_json(const properties::Picture& picture) {
  json result{{"title", picture.title}, {"x", picture.x}, {"y", picture.y}, {"series", json::array()}};
  for (const auto& series : picture.series)
    result["series"].push_back({{"name", series.name}, {"points", series.points}});
  return result;
}

json claim_json(const Finding& finding) {
  const auto& claim = *finding.claim;
  const Verdict& verdict = finding.verdict;
  json result{{"id", claim.id},
              {"topic", claim.topic},
              {"quantifier", to_text(claim.quantifier)},
              {"statement", claim.question.statement},
              {"verdict", properties::to_text(verdict.standing)},
              {"answer", text_of(verdict.answer)},
              {"agrees", to_text(agreement_of(finding))},
              {"summary", verdict.summary},
              {"evidence", verdict.evidence},
              {"cases", verdict.cases},
              {"set_aside", verdict.set_aside},
              {"seed", verdict.seed},
              {"source", claim.source}};
  result["published"] = claim.published.empty() ? json() : json(claim.published);
  if (!verdict.domain.empty()) result["domain"] = verdict.domain;
  for (const auto& [condition, text] : verdict.conditions) {
    result["conditions"].push_back(text);
    result["condition_ids"].push_back(condition);
  }
  if (!verdict.conditions.empty()) result["conditions_needed"] = verdict.jointly ? "all" : "any";
  if (verdict.exhibit) result["instance"] = exhibit_json(*verdict.exhibit);
  for (const auto& floats : verdict.floats) {
    json entry{{"format", floats.format}, {"holds", text_of(floats.holds)}, {"cases", floats.cases}};
    if (floats.failure) entry["failure"] = exhibit_json(*floats.failure);
    result["floats"].push_back(entry);
  }
  if (claim.picture) result["picture"] = picture_json(claim.picture());
  return result;
}

}  // namespace

std::string exam_of(const std::string& id) {
  return id.substr(0, id.find('.'));
}

std::string_view to_text(Agreement agreement) {
  switch (agreement) {
    case Agreement::agrees:
      return "yes";
    case Agreement::conditionally:
      return "partly";
    case Agreement::contradicts:
      return "NO";
    case Agreement::open:
      return "open";
    case Agreement::no_key:
      return "";
  }
  throw std::logic_error("no such agreement");
}

std::string_view to_text(Quantifier quantifier) {
  switch (quantifier) {
    case Quantifier::universal:
      return "universal";
    case Quantifier::existential:
      return "existential";
    case Quantifier::statistical:
      return "statistical";
    case Quantifier::structural:
      return "structural";
    case Quantifier::definitional:
      return "definitional";
  }
  throw std::logic_error("no such quantifier");
}

std::string claims_head(const std::string& exam, std::size_t width) {
  const std::string head =
      fmt::format("{:<{}} {:<{}} {:<{}} {:<{}} {}", cut(exam, id_width), id_width, "verdict", verdict_width,
                  "key", key_width, "agrees", agrees_width, "evidence");
  return head + "\n" + std::string(width, '-') + "\n";
}

std::string claims_row(const Finding& finding, std::size_t width) {
  const std::string& id = finding.claim->id;
  const std::string exam = exam_of(id);
  const std::string within = id.size() > exam.size() ? id.substr(exam.size() + 1) : id;
  const std::size_t before = id_width + verdict_width + key_width + agrees_width + 4;
  const std::string line = fmt::format(
      "{:<{}} {:<{}} {:<{}} {:<{}} ", cut(within, id_width), id_width, verdict_words(finding.verdict),
      verdict_width, finding.claim->published, key_width, to_text(agreement_of(finding)), agrees_width);
  const std::size_t room = std::max<std::size_t>(width, before + 10) - before;
  const std::string evidence = wrapped(cut(finding.verdict.evidence, 2 * room - 10), before + room, before);
  const std::string row = line + evidence;
  return row.substr(0, row.find_last_not_of(' ') + 1) + "\n";
}

std::string claims_summary(std::span<const Finding> findings, std::size_t width) {
  std::map<std::string, std::size_t> standings;
  std::string contradicting, partly;
  for (const Finding& finding : findings) {
    ++standings[std::string(properties::to_text(finding.verdict.standing))];
    const Agreement agreement = agreement_of(finding);
    auto& list = agreement == Agreement::contradicts ? contradicting : partly;
    if (agreement == Agreement::contradicts || agreement == Agreement::conditionally)
      list += (list.empty() ? "" : ", ") + finding.claim->id;
  }
  std::string counts;
  for (const auto& [standing, count] : standings)
    counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", count, standing);
  std::string text =
      wrapped(fmt::format("{} claim{}: {}", findings.size(), findings.size() == 1 ? "" : "s", counts), width,
              0) +
      "\n";
  if (!contradicting.empty()) text += wrapped("Against the published key: " + contradicting, width, 2) + "\n";
  if (!partly.empty())
    text += wrapped("True under conditions the key does not state: " + partly, width, 2) + "\n";
  return text;
}

std::string claim_text(const Finding& finding, const std::string& command, std::size_t width) {
  const auto& claim = *finding.claim;
  const Verdict& verdict = finding.verdict;
  std::string text = fmt::format("{} ({}, {})\n\n", claim.id, to_text(claim.quantifier), claim.topic);
  text += fact("claim", claim.question.statement, width);
  text += fact("verdict", verdict_words(verdict), width);
  text += fact("", verdict.summary, width);
  text += fact("evidence", verdict.evidence, width);
  if (verdict.exhibit) text += fact("instance", exhibit_text(*verdict.exhibit), width);
  const bool is_trial = std::holds_alternative<properties::Trial>(claim.question.test);
  text += fact(is_trial ? "design" : "domain", verdict.domain, width);
  for (const auto& [condition, words] : verdict.conditions)
    text += fact(verdict.jointly ? "needs" : "true where", words + " (" + condition + ")", width);
  for (const auto& floats : verdict.floats)
    text += fact(std::string(floats.format),
                 floats.failure ? "fails: " + exhibit_text(*floats.failure)
                                : fmt::format("{} instances, none fails", floats.cases),
                 width);
  if (verdict.cases)
    text += fact("tried", fmt::format("{} instances, {} set aside", verdict.cases, verdict.set_aside), width);
  if (!claim.published.empty())
    text +=
        fact("key", fmt::format("{}; agrees: {}", claim.published, to_text(agreement_of(finding))), width);
  text += fact("source", claim.source, width);
  return text + fact("again", command, width);
}

json claims_json(std::span<const Finding> findings) {
  json list = json::array(), counts = json::object();
  std::size_t contradicting = 0;
  for (const Finding& finding : findings) {
    list.push_back(claim_json(finding));
    auto& count = counts[std::string(properties::to_text(finding.verdict.standing))];
    count = count.is_null() ? 1 : count.get<int>() + 1;
    contradicting += agreement_of(finding) == Agreement::contradicts;
  }
  return {{"claims", list}, {"counts", counts}, {"contradicting", contradicting}};
}

}  // namespace assay::graders::report
