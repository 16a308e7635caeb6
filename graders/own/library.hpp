/// A C++ file of an assignment's author, which holds truths as templates over the scalar, compiled into a
/// library that this program calls. The author is trusted, as the author of the reference solution is not:
/// what runs here runs outside every box.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "fixtures/assignment.hpp"
#include "oracles/program.hpp"

namespace assay::graders {

/// The functions, all of one file, in their order. Compiled with this program's own headers
/// (share/assay/headers), at most once for the same text of the file, of what it includes, and of the
/// headers: libraries are kept in $XDG_CACHE_HOME/assay/own or ~/.cache/assay/own. They stay loaded until the
/// program ends. Throws fixtures::LoadError with the compiler's own errors, each with file and line;
/// DataError where the headers or the compiler are missing.
oracles::OwnFunctions compiled_functions(const fixtures::Assignment& assignment,
                                         const std::vector<const fixtures::OwnFunctionSpec*>& functions);

}  // namespace assay::graders
