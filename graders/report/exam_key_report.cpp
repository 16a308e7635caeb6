#include "graders/report/exam_key_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "graders/escape.hpp"
#include "graders/report/figures.hpp"

namespace assay::graders::report {
namespace {

using exams::DerivedKey;
using exams::KeyAgreement;
using fixtures::Exam;
using fixtures::Item;
using nlohmann::json;

constexpr std::size_t item_width = 22, published_width = 14, agrees_width = 6;
constexpr std::size_t detail_indent = 4;
constexpr std::size_t longest_detail = 400;

bool is_rubric(const Item& item) {
  return std::holds_alternative<fixtures::RubricKey>(item.key);
}
bool has_key(const Item& item) {
  return !std::holds_alternative<std::monostate>(item.key);
}
bool is_undecided(const DerivedKey& key) {
  const auto* truth = std::get_if<exams::TruthKey>(&key.value);
  return truth && truth->holds == oracles::Truth::unknown;
}

/// What stands in the column of the derived key.
std::string key_words(const Item& item, const DerivedKey& key) {
  if (!key.problem.empty()) return "none";
  if (!has_key(item)) return item.lost.empty() ? item.voided.empty() ? "none" : "voided" : "lost";
  return key.text + (item.lost.empty() ? "" : " (lost)");
}

std::string_view agrees_words(KeyAgreement agreement) {
  switch (agreement) {
    case KeyAgreement::agrees:
      return "yes";
    case KeyAgreement::disagrees:
      return "NO";
    case KeyAgreement::acknowledged:
      return "noted";
    case KeyAgreement::open:
      return "open";
    case KeyAgreement::no_published:
    case KeyAgreement::not_derived:
      return "";
  }
  return "";
}

/// Lines below a row: why the keys differ, what is open, which problem there is.
std::string details(const Item& item, const DerivedKey& key, std::size_t width) {
  std::string text;
  const auto add = [&](std::string_view name, const std::string& what) {
    if (!what.empty())
      text += wrap(displayable(fmt::format("{}{}", name, what), longest_detail), width, detail_indent);
  };
  const bool differs =
      key.agreement == KeyAgreement::disagrees || key.agreement == KeyAgreement::acknowledged;
  if (differs) {
    add("", key.how);
    add("because: ", key.why_not);
    add("acknowledged: ", item.acknowledged);
  } else if (key.agreement == KeyAgreement::open || is_undecided(key)) {
    add("", key.how);
    add("open: ", key.evidence);
  }
  add("another reading: ", item.ambiguous);
  if (!key.problem.empty()) add("problem: ", key.problem.substr(0, key.problem.find('\n')));
  return text;
}

std::string row(const Item& item, const DerivedKey& key, std::size_t width) {
  const std::size_t key_width = width - item_width - published_width - agrees_width - 3;
  const auto cell = [](const std::string& text, std::size_t columns) {
    return left(displayable_line(text), columns);
  };
  std::string line = cell(item.id, item_width) + " " + cell(key_words(item, key), key_width) + " " +
                     cell(key.published, published_width) + " " + std::string(agrees_words(key.agreement));
  return line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

json item_json(const Item& item, const DerivedKey& key) {
  json result{{"id", item.id},   {"kind", item.kind}, {"answer", fixtures::to_text(item.answer)},
              {"key", key.text}, {"how", key.how},    {"agreement", exams::to_text(key.agreement)}};
  const auto add = [&](const char* name, const std::string& text) {
    if (!text.empty()) result[name] = displayable(text, 2000);
  };
  add("product", key.product);
  add("evidence", key.evidence);
  add("published", key.published);
  add("why_not", key.why_not);
  add("acknowledged", item.acknowledged);
  add("ambiguous", item.ambiguous);
  add("lost", item.lost);
  add("voided", item.voided);
  add("problem", key.problem);
  return result;
}

}  // namespace

ExamKeyCounts count_keys(const Exam& exam, const exams::DerivedKeys& keys,
                         const std::vector<exams::PackProblem>& problems) {
  ExamKeyCounts counts;
  counts.items = exam.items.size();
  for (const Item& item : exam.items) {
    const DerivedKey* const key = keys.find(item.id);
    if (!item.lost.empty())
      ++counts.lost;
    else if (is_rubric(item))
      ++counts.rubric_only;
    else if (has_key(item) && key && key->problem.empty())
      ++counts.bound;
    if (!key) continue;
    counts.undecided += is_undecided(*key);
    counts.disagreeing += key->agreement == KeyAgreement::disagrees;
    counts.acknowledged += key->agreement == KeyAgreement::acknowledged;
    counts.compared += key->agreement == KeyAgreement::agrees || key->agreement == KeyAgreement::disagrees ||
                       key->agreement == KeyAgreement::acknowledged;
  }
  counts.problems =
      static_cast<std::size_t>(std::ranges::count(problems, false, &exams::PackProblem::acknowledged));
  return counts;
}

std::string exam_key_table(const Exam& exam, const exams::DerivedKeys& keys, std::size_t width) {
  const std::size_t key_width = width - item_width - published_width - agrees_width - 3;
  std::string text = left("item", item_width) + " " + left("derived key", key_width) + " " +
                     left("published", published_width) + " agrees\n" + std::string(width, '-') + "\n";
  for (const Item& item : exam.items)
    if (const DerivedKey* const key = keys.find(item.id))
      text += row(item, *key, width) + details(item, *key, width);
  return text;
}

std::string pack_problem_text(const Exam& exam, const std::vector<exams::PackProblem>& problems) {
  std::string text;
  for (const exams::PackProblem& problem : problems)
    text += fmt::format("{}:{}:{}: {}{}\n", displayable_line(exam.file.string()), problem.place.line,
                        problem.place.column, problem.acknowledged ? "noted: " : "",
                        displayable(problem.message));
  return text;
}

std::string exam_key_summary(const Exam& exam, const ExamKeyCounts& counts, std::size_t width) {
  std::string text = fmt::format("{}: {} items: {} bound, {} by a person, {} lost", exam.id, counts.items,
                                 counts.bound, counts.rubric_only, counts.lost);
  if (counts.undecided > 0) text += fmt::format("; {} undecided", counts.undecided);
  text += counts.compared == 0
              ? "; the paper publishes no key"
              : fmt::format("; {} compared, {} disagree{}{}", counts.compared, counts.disagreeing,
                            counts.disagreeing == 1 ? "s" : "",
                            counts.acknowledged ? fmt::format(", {} acknowledged", counts.acknowledged) : "");
  if (counts.problems > 0)
    text += fmt::format("; {} problem{}", counts.problems, counts.problems == 1 ? "" : "s");
  return wrap(text, width);
}

json exam_key_json(const Exam& exam, const exams::DerivedKeys& keys,
                   const std::vector<exams::PackProblem>& problems) {
  const ExamKeyCounts counts = count_keys(exam, keys, problems);
  json result{
      {"exam", exam.id}, {"title", exam.title}, {"items", json::array()}, {"problems", json::array()}};
  for (const Item& item : exam.items)
    if (const DerivedKey* const key = keys.find(item.id)) result["items"].push_back(item_json(item, *key));
  for (const exams::PackProblem& problem : problems)
    result["problems"].push_back({{"line", problem.place.line},
                                  {"column", problem.place.column},
                                  {"message", displayable(problem.message)},
                                  {"acknowledged", problem.acknowledged}});
  result["counts"] = {{"items", counts.items},
                      {"bound", counts.bound},
                      {"rubric_only", counts.rubric_only},
                      {"lost", counts.lost},
                      {"undecided", counts.undecided},
                      {"compared", counts.compared},
                      {"disagreeing", counts.disagreeing},
                      {"acknowledged", counts.acknowledged},
                      {"problems", counts.problems}};
  return result;
}

}  // namespace assay::graders::report
