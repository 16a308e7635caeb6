#include "graders/exams/answer.hpp"

#include <algorithm>
#include <array>

#include "graders/escape.hpp"
#include "graders/exams/answer_reading.hpp"

namespace assay::graders::exams {
namespace reading {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n\v\f";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == text.npos) return text.substr(text.size());
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_blank(std::string_view text) {
  constexpr auto blanks =
      std::to_array<std::string_view>({"", "-", "--", "---", "—", "–", "?", "??", "???", "_", "/", ".", "...",
                                       "…", "blank", "(blank)", "empty", "\u00a0"});
  return std::ranges::find(blanks, lower(trimmed(text))) != blanks.end();
}

bool is_not_applicable(std::string_view text) {
  const std::string word = lower(trimmed(text));
  return word == "n/a" || word == "na" || word == "n.a.";
}

Unreadable unreadable(std::string_view text, std::size_t offset, std::string_view expected) {
  const std::string_view found = trimmed(text);
  return {offset, found.empty()
                      ? "found nothing, expected " + std::string(expected)
                      : "found \"" + displayable_line(found, 48) + "\", expected " + std::string(expected)};
}

}  // namespace reading

namespace {

using fixtures::AnswerKind;

std::vector<std::string> choices_of(const fixtures::Item& item) {
  std::vector<std::string> words;
  if (const auto* key = std::get_if<fixtures::WordKey>(&item.key))
    for (const auto& [word, statement] : key->choices) words.push_back(word);
  return words;
}

Answer read_written(const fixtures::Item& item, std::string_view text) {
  switch (item.answer) {
    case AnswerKind::true_false:
    case AnswerKind::option:
      return reading::read_truth(text, item.answer == AnswerKind::option);
    case AnswerKind::number:
      return reading::read_number(item, text);
    case AnswerKind::shape:
      return reading::read_shape(text);
    case AnswerKind::names:
      return reading::read_names(text);
    case AnswerKind::word:
      return reading::read_word(choices_of(item), text);
    default:
      return TextAnswer{std::string(text)};
  }
}

/// Places are counted in the whole text, whatever blanks stand before the answer.
void shift(Answer& answer, std::size_t skipped) {
  if (auto* error = std::get_if<Unreadable>(&answer)) error->offset += skipped;
}

}  // namespace

Answer read_answer(const fixtures::Item& item, std::string_view text) {
  const std::string_view written = reading::trimmed(text);
  if (reading::is_blank(written)) return Blank{};
  if (reading::is_not_applicable(written)) {
    if (item.answer == AnswerKind::number || item.answer == AnswerKind::shape)
      return Ambiguous{"\"" + std::string(written) + "\" may mean 0, or no answer"};
    if (item.answer != AnswerKind::names) return Blank{};
  }
  Answer answer = read_written(item, written);
  shift(answer, static_cast<std::size_t>(written.data() - text.data()));
  return answer;
}

}  // namespace assay::graders::exams
