/// The folder of reports that a graded class leaves behind.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace assay::cli {

/// The store of a folder, where none is named.
inline constexpr const char* store_name = "assay.db";

/// Throws InputError.
void make_folders(const std::filesystem::path& folder);

/// Written beside, then renamed: a reader never sees half a file. Throws InputError.
void write_file(const std::filesystem::path& path, const std::string& bytes);

/// results.json, report.html, grades.csv and gradescope/ID.json, and of a run that was timed timing.json and
/// timing.html; two programs that write the same folder take turns. Throws InputError.
void write_reports(const std::filesystem::path& out, const nlohmann::json& results,
                   const nlohmann::json* timing = nullptr);

/// One Gradescope document for each submission, named after its id.
void write_gradescope(const std::filesystem::path& folder, const nlohmann::json& results);

/// ID.html for each submission: the page that its student gets, at the levels under "visibility".
void write_student_pages(const std::filesystem::path& folder, const nlohmann::json& results);

}  // namespace assay::cli
