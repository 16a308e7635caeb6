/// Which keys a query may attend to: the mask, the causal rule, and rows that nothing is left of.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/operation.hpp"

namespace assay::oracles::ops::detail {

inline constexpr AttributeSpec is_causal_attribute{
    "is_causal", "false", "whether a query sees no key after its own position", AttributeKind::flag};
inline constexpr AttributeSpec causal_alignment_attribute{
    "causal_alignment", "top_left",
    "where the diagonal lies if there are L queries and S keys: top_left (key j <= query i, PyTorch) or "
    "bottom_right (j <= i + S - L, FlashAttention)",
    AttributeKind::choice, "top_left|bottom_right"};
inline constexpr AttributeSpec mask_one_attribute{
    "mask_one", "attend",
    "what 1 in the mask means: attend (PyTorch's scaled_dot_product_attention) or block (its "
    "MultiheadAttention)",
    AttributeKind::choice, "attend|block"};
inline constexpr AttributeSpec masked_row_attribute{
    "masked_row", "error",
    "a query that may attend to nothing, 0/0: error, or zero for a result of 0 without a gradient",
    AttributeKind::choice, "error|zero"};

/// The four attributes of masking, for the spec of an operation.
std::vector<AttributeSpec> masking_attributes();

/// Throws ShapeError unless the mask is left out, (L, S), or (..., L, S) like the scores.
void require_mask(std::string_view operation, const Shape& mask, const Shape& scores);

/// The keys each query may attend to, in ascending order.
using VisibleKeys = std::vector<std::vector<std::size_t>>;

/// The visible keys of the L queries of one batch entry; the mask is absent, (L, S) or (batches, L, S).
/// Throws ShapeError where the mask holds anything but 0 and 1, and where a query is left without keys.
VisibleKeys visible_keys(std::string_view operation, const Attributes& attributes, const IndexTensor& mask,
                         std::size_t batch, std::size_t queries, std::size_t keys);

}  // namespace assay::oracles::ops::detail
