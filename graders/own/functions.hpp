/// The functions of an assignment's own that its oracles may call.
#pragma once

#include "fixtures/assignment.hpp"
#include "oracles/program.hpp"

namespace assay::graders {

/// In the assignment's order. Throws fixtures::LoadError: a name of the catalogue, a formula that does not
/// read (with the place under a caret), a file that does not compile.
oracles::OwnFunctions own_functions(const fixtures::Assignment& assignment);

/// True where a step of the program runs C++ of the assignment's author in this process.
bool runs_author_code(const oracles::Program& program, const fixtures::Assignment& assignment);

}  // namespace assay::graders
