#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "graders/escape.hpp"
#include "graders/report/evidence.hpp"
#include "graders/report/figures.hpp"
#include "graders/report/mistakes.hpp"
#include "graders/report/report.hpp"
#include "graders/report/values.hpp"
#include "graders/report/wording.hpp"

namespace assay::graders::report {
namespace {

constexpr std::size_t page_width = 80;

std::string indented(const std::string& words, std::size_t indent) {
  return wrap(words, page_width, indent);
}

std::string matrix(const Slice& slice) {
  std::vector<std::size_t> widths(slice.rows.empty() ? 0 : slice.rows.front().size(), 1);
  for (const auto& row : slice.rows)
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], columns(row[c]));
  std::string out;
  for (const auto& row : slice.rows) {
    out += "      ";
    for (std::size_t c = 0; c < row.size(); ++c) out.append("  ").append(right(row[c], widths[c]));
    out += '\n';
  }
  return out;
}

std::string input_lines(const Json& input) {
  const auto view = lay_out(input);
  if (view.scalar && !view.slices.empty()) {
    const auto exact = view.exact.empty() ? "" : fmt::format("   exactly {}", view.exact);
    return fmt::format("    {} = {}   ({}){}\n", view.name, view.slices[0].rows[0][0], view.kind, exact);
  }
  std::string out = fmt::format("    {}   ({})\n", view.name, view.kind);
  for (const auto& slice : view.slices) {
    if (!slice.label.empty()) out += fmt::format("      {}\n", slice.label);
    out += matrix(slice);
  }
  return out + (view.note.empty() ? "" : indented(view.note, 6));
}

/// Expected above got, with a line of carets under the first digits that differ.
std::string digits_lines(const Evidence& evidence) {
  std::string out = fmt::format("\n  {}\n", evidence.element);
  if (!evidence.expected.empty())
    out += fmt::format("    expected  {}{}{}\n", evidence.digits.expected_same, evidence.digits.expected_rest,
                       evidence.radius.empty() ? "" : fmt::format("   +/- {}", evidence.radius));
  out += fmt::format("    got       {}{}\n", evidence.digits.got_same, evidence.digits.got_rest);
  if (!evidence.expected.empty() && !evidence.digits.got_rest.empty())
    out += fmt::format("              {}{}\n", std::string(columns(evidence.digits.got_same), ' '),
                       std::string(columns(evidence.digits.got_rest), '^'));
  return out;
}

std::string evidence_lines(const Json& criterion) {
  const auto evidence = evidence_of(criterion);
  if (!evidence) return {};
  std::string out = fmt::format("\n{}", indented(evidence->heading, 2));
  for (const Json& input : evidence->inputs) out += input_lines(input);
  if (!evidence->shapes.empty()) out += fmt::format("\n{}", indented(evidence->shapes, 2));
  if (!evidence->element.empty()) out += digits_lines(*evidence);
  if (!evidence->error.empty()) out += fmt::format("    error     {}\n", evidence->error);
  if (!evidence->allowance.empty()) out += fmt::format("    allowed   {}\n", evidence->allowance);
  if (!evidence->ratio.empty()) out += fmt::format("    so        {}\n", evidence->ratio);
  return out;
}

std::string block(std::string_view label, const std::string& words) {
  return words.empty() ? std::string{} : fmt::format("\n  {}\n{}", label, indented(words, 4));
}

std::string mistake_lines(const Json& criterion) {
  std::string out;
  for (const LooksLike& words : looks_like(criterion)) {
    out += fmt::format("{}{}", indented(words.what, 4), indented(words.evidence, 6));
    if (!words.as_well.empty()) out += indented("Fits as well: " + words.as_well, 6);
  }
  return out.empty() ? out : "\n  This looks like\n" + out;
}

/// How to see it again. The seed is absent from documents made for a student.
std::string reproduce(const Json& results, const Json& criterion) {
  const Json& assignment = field(results, "assignment");
  const auto seed = text_or_empty(assignment, "seed");
  const Json* counterexample = find(criterion, "counterexample");
  if (seed.empty() || !counterexample) return {};
  return fmt::format("assay grade {} SUBMISSION draws the same cases again: seed {}, case {} of criterion {}",
                     displayable_line(text(assignment, "id")), displayable_line(seed, 40),
                     count(*counterexample, "case"), displayable_line(text(criterion, "id")));
}

/// Tests of a suite, or variants that tests must catch.
std::string parts_lines(const Json& criterion) {
  const Json* parts = find(criterion, "parts");
  if (!parts) return {};
  std::string out = "\n  One by one\n";
  for (const Json& part : *parts) {
    const auto kind = words_for(text(part, "verdict")).kind;
    const auto why = displayable_line(text_or_empty(part, "message"));
    out += indented(fmt::format("{} {}{}", mark(kind), displayable_line(text(part, "name")),
                                why.empty() ? "" : ": " + why),
                    6);
  }
  return out;
}

std::string criterion_text(const Json& results, const Json& submission, const Json& criterion, bool colour) {
  const Json& declared = with_id(results, "criteria", text(criterion, "id"), "criterion");
  const bool good = text(criterion, "verdict") == "accepted";
  const auto head = fmt::format("{} / {}: {}", displayable_line(text(submission, "id")),
                                displayable_line(text(criterion, "id")), verdict_text(criterion));
  const Json& points = field(criterion, "points");
  const auto worth =
      points.is_null()
          ? fmt::format("no points given, worth {}", points_text(field(criterion, "max")))
          : fmt::format("{} of {} points", points_text(points), points_text(field(criterion, "max")));
  std::string out = paint(head, good ? "1;32" : "1", colour) + "\n";
  out += indented(fmt::format("{}; {}", displayable_line(text(declared, "title")), worth), 2);
  if (const auto message = text_or_empty(criterion, "message"); !message.empty())
    out += fmt::format("\n{}", indented(displayable(message), 2));
  out += parts_lines(criterion);
  out += evidence_lines(criterion);
  out += mistake_lines(criterion);
  if (const auto price = price_of(submission, text(criterion, "id")); !price.empty())
    out += fmt::format("\n{}", indented(price, 2));
  out +=
      block("The program wrote on standard error", displayable(text_or_empty(criterion, "standard_error")));
  if (!good) out += block("Look next", advice_for(criterion));
  return out + block("Again", reproduce(results, criterion));
}

/// What mistakes cost that are charged once, and where that does not count.
std::string prices_text(const Json& submission) {
  std::string out;
  for (const auto& sentences : {price_sentences(submission), unpriced_sentences(submission)})
    for (const std::string& sentence : sentences) out += indented(sentence, 2);
  return out.empty() ? out : "\nMistakes with a price\n" + out;
}

/// That two runs differed.
std::string repetition_text(const Json& submission) {
  const Json* differs = find(submission, "nondeterminism");
  return differs ? "\nNondeterministic\n" + indented(displayable(text(*differs, "sentence")), 2) : "";
}

/// What was ignored or renamed when the submission was taken in.
std::string notes_text(const Json& submission) {
  const Json* notes = find(submission, "notes");
  if (!notes) return {};
  std::string out = "\nTaken in\n";
  for (const Json& note : *notes) out += indented(displayable(note.get<std::string>()), 2);
  return out;
}

std::string compile_text(const Json& submission) {
  const Json* compile = find(submission, "compile");
  if (!compile) return {};
  const auto diagnostics = displayable(text_or_empty(*compile, "diagnostics"), 8192);
  if (diagnostics.empty()) return {};
  std::string out = "\nWhat the compiler said\n";
  for (std::size_t at = 0; at < diagnostics.size();) {
    const auto end = std::min(diagnostics.find('\n', at), diagnostics.size());
    out += fmt::format("  {}\n", std::string_view(diagnostics).substr(at, end - at));
    at = end + 1;
  }
  return out;
}

}  // namespace

std::string explain_text(const Json& results, std::string_view submission, std::string_view criterion,
                         bool colour) {
  const Json& who = with_id(results, "submissions", submission, "submission");
  const Json& what = with_id(who, "criteria", criterion, "criterion");
  return criterion_text(results, who, what, colour) +
         (words_for(text(what, "verdict")).kind == Kind::absent ? compile_text(who) : "");
}

std::string student_text(const Json& results, std::string_view submission, bool colour) {
  const Json& who = with_id(results, "submissions", submission, "submission");
  std::string out = fmt::format("{}  {}  {}\n\n", paint(displayable_line(text(who, "id")), "1", colour),
                                score_text(who), worst_text(who));
  for (const Json& criterion : field(who, "criteria"))
    out += fmt::format("  {} {}  {}  {}\n", mark(words_for(text(criterion, "verdict")).kind),
                       left(displayable_line(text(criterion, "id")), 24),
                       right(points_text(field(criterion, "points")), 5), verdict_text(criterion));
  if (const Json* hidden = find(who, "hidden_max"))
    out += fmt::format("\nHidden criteria are worth {} more points; they are judged and not shown.\n",
                       points_text(*hidden));
  out += prices_text(who) + notes_text(who) + repetition_text(who) + compile_text(who);
  for (const Json& criterion : field(who, "criteria")) {
    const auto kind = words_for(text(criterion, "verdict")).kind;
    if (kind == Kind::good || kind == Kind::hidden || kind == Kind::absent) continue;
    out += fmt::format("\n{}", criterion_text(results, who, criterion, colour));
  }
  return out;
}

}  // namespace assay::graders::report
