/// What AddressSanitizer or UndefinedBehaviorSanitizer print, as a sentence.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::graders {

struct Fault {
  std::string sentence;              ///< "reads 8 bytes outside a block of the heap", without the place
  std::string place;                 ///< "net.cpp:12", where the report itself says it
  std::vector<std::string> offsets;  ///< "0x27f0": into the program, from the fault outwards
};

/// The first report in what a program wrote to standard error; nothing if there is none.
std::optional<Fault> first_fault(std::string_view standard_error);

}  // namespace assay::graders
