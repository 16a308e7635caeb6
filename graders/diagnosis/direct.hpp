/// What can be seen without computing anything else: answers that are no calculation, and the places where
/// answers are wrong.
#pragma once

#include <string>
#include <vector>

#include "graders/diagnosis/hypothesis.hpp"

namespace assay::graders::diagnosis {

/// An explanation that holds on all samples already.
struct Seen : Explanation {
  Kind kind = Kind::plain;
};

/// Zeros, leftovers, an echo of an input, one constant, the right numbers in another shape.
std::vector<Seen> plain_answers(const PreparedFunction& function, std::size_t result,
                                const std::vector<Sample>& samples);

/// An unstable form of one of the program's operations that fails on the same elements.
std::vector<Seen> unstable_forms(const PreparedFunction& function, std::size_t result,
                                 const std::vector<Sample>& samples);

/// Right except at kinks, for large inputs, beyond the first row, or where an extent is not 1.
std::vector<Seen> places(const PreparedFunction& function, std::size_t result,
                         const std::vector<Sample>& samples);

}  // namespace assay::graders::diagnosis
