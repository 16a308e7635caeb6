#include "graders/report/evidence.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "graders/escape.hpp"
#include "graders/report/values.hpp"

namespace assay::graders::report {
namespace {

/// A shrunk input is no longer the pinned one: its note only says where the search began.
std::string heading(const Json& counterexample) {
  const bool shrunk = flag(counterexample, "shrunk");
  const auto note = displayable_line(text_or_empty(counterexample, "pinned"));
  const auto origin = fmt::format("{}case {}{}{}", shrunk ? "from " : "", count(counterexample, "case"),
                                  note.empty() ? "" : ": ", note);
  const bool doubtful = find(counterexample, "confirmed") && !flag(counterexample, "confirmed");
  return fmt::format("{} ({}{})", shrunk ? "Smallest failing input found" : "Failing input", origin,
                     doubtful ? "; it did not fail again when repeated" : "");
}

std::string ulps(const std::optional<double>& value) {
  return value ? fmt::format("{} {}", figure(*value), *value == 1 ? "ulp" : "ulps") : std::string{};
}

/// Where nothing is lost to rounding, only equality will do.
std::string allowance_text(const std::optional<double>& value) {
  return value == 0.0 ? "0 ulps: nothing is rounded on this input" : ulps(value);
}

std::string ratio_sentence(const Json& counterexample) {
  const auto ratio = number(counterexample, "ratio");
  if (ratio && flag(counterexample, "ratio_rounded"))
    return fmt::format("the error is about {} times the allowance", figure(*ratio));
  return ratio ? fmt::format("the error is {} times the allowance", figure(*ratio)) : std::string{};
}

std::string shape_text(const Json& shape) {
  std::vector<std::string> extents;
  for (const Json& extent : shape) extents.push_back(extent.dump());
  return extents.empty() ? "scalar" : fmt::format("{}", fmt::join(extents, " x "));
}

std::string shape_sentence(const Json& counterexample) {
  const Json* got = find(counterexample, "got_shape");
  const Json* wanted = find(counterexample, "shape");
  if (!got || !wanted || *got == *wanted) return {};
  return fmt::format("{} has shape {}, and should have {}",
                     displayable_line(text_or_empty(counterexample, "result"), 60), shape_text(*got),
                     shape_text(*wanted));
}

}  // namespace

std::optional<Evidence> evidence_of(const Json& criterion) {
  const Json* counterexample = find(criterion, "counterexample");
  if (!counterexample) return std::nullopt;
  Evidence evidence;
  evidence.heading = heading(*counterexample);
  for (const Json& input : field(*counterexample, "inputs")) evidence.inputs.emplace_back(input);
  evidence.shapes = shape_sentence(*counterexample);
  evidence.got = displayable_line(text_or_empty(*counterexample, "got"), 80);
  if (evidence.got.empty()) return evidence;
  evidence.element = element_name(*counterexample);
  evidence.expected = displayable_line(text_or_empty(*counterexample, "expected"), 80);
  if (const auto radius = text_or_empty(*counterexample, "expected_radius"); radius != "0")
    evidence.radius = displayable_line(radius, 20);
  if (evidence.expected.empty())
    evidence.digits.got_same = evidence.got;
  else
    evidence.digits = split_digits(evidence.got, evidence.expected);
  evidence.error = ulps(number(*counterexample, "error_ulps"));
  evidence.allowance = allowance_text(number(*counterexample, "allowance_ulps"));
  evidence.ratio = ratio_sentence(*counterexample);
  return evidence;
}

}  // namespace assay::graders::report
