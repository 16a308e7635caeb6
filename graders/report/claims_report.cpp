#include "graders/report/claims_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "graders/report/figures.hpp"
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

/// Lines of at most `width` columns, all but the first indented.
std::string wrapped(const std::string& text, std::size_t width, std::size_t indent) {
  const std::string lines = wrap(text, width, indent);
  return lines.size() > indent ? lines.substr(indent, lines.size() - indent - 1) : "";
}

std::string field(const std::string& name, const std::string& text, std::size_t width) {
  constexpr std::size_t indent = 14;
  return text.empty() ? "" : fmt::format("  {:<12}{}\n", name, wrapped(text, width, indent));
}

std::string_view text_of(oracles::Truth answer) {
  return answer == oracles::Truth::yes ? "true" : answer == oracles::Truth::no ? "false" : "open";
}

/// "proved"; an estimate says which way it came out.
std::string verdict_words(const Verdict& verdict) {
  std::string words(properties::to_text(verdict.standing));
  if (verdict.standing == properties::Standing::estimated)
    words += verdict.answer == oracles::Truth::yes ? " yes" : " no";
  return words;
}

json exhibit_json(const properties::Exhibit& exhibit) {
  json values = json::object(), extents = json::object();
  for (const auto& [name, value] : exhibit.values) values[name] = value;
  for (const auto& [name, extent] : exhibit.instance.extents) extents[name] = extent;
  json result{{"values", values}};
  if (!extents.empty()) result["whole_numbers"] = extents;
  if (!exhibit.instance.pinned.empty()) result["note"] = exhibit.instance.pinned;
  return result;
}

std::string exhibit_text(const properties::Exhibit& exhibit) {
  std::string text = exhibit.instance.pinned;
  for (const auto& [name, value] : exhibit.values) text += (text.empty() ? "" : "; ") + name + " = " + value;
  for (const auto& [name, extent] : exhibit.instance.extents)
    text += fmt::format("{}{} = {}", text.empty() ? "" : "; ", name, extent);
  return text;
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
  if (!verdict.conditions.empty()) result["conditions"] = verdict.conditions;
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
  text += field("claim", claim.question.statement, width);
  text += field("verdict", verdict_words(verdict), width);
  text += field("", verdict.summary, width);
  text += field("evidence", verdict.evidence, width);
  if (verdict.exhibit) text += field("instance", exhibit_text(*verdict.exhibit), width);
  const bool is_trial = std::holds_alternative<properties::Trial>(claim.question.test);
  text += field(is_trial ? "design" : "domain", verdict.domain, width);
  for (const std::string& condition : verdict.conditions)
    text += field(verdict.jointly ? "needs" : "true where", condition, width);
  for (const auto& floats : verdict.floats)
    text += field(std::string(floats.format),
                  floats.failure ? "fails: " + exhibit_text(*floats.failure)
                                 : fmt::format("{} instances, none fails", floats.cases),
                  width);
  if (verdict.cases)
    text +=
        field("tried", fmt::format("{} instances, {} set aside", verdict.cases, verdict.set_aside), width);
  if (!claim.published.empty())
    text +=
        field("key", fmt::format("{}; agrees: {}", claim.published, to_text(agreement_of(finding))), width);
  text += field("source", claim.source, width);
  return text + field("again", command, width);
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
