/// Which submission is graded when: on several threads, and once more where the machine was at fault.
#pragma once

#include <cstddef>
#include <functional>

#include "graders/outcome.hpp"

namespace assay::graders {

/// Grades the submission at a place, on the thread with this number. Throws nothing.
using GradeOne = std::function<SubmissionResult(std::size_t place, unsigned slot)>;

/// Takes a finished submission: its place, and what came of it. Called from one thread at a time.
using Take = std::function<void(std::size_t, SubmissionResult&&)>;

/// So many harness errors of one class are given another chance; where there are more, nothing passes by.
inline constexpr std::size_t most_graded_again = 20;

/// Grades `count` submissions on `jobs` threads. What ends in a harness error is graded once more when all
/// others are done, one at a time: a machine that was too busy is less so then. What `take` throws ends the
/// run, and is thrown when all threads have stopped; an interrupt ends it without.
void grade_in_turn(std::size_t count, unsigned jobs, const GradeOne& grade, const Take& take);

}  // namespace assay::graders
