#include "oracles/ops/detail/masking.hpp"

#include <string>

#include "oracles/ops/detail/shapes.hpp"

namespace assay::oracles::ops::detail {

namespace {

bool allows(std::string_view operation, const IndexTensor& mask, std::size_t index, std::int64_t attend) {
  if (mask.size() == 0) return true;
  const std::int64_t value = mask[index];
  if (value != 0 && value != 1)
    throw ShapeError(std::string(operation) + ": input \"mask\" holds " + std::to_string(value) +
                     " at index " + std::to_string(index) + "; it needs 0 or 1");
  return value == attend;
}

}  // namespace

std::vector<AttributeSpec> masking_attributes() {
  return {is_causal_attribute, causal_alignment_attribute, mask_one_attribute, masked_row_attribute};
}

void require_mask(std::string_view operation, const Shape& mask, const Shape& scores) {
  const Shape matrix(scores.end() - 2, scores.end());
  if (mask == absent || mask == matrix || mask == scores) return;
  refuse_shape(operation, "mask", mask,
               to_string(matrix) + (scores == matrix ? "" : " or " + to_string(scores)) +
                   ", one entry for each query and key");
}

VisibleKeys visible_keys(std::string_view operation, const Attributes& attributes, const IndexTensor& mask,
                         std::size_t batch, std::size_t queries, std::size_t keys) {
  const bool causal = flag_attribute(attributes, is_causal_attribute);
  const bool bottom_right = choice_attribute(attributes, causal_alignment_attribute) == 1;
  const std::int64_t attend = choice_attribute(attributes, mask_one_attribute) == 0 ? 1 : 0;
  const bool zero_rows = choice_attribute(attributes, masked_row_attribute) == 1;
  const std::size_t first = mask.rank() == 2 ? 0 : batch * queries * keys;
  VisibleKeys visible(queries);
  for (std::size_t i = 0; i < queries; ++i) {
    for (std::size_t j = 0; j < keys; ++j) {
      const bool later = bottom_right ? j + queries > i + keys : j > i;
      if (allows(operation, mask, first + i * keys + j, attend) && !(causal && later))
        visible[i].push_back(j);
    }
    if (visible[i].empty() && !zero_rows)
      throw ShapeError(std::string(operation) + ": query " + std::to_string(i) +
                       " may attend to no key, its softmax is 0/0; attribute \"masked_row\" = \"zero\" "
                       "makes its result 0");
  }
  return visible;
}

}  // namespace assay::oracles::ops::detail
