/// Everything that is shown of a run, rendered from the results document and from nothing else.
///
/// `results` is a document of docs/results-schema.md. The same document gives the same bytes, in any locale.
/// What a student wrote (names, output, diagnostics) is escaped for its sink; a harness error is never shown
/// as a zero. A document that lacks a required field throws ReportError.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

namespace assay::graders::report {

struct ReportError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Reads a results document; ReportError names what is wrong with text that is not one.
nlohmann::json parse_results(std::string_view text);

/// The document as text: two-space indent, ASCII only, a final newline.
std::string to_text(const nlohmann::json& document);

// --- for people
// ---------------------------------------------------------------------------------------------

/// The class at a glance: one row per submission, the criteria with their success rates, a summary.
/// No line is wider than `width` columns (at least 60 are used).
std::string terminal_table(const nlohmann::json& results, std::size_t width = 80, bool colour = false);

/// One criterion of one submission: the failing input, the exact digits, what came back, error and allowance.
std::string explain_text(const nlohmann::json& results, std::string_view submission,
                         std::string_view criterion, bool colour = false);

/// One submission: its marks, then an explanation of every criterion that was not accepted.
std::string student_text(const nlohmann::json& results, std::string_view submission, bool colour = false);

/// One page, complete in itself: no script, no request, charts as inline SVG.
std::string class_html(const nlohmann::json& results);

/// The page of times, timing.html, of a timing document: they differ from run to run, and class_html does not.
std::string timing_html(const nlohmann::json& results, const nlohmann::json& timing);

/// The same page for one submission, without the class.
std::string student_html(const nlohmann::json& results, std::string_view submission);

// --- for machines
// -------------------------------------------------------------------------------------------

/// Gradescope's results.json. Without any score (which Gradescope reports as a failed autograder) where the
/// harness failed: nothing may turn that into a zero.
nlohmann::json gradescope_json(const nlohmann::json& results, std::string_view submission);

/// One row per submission (RFC 4180): id, status, score, max, percent, then a verdict and the points of each
/// criterion. Cells for what was not graded are empty.
std::string class_csv(const nlohmann::json& results);

// --- for whom
// -----------------------------------------------------------------------------------------------

/// The document as it is meant for students `before` the deadline (the levels that stand under "visibility"),
/// after it (`final`), or past a `limit` on how often one may hand in. It still holds everything: everything
/// here that is made for students goes by the levels. Another audience is a ReportError.
nlohmann::json for_audience(nlohmann::json results, std::string_view audience);

/// What this student may see: one submission, each criterion cut down to its visibility, and the scores
/// summed over visible criteria only. Hidden criteria keep their title and what they are worth.
nlohmann::json for_student(const nlohmann::json& results, std::string_view submission);

}  // namespace assay::graders::report
