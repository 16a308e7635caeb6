/// Pages about a marked class, from the parts of its results document. Complete in themselves: no script, no
/// request; what a student wrote is shown and cannot act.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "graders/report/fields.hpp"

namespace assay::graders::report {

/// What one student is given: each answer beside the key and its evidence.
std::string sheet_page(const Json& head, const Json& sheet);

/// One row of the class's table. `file`: the student's page, a name without anything that acts.
std::string sheet_row(const Json& sheet, const std::string& file);

/// The class's page in two parts, between which its rows belong.
struct PageHalves {
  std::string before, after;
};
/// `files`: where each student's page is, by id.
PageHalves sheets_page(const Json& head, const Json& tail, const std::map<std::string, std::string>& files);

/// How an outcome is shown.
struct OutcomeWords {
  std::string_view id;     ///< as in the document: "for-person"
  std::string_view kind;   ///< the style: "good"
  std::string_view mark;   ///< one character
  std::string_view words;  ///< "a person marks it"
};
const OutcomeWords& outcome_words(std::string_view outcome);

/// The table in a terminal: head, one line for each sheet, what it comes to; at most `width` columns.
std::string sheets_table_head(const Json& head, std::size_t width = 80);
std::string sheets_table_row(const Json& sheet, std::size_t width = 80);
std::string sheets_table_foot(const Json& tail, std::size_t width = 80);

}  // namespace assay::graders::report
