#include "graders/verdict.hpp"

#include <array>
#include <utility>

namespace assay::graders {
namespace {

constexpr std::array<std::pair<Verdict, std::string_view>, 15> words{{
    {Verdict::accepted, "accepted"},
    {Verdict::unstable, "unstable"},
    {Verdict::wrong, "wrong"},
    {Verdict::wrong_shape, "wrong_shape"},
    {Verdict::not_finite, "not_finite"},
    {Verdict::missing_function, "missing_function"},
    {Verdict::out_of_memory, "out_of_memory"},
    {Verdict::output_limit, "output_limit"},
    {Verdict::timed_out, "timed_out"},
    {Verdict::crashed, "crashed"},
    {Verdict::forbidden_call, "forbidden_call"},
    {Verdict::protocol_error, "protocol_error"},
    {Verdict::did_not_compile, "did_not_compile"},
    {Verdict::cannot_tell, "cannot_tell"},
    {Verdict::harness_error, "harness_error"},
}};

}  // namespace

std::string_view word(Verdict verdict) {
  for (const auto& [known, text] : words)
    if (known == verdict) return text;
  return "cannot_tell";
}

std::optional<Verdict> verdict_from_word(std::string_view text) {
  for (const auto& [known, known_text] : words)
    if (known_text == text) return known;
  return std::nullopt;
}

}  // namespace assay::graders
