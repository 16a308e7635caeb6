/// The two things a submission is read from besides a plain file.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "graders/intake/collector.hpp"

namespace assay::graders {

/// Reads one regular file that is no link and has one name only. Says why not in `collector`.
std::optional<std::string> read_regular_file(int folder, const std::string& name,
                                             const std::string& shown_path, Collector& collector);

void read_folder(const std::filesystem::path& folder, Collector& collector);

/// Streams a .zip or a (compressed) .tar; declared sizes are not believed.
void read_archive(const std::filesystem::path& archive, Collector& collector);

bool is_archive(const std::filesystem::path& path);

}  // namespace assay::graders
