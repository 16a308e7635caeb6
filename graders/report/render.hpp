/// Fills a mustache template; every value is escaped for HTML, but in triple braces: rendered HTML.
#pragma once

#include <string>
#include <string_view>

#include "graders/report/fields.hpp"

namespace assay::graders::report {

/// An empty text counts as absent, so that a section can ask for it. Throws ReportError for a broken
/// template.
std::string render_template(std::string_view text, const Json& view);

}  // namespace assay::graders::report
