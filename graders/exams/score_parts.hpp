/// The steps of scoring a question, for score.cpp.
#pragma once

#include <string>
#include <vector>

#include "graders/exams/score.hpp"

namespace assay::graders::exams {

/// What something may still come to. Decided where both ends are the same.
struct Range {
  Points low = 0, high = 0;
  Points sure = 0;  ///< what is certain already; between the ends
  bool decided() const { return low == high; }
};

Range exactly(const Points& points);
Range operator+(const Range& a, const Range& b);
Range at_least_zero(Range range);

/// The points of one item by itself, under a scheme that looks at items one by one.
Range range_of(const Rules& rules, const Part& part);
/// The most it could be.
Points possible_of(const Part& part);

/// A question's options under a scheme that takes them together.
struct OptionsScore {
  Range range;
  Points possible = 0;
  std::string explanation;
};
OptionsScore all_or_partial(const QuestionRules& question, const std::vector<const Part*>& options);
OptionsScore guess_neutral(const QuestionRules& question, const std::vector<const Part*>& options);

/// For each part, whether its mistake is charged in another one already. Of several, the one that it costs
/// most is charged: then a better answer never lowers the sum.
std::vector<bool> charged_elsewhere(const QuestionRules& question, const std::vector<Part>& parts,
                                    const std::vector<Range>& ranges);

/// "1/2 point", "3 points".
std::string points_words(const Points& points);

}  // namespace assay::graders::exams
