/// The reference solution as the truth, in float64 and with a tolerance that its author states: the weakest
/// kind of evidence that a criterion may rest on, and said to be that wherever it is shown.
#pragma once

#include <memory>
#include <string>

#include "fixtures/assignment.hpp"
#include "graders/sandbox/box.hpp"
#include "oracles/program.hpp"

namespace assay::graders {

/// The reference solution, compiled and running in a box of its own: answers calls from any thread.
class ReferenceProgram;

/// Throws ToolchainError where the driver or the reference solution does not compile. `sandbox` outlives it.
std::shared_ptr<ReferenceProgram> reference_program(const Sandbox& sandbox,
                                                    const fixtures::Assignment& assignment);

/// RESULTS = FUNCTION(INPUTS): a program whose one step asks the reference solution. Evaluating it throws
/// ShapeError where the reference solution gives no answer.
oracles::Program reference_truth(std::shared_ptr<ReferenceProgram> reference,
                                 const fixtures::Assignment& assignment,
                                 const fixtures::FunctionSpec& function);

/// "compared with the reference's float64 answer, tolerance 1e-6 (relative)".
std::string reference_evidence(const fixtures::ReferenceTruth& truth);

}  // namespace assay::graders
