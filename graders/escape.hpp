/// Bytes that a student chose (printed output, diagnostics, file names, symbols) on their way into a report.
///
/// Every function takes raw bytes and gives back valid UTF-8 in which nothing acts: control characters,
/// bidirectional overrides and invisible characters are shown as \xNN or \u{...}, never passed on. Only
/// newline and tab survive. All of them are idempotent on text that is already harmless.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace assay::graders {

/// Text for a terminal or for JSON: at most `cap` bytes, cut between characters, with a note saying how much
/// was left out.
std::string displayable(std::string_view bytes, std::size_t cap = 2048);

/// The same for a name or a table cell: newline and tab are shown as \n and \t, so it stays on one line.
std::string displayable_line(std::string_view bytes, std::size_t cap = 256);

/// Text between HTML or XML tags, or inside a quoted attribute. No cap: apply `displayable` first.
std::string html(std::string_view bytes);

/// One quoted CSV cell. A text that a spreadsheet would run as a formula gets a leading apostrophe.
std::string csv_cell(std::string_view bytes);

/// A Markdown code block whose fence is longer than any run of backticks inside.
std::string markdown_fence(std::string_view bytes);

/// The message of a GitHub workflow command (`::error::MESSAGE`): a newline cannot start another command.
std::string workflow_message(std::string_view bytes);

}  // namespace assay::graders
