#include "graders/report/mistakes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "graders/escape.hpp"
#include "graders/report/figures.hpp"

namespace assay::graders::report {
namespace {

std::vector<JsonRef> diagnoses_of(const Json& criterion) {
  std::vector<JsonRef> out;
  if (const Json* diagnoses = find(criterion, "diagnoses"))
    for (const Json& diagnosis : *diagnoses) out.emplace_back(diagnosis);
  return out;
}

std::string sentence_of(const Json& explanation) {
  return displayable_line(text(explanation, "sentence"), 400);
}

std::string names_of(const Json& diagnosis) {
  std::vector<std::string> names;
  for (const Json& name : field(diagnosis, "results"))
    names.push_back(displayable_line(name.get<std::string>(), 60));
  return fmt::format("{}", fmt::join(names, ", "));
}

LooksLike words_for(const Json& diagnosis) {
  LooksLike words;
  words.what = fmt::format("{}: the program {}", names_of(diagnosis), sentence_of(diagnosis));
  const auto cases = count(diagnosis, "looked_at"), fitting = count(diagnosis, "consistent_cases"),
             telling = count(diagnosis, "telling_cases");
  words.evidence =
      fitting == cases
          ? fmt::format("It fits all {} cases looked at, and shows on {} of them.", cases, telling)
          : fmt::format(
                "It fits {} of {} cases looked at (the others cannot be told), and shows on {} of them.",
                fitting, cases, telling);
  if (const Json* others = find(diagnosis, "alternatives"))
    for (const Json& other : *others)
      words.as_well += (words.as_well.empty() ? "" : "; ") + sentence_of(other);
  return words;
}

}  // namespace

std::vector<LooksLike> looks_like(const Json& criterion) {
  std::vector<LooksLike> all;
  for (const Json& diagnosis : diagnoses_of(criterion)) all.push_back(words_for(diagnosis));
  return all;
}

std::vector<Mistake> mistakes_of_class(const Json& results) {
  std::map<std::string, Mistake> by_id;
  for (const Json& submission : sorted_by_id(results, "submissions"))
    for (const Json& criterion : field(submission, "criteria"))
      for (const Json& diagnosis : diagnoses_of(criterion)) {
        const auto id = displayable_line(text(diagnosis, "id"));
        Mistake& mistake = by_id.try_emplace(id, Mistake{id, sentence_of(diagnosis), {}}).first->second;
        const bool counted = !mistake.submissions.empty() && &mistake.submissions.back().get() == &submission;
        if (!counted) mistake.submissions.emplace_back(submission);
      }
  std::vector<Mistake> all;
  for (auto& [id, mistake] : by_id) all.push_back(std::move(mistake));
  std::ranges::stable_sort(
      all, [](const Mistake& a, const Mistake& b) { return a.submissions.size() > b.submissions.size(); });
  return all;
}

namespace {

std::string price_sentence(const Json& price) {
  std::vector<std::string> ids;
  std::vector<JsonRef> lost, charged;
  for (const Json& criterion : field(price, "criteria")) {
    ids.push_back(displayable_line(text(criterion, "id"), 60));
    lost.emplace_back(field(criterion, "lost"));
    charged.emplace_back(field(criterion, "charged"));
  }
  const auto points = points_text(sum_points(charged));
  return fmt::format("Charged once for {}: the program {}. It costs {} {} instead of {}.",
                     fmt::join(ids, ", "), sentence_of(price), points, points == "1" ? "point" : "points",
                     points_text(sum_points(lost)));
}

}  // namespace

std::vector<std::string> price_sentences(const Json& submission) {
  std::vector<std::string> sentences;
  if (const Json* prices = find(submission, "prices"))
    for (const Json& price : *prices) sentences.push_back(price_sentence(price));
  return sentences;
}

std::vector<std::string> unpriced_sentences(const Json& submission) {
  std::vector<std::string> sentences;
  if (const Json* all = find(submission, "unpriced"))
    for (const Json& one : *all)
      sentences.push_back(fmt::format(
          "The price of {} does not count for {}: {}.", displayable_line(text(one, "id"), 120),
          displayable_line(text(one, "criterion"), 60), displayable_line(text(one, "reason"), 300)));
  return sentences;
}

std::string price_of(const Json& submission, const std::string& criterion) {
  const Json* prices = find(submission, "prices");
  if (!prices) return {};
  for (const Json& price : *prices)
    for (const Json& share : field(price, "criteria"))
      if (text(share, "id") == criterion) return price_sentence(price);
  return {};
}

}  // namespace assay::graders::report
