/// What the grader says of a criterion, a submission, or a compilation: one word per outcome.
#pragma once

#include <optional>
#include <string_view>

namespace assay::graders {

/// Ordered from best to most in need of attention; the worst of a submission's criteria is its own.
enum class Verdict {
  accepted,
  unstable,  ///< wrong only on extreme inputs, where a stable textbook form is not
  wrong,
  wrong_shape,
  not_finite,  ///< NaN or an infinity where the truth is a number
  missing_function,
  out_of_memory,
  output_limit,
  timed_out,
  crashed,
  forbidden_call,  ///< a system call that the box does not allow
  protocol_error,  ///< ended without returning, or answered something that is no answer
  did_not_compile,
  cannot_tell,    ///< never a pass, never a lost mark: a person must look
  harness_error,  ///< the grader failed, not the student
};

/// "accepted", "did_not_compile" ...: the word used in TOML, JSON and reports.
std::string_view word(Verdict verdict);
std::optional<Verdict> verdict_from_word(std::string_view text);

/// True for verdicts that neither give nor take points.
constexpr bool needs_a_person(Verdict verdict) {
  return verdict == Verdict::cannot_tell || verdict == Verdict::harness_error;
}

}  // namespace assay::graders
