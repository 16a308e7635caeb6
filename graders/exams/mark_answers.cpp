#include "graders/exams/mark_answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "graders/escape.hpp"

namespace assay::graders::exams {
namespace {

using fixtures::AnswerKind;
using fixtures::Exam;
using fixtures::Item;
using fixtures::Sheet;

constexpr std::string_view blanks = " \t\r\n\f\v";

bool is_empty(std::string_view text) {
  return text.find_first_not_of(blanks) == std::string_view::npos;
}

std::string_view cell(const Sheet& sheet, const std::string& id) {
  const auto found = sheet.answers.find(id);
  return found == sheet.answers.end() ? std::string_view{} : std::string_view(found->second.text);
}

std::vector<Written> all_of(const Unit& unit, std::string_view text, const Answer& answer) {
  return std::vector<Written>(unit.members.size(), Written{std::string(text), answer, false});
}

/// Items whose cells of their own hold something.
std::size_t own_cells(const Exam& exam, const Unit& unit, const Sheet& sheet) {
  return static_cast<std::size_t>(std::ranges::count_if(unit.members, [&](const Unit::Member& member) {
    return !is_empty(cell(sheet, exam.items[member.item].id));
  }));
}

std::vector<Written> from_items(const Exam& exam, const Unit& unit, const Sheet& sheet) {
  std::vector<Written> written;
  for (const Unit::Member& member : unit.members) {
    const Item& item = exam.items[member.item];
    const std::string_view text = cell(sheet, item.id);
    Written one{std::string(text), read_answer(item, text), false};
    if (const auto* truth = std::get_if<TruthAnswer>(&one.answer)) one.marked = truth->holds;
    written.push_back(std::move(one));
  }
  return written;
}

/// "A, C" for a question whose items are options; nothing where the cell is blank.
void from_options(const Exam& exam, const Unit& unit, std::string_view text, std::vector<Written>& written) {
  std::vector<const Item*> options;
  for (const Unit::Member& member : unit.members)
    if (exam.items[member.item].answer == AnswerKind::option) options.push_back(&exam.items[member.item]);
  const auto read = read_options(options, text);
  if (std::holds_alternative<Blank>(read)) return;
  for (std::size_t i = 0; i < unit.members.size(); ++i) {
    const Item& item = exam.items[unit.members[i].item];
    if (item.answer != AnswerKind::option) continue;
    written[i].text = std::string(text);
    if (const auto* marks = std::get_if<OptionsAnswer>(&read)) {
      const auto found = marks->marked.find(item.id);
      written[i].marked = found != marks->marked.end() && found->second;
      written[i].answer = TruthAnswer{written[i].marked, 0};
    } else if (const auto* unreadable = std::get_if<Unreadable>(&read)) {
      written[i].answer = *unreadable;
    } else if (const auto* ambiguous = std::get_if<Ambiguous>(&read)) {
      written[i].answer = *ambiguous;
    }
  }
}

/// True if an option's own cell says something.
bool options_written(const Exam& exam, const Unit& unit, const std::vector<Written>& written) {
  for (std::size_t i = 0; i < written.size(); ++i)
    if (exam.items[unit.members[i].item].answer == AnswerKind::option &&
        !std::holds_alternative<Blank>(written[i].answer))
      return true;
  return false;
}

/// A cell for the whole of a question that has no options: fine where it has one part only.
std::vector<Written> from_whole(const Exam& exam, const Unit& unit, std::string_view text) {
  if (unit.members.size() == 1)
    return {Written{std::string(text), read_answer(exam.items[unit.members.front().item], text), false}};
  if (std::holds_alternative<Blank>(read_answer(exam.items[unit.members.front().item], text)))
    return all_of(unit, text, Blank{});
  std::string parts;
  for (const Unit::Member& member : unit.members)
    parts += (parts.empty() ? "" : ", ") + exam.items[member.item].id;
  return all_of(unit, text,
                Unreadable{0, "one answer for a question of several parts; expected one for each of " +
                                  displayable_line(parts, 200)});
}

/// What nobody marked was left, unless the whole question is blank.
void settle_options(const Exam& exam, const Unit& unit, std::vector<Written>& written) {
  if (!takes_options_together(unit.scheme.kind)) return;
  bool any = false;
  for (std::size_t i = 0; i < written.size(); ++i)
    any = any || (exam.items[unit.members[i].item].answer == AnswerKind::option &&
                  !std::holds_alternative<Blank>(written[i].answer) &&
                  (written[i].marked || !std::holds_alternative<TruthAnswer>(written[i].answer)));
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (exam.items[unit.members[i].item].answer != AnswerKind::option) continue;
    Answer& answer = written[i].answer;
    if (!any && unit.scheme.some_correct)
      answer = Blank{};
    else if (std::holds_alternative<Blank>(answer))
      answer = TruthAnswer{false, 0};
  }
}

Points sum_of_lines(const fixtures::RubricKey& rubric, const fixtures::PersonsMark& persons) {
  Points sum = 0;
  for (const std::string& id : persons.lines) {
    const auto line = std::ranges::find(rubric.lines, id, &fixtures::RubricLine::id);
    if (line == rubric.lines.end())
      throw std::invalid_argument(
          fmt::format("there is no line \"{}\" in the rubric", displayable_line(id, 60)));
    sum += parse_points(line->points);
  }
  return sum;
}

Points persons_points(const Item& item, const Points& worth, const fixtures::PersonsMark& persons) {
  if (persons.points.empty()) {
    const auto* rubric = std::get_if<fixtures::RubricKey>(&item.key);
    if (!rubric && !persons.lines.empty()) throw std::invalid_argument("the item has no rubric; give points");
    return std::clamp(rubric ? sum_of_lines(*rubric, persons) : Points(0), Points(0), worth);
  }
  const Points points = parse_points(persons.points);
  if (points > worth || points < 0)
    throw std::invalid_argument(
        fmt::format("{} points; the item has {}", exact_text(points), exact_text(worth)));
  return points;
}

std::string lines_in_words(const Item& item, const fixtures::PersonsMark& persons) {
  const auto* rubric = std::get_if<fixtures::RubricKey>(&item.key);
  std::string words;
  if (!rubric || !persons.points.empty()) return words;
  for (const fixtures::RubricLine& line : rubric->lines)
    if (std::ranges::find(persons.lines, line.id) != persons.lines.end())
      words += fmt::format("{}{} ({})", words.empty() ? "" : "; ", line.text, line.points);
  return words.empty() ? "no line of the rubric is met" : words;
}

}  // namespace

std::vector<Written> read_unit(const Exam& exam, const Unit& unit, const Sheet& sheet) {
  const std::string_view whole = unit.question ? cell(sheet, unit.id) : std::string_view{};
  const bool has_options = std::ranges::any_of(unit.members, [&](const Unit::Member& member) {
    return exam.items[member.item].answer == AnswerKind::option;
  });
  if (!is_empty(whole) && own_cells(exam, unit, sheet) > 0 && !has_options)
    return all_of(unit, whole, Ambiguous{"written for the question and for its parts"});
  if (!is_empty(whole) && !has_options) return from_whole(exam, unit, whole);
  std::vector<Written> written = from_items(exam, unit, sheet);
  if (is_empty(whole)) {
    settle_options(exam, unit, written);
    return written;
  }
  const bool twice = options_written(exam, unit, written);
  const std::vector<Written> own = written;
  from_options(exam, unit, whole, written);
  for (std::size_t i = 0; twice && i < written.size(); ++i)
    if (written[i].text != own[i].text)
      written[i].answer = Ambiguous{"written for the question and for its options"};
  settle_options(exam, unit, written);
  return written;
}

void take_persons_mark(const Item& item, const Points& worth, const fixtures::PersonsMark& persons,
                       ItemMark& mark) {
  mark.comment = persons.comment;
  try {
    const Points points = persons_points(item, worth, persons);
    const Points credit = worth > 0 ? Points(points / worth) : Points(0);
    mark.judgement.outcome = credit == 1 ? Outcome::right : credit == 0 ? Outcome::wrong : Outcome::partly;
    mark.judgement.credit = credit;
    mark.judgement.message = lines_in_words(item, persons);
    mark.judgement.mistake.clear();
    mark.judgement.mistake_text.clear();
    mark.by_person = true;
  } catch (const std::invalid_argument& error) {
    mark.judgement.outcome = Outcome::for_person;
    mark.judgement.credit = 0;
    mark.judgement.message = fmt::format("the mark given by a person cannot be used: {}", error.what());
  }
}

}  // namespace assay::graders::exams
