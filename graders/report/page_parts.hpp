/// The page's text files, embedded by graders/report/embed.cmake.
#pragma once

#include <string_view>

namespace assay::graders::report {

extern const std::string_view page_template;        ///< page.html.mustache
extern const std::string_view class_template;       ///< class.html.mustache
extern const std::string_view submission_template;  ///< submission.html.mustache
extern const std::string_view claims_template;      ///< claims.html.mustache
extern const std::string_view page_style;           ///< style.css

}  // namespace assay::graders::report
