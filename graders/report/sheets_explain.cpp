/// One answer sheet in a terminal: what was written, what the key is, and why.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "graders/escape.hpp"
#include "graders/report/figures.hpp"
#include "graders/report/sheets_export.hpp"
#include "graders/report/sheets_pages.hpp"

namespace assay::graders::report {
namespace {

constexpr std::size_t page_width = 80, indent = 14;

/// "  key         false", with what follows in the same column.
std::string fact(std::string_view name, const std::string& words) {
  if (words.empty()) return {};
  const std::string lines = wrap(words, page_width, indent);
  return left(fmt::format("  {}", name), indent) +
         lines.substr(std::min(lines.find_first_not_of(' '), indent));
}

std::string written(const Json& item, const Json& mark) {
  const std::string words = shown(mark, "written"), understood = shown(mark, "understood");
  const bool option = text(item, "answer") == "option" && text(mark, "outcome") != "blank";
  if (words.empty()) return !option ? "nothing" : flag(mark, "marked") ? "marked" : "left";
  return understood.empty() || understood == words ? words
                                                   : fmt::format("{}   (read as {})", words, understood);
}

std::string item_text(const Json& item, const Json& mark, bool colour) {
  const OutcomeWords& outcome = outcome_words(text(mark, "outcome"));
  const Json* points = find(mark, "points");
  const std::string head =
      fmt::format("{}: {}; {} of {} points", displayable_line(text(item, "id")), outcome.words,
                  points ? points_text(*points) : "no", points_text(field(mark, "max")));
  const std::string product = shown(item, "product"), how = shown(item, "how");
  std::string key = shown(item, "key"), evidence = shown(item, "evidence");
  if (key.find(product) == std::string::npos) key += "   = " + product;
  const std::string mistake = shown(mark, "mistake_text"), message = shown(mark, "message");
  const bool said = !evidence.empty() && message.find(evidence) != std::string::npos;
  if (said || evidence.empty())
    evidence = how;
  else if (!how.empty())
    evidence += fmt::format(" ({})", how);
  return paint(head, outcome.kind == "good" ? "1;32" : "1", colour) + "\n" +
         wrap(shown(item, "text"), page_width, 2) + fact("written", written(item, mark)) + fact("key", key) +
         fact("found", message == mistake ? "" : message) + fact("mistake", mistake) + fact("why", evidence) +
         fact("comment", shown(mark, "comment"));
}

}  // namespace

std::string sheet_explanation(const Json& document, std::string_view id, std::string_view item, bool colour) {
  const Json& sheet = with_id(document, "submissions", id, "sheet");
  const Json &items = field(document, "items"), &marks = field(sheet, "items");
  if (!item.empty()) (void)with_id(document, "items", item, "item");
  std::string out;
  if (item.empty()) {
    const std::string name = displayable_line(text_or_empty(sheet, "name"));
    out = paint(displayable_line(text(sheet, "id")), "1", colour) + (name.empty() ? "" : "  " + name) + "  " +
          sheet_score(sheet) + "\n";
  }
  for (std::size_t i = 0; i < marks.size() && i < items.size(); ++i) {
    const bool good = outcome_words(text(marks[i], "outcome")).kind == "good";
    const bool counts = number(field(marks[i], "max"), "decimal").value_or(0) != 0;
    if (item.empty() ? counts && !good : text(items[i], "id") == item)
      out += (out.empty() ? "" : "\n") + item_text(items[i], marks[i], colour);
  }
  return out;
}

}  // namespace assay::graders::report
