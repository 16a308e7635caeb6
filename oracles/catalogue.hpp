/// The table of all operations: for the command line, the fixtures and the graders.
///
/// To add one: its header in oracles/ops/, and one line in the list of its family in oracles/catalogue/.
#pragma once

#include <span>
#include <stdexcept>
#include <string_view>

#include "oracles/operation.hpp"

namespace assay::oracles {

/// Raised for a name that no operation has; suggests the nearest one.
struct UnknownOperation : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

/// All operations, sorted by name. They live as long as the program.
std::span<const Operation> catalogue();

/// The operation of that name, or null.
const Operation* find_operation(std::string_view name);

/// The operation of that name. Throws UnknownOperation:
/// `there is no operation "sofmax"; did you mean "softmax"?`.
const Operation& operation_named(std::string_view name);

}  // namespace assay::oracles
