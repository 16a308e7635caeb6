/// The page's text files, embedded by graders/report/embed.cmake.
#pragma once

#include <string_view>

namespace assay::graders::report {

extern const std::string_view page_template;        ///< page.html.mustache
extern const std::string_view class_template;       ///< class.html.mustache
extern const std::string_view submission_template;  ///< submission.html.mustache
extern const std::string_view claims_template;      ///< claims.html.mustache
extern const std::string_view sheets_template;      ///< sheets.html.mustache: a marked class
extern const std::string_view sheet_template;       ///< sheet.html.mustache: one student
extern const std::string_view
    sheet_question_template;                      ///< sheet_question.html.mustache: one of its questions
extern const std::string_view timing_template;    ///< timing.html.mustache
extern const std::string_view sheets_style;       ///< sheets.css: what these two need besides
extern const std::string_view plot_template;      ///< plot.html.mustache: lines in a frame
extern const std::string_view pictures_template;  ///< pictures.html.mustache: what a finding shows
extern const std::string_view page_style;         ///< style.css

}  // namespace assay::graders::report
