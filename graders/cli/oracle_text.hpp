/// `assay oracle` for a person: numbers typed on the command line, answers that read at 80 columns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "oracles/ask.hpp"
#include "oracles/listing.hpp"

namespace assay::cli {

/// "0, 1, 710" is a vector, "1 2; 3 4" has two rows, "[[1, 2], [3, 4]]" is nested, "5" a scalar. `shape` is
/// the symbolic shape of the input: where it has more axes, axes of length 1 are put in front. Throws
/// InputError.
oracles::TextTensor tensor_from_words(const std::string& words, std::string_view shape,
                                      const std::string& where);

/// `softmax has no input or attribute "logit"; did you mean "logits"?`
std::string unknown_name(const oracles::OperationListing& operation, const std::string& name);

/// What one operation is, and how to ask for it.
std::string operation_text(const oracles::OperationListing& operation, const std::string& program);

/// Exact digits, and beside them what floats make of it.
std::string answer_text(const oracles::Question& question, const oracles::Answer& answer,
                        const std::vector<oracles::UnstableResult>& unstable);

}  // namespace assay::cli
