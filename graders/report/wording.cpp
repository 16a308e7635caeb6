#include "graders/report/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "graders/escape.hpp"
#include "graders/report/figures.hpp"

namespace assay::graders::report {
namespace {

constexpr auto all = std::to_array<VerdictWords>({
    {"accepted", Kind::good, "accepted", ""},
    {"hidden", Kind::hidden, "hidden", "This criterion is judged, and its verdict is not shown."},
    {"unstable", Kind::unstable, "unstable",
     "The formula is right and its floating-point form is not: rearrange it so that nothing overflows, "
     "underflows or cancels on this input."},
    {"wrong", Kind::wrong, "wrong",
     "Work the failing input out by hand: it is the smallest one found. Compare sign, scale factor and which "
     "axis is summed."},
    {"not_accepted", Kind::wrong, "not accepted", "This criterion shows only whether it was accepted."},
    {"wrong_shape", Kind::wrong, "wrong shape",
     "Compare the shape returned with the one the assignment gives."},
    {"not_finite", Kind::wrong, "not finite",
     "The exact value is finite: look for a division by zero, a logarithm of zero, or an exponential that "
     "overflows."},
    {"missing_function", Kind::absent, "missing function",
     "Define the function exactly as the given header declares it: name, parameters, const."},
    {"out_of_memory", Kind::stopped, "out of memory",
     "Look for a size computed from a negative or uninitialised number, or for a container that only grows."},
    {"output_limit", Kind::stopped, "too much output",
     "Remove printing: the program wrote more than the limit. What is printed is never graded."},
    {"timed_out", Kind::stopped, "timed out",
     "Look for a loop whose condition never fails on this input, or for work that grows too fast."},
    {"crashed", Kind::stopped, "crashed",
     "Check every index against the size of what it indexes; then run the input under "
     "-fsanitize=address,undefined."},
    {"forbidden_call", Kind::stopped, "forbidden call",
     "The program asked the system for something that a calculation does not need (a file, a process, the "
     "network)."},
    {"protocol_error", Kind::stopped, "no valid reply",
     "The function must return to its caller: no exit, no writing to the grader's channels."},
    {"did_not_compile", Kind::absent, "did not compile",
     "Start with the first error: later ones often follow from it."},
    {"cannot_tell", Kind::person, "cannot tell",
     "A person must look: the case could not be decided at the highest precision."},
    {"harness_error", Kind::harness, "grader failed",
     "Nothing to do for the student: the grader failed. Grade this submission again."},
});

constexpr VerdictWords unknown{"", Kind::person, "unknown verdict", "A person must look."};

std::string first_that_fits(const std::vector<std::string>& longest_first, std::size_t width) {
  for (const auto& words : longest_first)
    if (columns(words) <= width) return words;
  return clip(longest_first.back(), width);
}

}  // namespace

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::good:
      return "good";
    case Kind::wrong:
      return "wrong";
    case Kind::unstable:
      return "unstable";
    case Kind::stopped:
      return "stopped";
    case Kind::absent:
      return "absent";
    case Kind::person:
      return "person";
    case Kind::harness:
      return "harness";
    case Kind::hidden:
      return "hidden";
  }
  return "person";
}

char mark(Kind kind) {
  switch (kind) {
    case Kind::good:
      return '+';
    case Kind::wrong:
      return 'x';
    case Kind::unstable:
      return '~';
    case Kind::stopped:
      return '!';
    case Kind::absent:
      return '-';
    case Kind::person:
      return '?';
    case Kind::harness:
      return 'H';
    case Kind::hidden:
      return '.';
  }
  return '?';
}

std::string_view meaning(Kind kind) {
  switch (kind) {
    case Kind::good:
      return "accepted";
    case Kind::wrong:
      return "wrong";
    case Kind::unstable:
      return "unstable";
    case Kind::stopped:
      return "crashed or stopped";
    case Kind::absent:
      return "nothing to run";
    case Kind::person:
      return "a person must look";
    case Kind::harness:
      return "grader failed";
    case Kind::hidden:
      return "hidden";
  }
  return "";
}

std::span<const VerdictWords> verdicts() {
  return all;
}

const VerdictWords& words_for(std::string_view verdict) {
  const auto found = std::ranges::find(all, verdict, &VerdictWords::id);
  return found == all.end() ? unknown : *found;
}

std::size_t severity(std::string_view verdict) {
  return static_cast<std::size_t>(std::ranges::find(all, verdict, &VerdictWords::id) - all.begin());
}

std::string verdict_text(const Json& criterion) {
  std::string words{words_for(text(criterion, "verdict")).words};
  for (const char* detail : {"signal", "instability", "call"})
    if (const auto said = text_or_empty(criterion, detail); !said.empty())
      words += fmt::format(" ({})", displayable_line(said, 40));
  return words;
}

std::string advice_for(const Json& criterion) {
  if (const auto said = text_or_empty(criterion, "advice"); !said.empty()) return displayable(said);
  return std::string{words_for(text(criterion, "verdict")).advice};
}

namespace {

std::string worst_verdict_text(const Json& submission, std::size_t width) {
  const auto verdict = text(submission, "verdict");
  const std::string words{words_for(verdict).words};
  if (verdict == "accepted") return words;
  if (const auto message = text_or_empty(submission, "message"); !message.empty())
    return clip(fmt::format("{}: {}", words, displayable_line(message.substr(0, message.find('\n')))), width);
  const Json& criteria = field(submission, "criteria");
  std::vector<JsonRef> where;
  for (const Json& criterion : criteria)
    if (text(criterion, "verdict") == verdict) where.emplace_back(criterion);
  if (where.empty()) return words;
  const auto detailed = verdict_text(where.front());
  const auto place = fmt::format(": {}", displayable_line(text(where.front(), "id")));
  const auto others = where.size() > 1 ? fmt::format(" and {} more", where.size() - 1) : std::string{};
  if (where.size() == criteria.size() && where.size() > 1)
    return first_that_fits({detailed + ", everywhere", detailed}, width);
  return first_that_fits({detailed + place + others, words + place + others, words + place}, width);
}

}  // namespace

std::string worst_text(const Json& submission, std::size_t width) {
  constexpr std::string_view label = "nondeterministic; ";
  if (!find(submission, "nondeterminism")) return worst_verdict_text(submission, width);
  return std::string(label) + worst_verdict_text(submission, width - std::min(width, label.size()));
}

}  // namespace assay::graders::report
