/// What the templates show, as plain JSON of texts, flags and lists; all student-made text is made visible
/// here and escaped for HTML by the template engine (no template uses an unescaped tag).
#pragma once

#include "graders/report/fields.hpp"

namespace assay::graders::report {

/// The document's head and foot: title, sandbox, seed, compiler.
Json page_view(const Json& results);

/// Charts and the table of the class.
Json class_part_view(const Json& results);

/// One submission's section; `place` is its position, from which its anchor is made.
Json submission_view(const Json& results, const Json& submission, std::size_t place);

/// Marks of a submission's criteria, in order.
Json marks_view(const Json& results, const Json& submission);

std::string anchor(std::size_t place);  ///< "s12": never made from what a student chose

}  // namespace assay::graders::report
