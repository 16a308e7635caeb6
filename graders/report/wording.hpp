/// One verdict, one wording: the mark, the words and the advice that every report uses.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "graders/report/fields.hpp"

namespace assay::graders::report {

/// What a verdict means for the reader; also the name of its style on the page.
enum class Kind { good, wrong, unstable, stopped, absent, person, harness, hidden };
std::string_view to_string(Kind kind);

struct VerdictWords {
  std::string_view id;  ///< as in the document, "timed_out"
  Kind kind;
  std::string_view words;   ///< "timed out"
  std::string_view advice;  ///< what to look at next; empty where there is nothing to do
};

/// All verdicts, mildest first: those of graders/verdict.hpp in its order, and the two made for students.
std::span<const VerdictWords> verdicts();

/// The words for a verdict; one that this version does not know asks for a person.
const VerdictWords& words_for(std::string_view verdict);

/// The place of a verdict in `verdicts()`: larger is worse.
std::size_t severity(std::string_view verdict);

char mark(Kind kind);
std::string_view meaning(Kind kind);  ///< of the mark, for a legend

/// "crashed (SIGSEGV)", "unstable (overflow)"; escaped, one line.
std::string verdict_text(const Json& criterion);

/// What to look at next: the author's words where the document has some, else the verdict's.
std::string advice_for(const Json& criterion);

/// The worst verdict of a submission and where it happened, in one line of at most `width` columns.
std::string worst_text(const Json& submission, std::size_t width = 200);

}  // namespace assay::graders::report
