/// Running a program twice, to see whether it answers the same: the second time unused memory holds other
/// values, the stack lies elsewhere, and the cases come in the opposite order.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "graders/criteria/kind.hpp"
#include "graders/outcome.hpp"

namespace assay::graders {

/// The variables that disturb a program's memory, for Subject::environment: fresh memory holds bytes 0x40
/// (as numbers 32.5, 3.0f, 1077952576), freed memory 0xbf, and so does the stack below each call.
const std::vector<std::string>& disturbed_memory();

/// Whether the program answers all cases of the assignment alike in two runs, and if not, why not. Ends
/// early for a program that takes long; what ended by a limit, or by the harness, is not compared.
std::optional<Nondeterminism> find_nondeterminism(const Subject& subject);

/// Grades the program once more as it was found to differ, and keeps the result that counts: the lower
/// score, or the first where the assignment says so. `grade` grades a subject.
SubmissionResult which_counts(const Subject& subject, Nondeterminism found, SubmissionResult first,
                              const std::function<SubmissionResult(const Subject&)>& grade);

/// "run", "memory", "order": the word in results.
const char* word(Nondeterminism::Cause cause);

}  // namespace assay::graders
