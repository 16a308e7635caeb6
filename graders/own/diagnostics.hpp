/// What g++ says of an oracle's file, in the words of its author.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace assay::graders {

/// The errors of a compilation, "oracle.hpp:3:7: message" each, without repetitions and at most five: paths
/// below `folder` as seen from there, the scalar's long type names as "Scalar". An error in Assay's own
/// headers is given the place in the author's file that led there, where there is one.
std::vector<std::string> author_errors(const std::string& diagnostics, const std::filesystem::path& folder);

}  // namespace assay::graders
