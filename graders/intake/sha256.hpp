/// SHA-256 (FIPS 180-4): the name of a submission's content. A student who can choose both of two contents
/// must not be able to make them share a name, so a checksum will not do.
#pragma once

#include <string>
#include <string_view>

namespace assay::graders {

/// 64 hexadecimal digits.
std::string sha256(std::string_view bytes);

}  // namespace assay::graders
