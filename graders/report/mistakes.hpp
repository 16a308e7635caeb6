/// Named mistakes in words: the same in the terminal and on the page.
#pragma once

#include <string>
#include <vector>

#include "graders/report/fields.hpp"

namespace assay::graders::report {

/// Every text is escaped for one line.
struct LooksLike {
  std::string what;      ///< "the program forgets the bias (affine); seen in dW"
  std::string evidence;  ///< "It fits all 16 cases looked at, and shows on 10 of them."
  std::string as_well;   ///< other mistakes that fit, joined by "; "; empty where there is none
};

/// What a criterion's result looks like; empty where no mistake is named.
std::vector<LooksLike> looks_like(const Json& criterion);

struct Mistake {
  std::string id;
  std::string sentence;
  std::vector<JsonRef> submissions;  ///< in which it stands first, sorted by id
};

/// The mistakes of a class, most frequent first. A submission counts once for each.
std::vector<Mistake> mistakes_of_class(const Json& results);

/// What mistakes cost this submission that the rubric charges once, a sentence for each.
std::vector<std::string> price_sentences(const Json& submission);
/// Where a price does not count, and why; for the course's staff.
std::vector<std::string> unpriced_sentences(const Json& submission);
/// The price that the criterion is a part of, in a sentence; empty where there is none.
std::string price_of(const Json& submission, const std::string& criterion);

}  // namespace assay::graders::report
