/// Pages about a marked class, from the parts of its results document. Complete in themselves: no script, no
/// request; what a student wrote is shown and cannot act.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "graders/report/fields.hpp"

namespace assay::graders::report {

/// What each student is given: each answer beside the key and its evidence. Many answer a question alike, so
/// what a page says of one is made once for all of them. By many threads at once.
class SheetPages {
 public:
  /// `head` must outlive the pages.
  explicit SheetPages(const Json& head);
  std::string page(const Json& sheet) const;

 private:
  /// An article about one question, and all it depends on beside the head: the question's marks, its items'.
  using Article = std::pair<std::vector<Json>, std::string>;
  static constexpr std::size_t most_articles = 20000;

  std::string article(const Json& sheet, const Json& question, std::size_t place) const;
  Json question_view(const Json& sheet, const Json& question, std::size_t place) const;
  Json section_view(const Json& sheet, std::size_t section) const;

  const Json& head_;
  std::map<std::string, std::size_t> places_;    ///< of the questions in the head, by id
  std::vector<std::vector<std::size_t>> items_;  ///< of each question, in the head's order
  std::vector<std::size_t> section_of_;          ///< each question
  mutable std::mutex mutex_;                     ///< of the articles
  mutable std::unordered_map<std::size_t, std::vector<Article>>
      articles_;  ///< by the hash of what they depend on
  mutable std::size_t known_ = 0;
};

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

/// One sheet in a terminal: every item that counts and is not right, or the one named by `item`. `document`
/// is the whole results document. Throws ReportError, with what there is, for an unknown sheet or item.
std::string sheet_explanation(const Json& document, std::string_view id, std::string_view item = {},
                              bool colour = false);

/// The table in a terminal: head, one line for each sheet, what it comes to; at most `width` columns.
std::string sheets_table_head(const Json& head, std::size_t width = 80);
std::string sheets_table_row(const Json& sheet, std::size_t width = 80);
std::string sheets_table_foot(const Json& tail, std::size_t width = 80);

}  // namespace assay::graders::report
