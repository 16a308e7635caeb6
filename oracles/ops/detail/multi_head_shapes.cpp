#include "oracles/ops/detail/multi_head_shapes.hpp"

#include <string>

#include "oracles/ops/detail/shapes.hpp"

namespace assay::oracles::ops::detail {

namespace {

/// The places of the inputs.
enum : std::size_t {
  query,
  key,
  value,
  packed,
  q_weight,
  k_weight,
  v_weight,
  in_bias,
  out_weight,
  out_bias,
  mask
};

/// Keys that are left out are the queries, values that are left out are the keys.
Shape keys_of(const Shapes& inputs) {
  return inputs[key] == absent ? inputs[query] : inputs[key];
}
Shape values_of(const Shapes& inputs) {
  return inputs[value] == absent ? keys_of(inputs) : inputs[value];
}

void require_sequences(std::string_view operation, const Shapes& inputs) {
  const Shape& q = inputs[query];
  require_rank(operation, "query", q, 3, "(N, L, E)");
  const Shape k = keys_of(inputs), v = values_of(inputs);
  require_rank(operation, "key", k, 3, "(N, S, Ek)");
  require_rank(operation, "value", v, 3, "(N, S, Ev)");
  require_shape(operation, "key", k, {q[0], k[1], k[2]}, "because input \"query\" is " + to_string(q));
  require_shape(operation, "value", v, {k[0], k[1], v[2]}, "because the keys are " + to_string(k));
}

void require_projections(std::string_view operation, const Shapes& inputs) {
  const std::size_t width = inputs[query][2], keys = keys_of(inputs)[2], values = values_of(inputs)[2];
  const std::string reason = "because input \"query\" is " + to_string(inputs[query]);
  const Shape needed[] = {{width, width}, {width, keys}, {width, values}};
  constexpr std::string_view names[] = {"q_proj_weight", "k_proj_weight", "v_proj_weight"};
  if (inputs[packed] == absent) {
    for (std::size_t which = 0; which < 3; ++which)
      require_shape(operation, names[which], inputs[q_weight + which], needed[which],
                    reason + ", unless in_proj_weight is given");
    return;
  }
  for (std::size_t which = 0; which < 3; ++which)
    require_shape(operation, names[which], inputs[q_weight + which], absent,
                  "left out, because in_proj_weight is given");
  if (keys != width || values != width)
    refuse_shape(operation, "in_proj_weight", inputs[packed],
                 "to be left out for three separate weights, because keys or values do not have " +
                     std::to_string(width) + " features");
  require_shape(operation, "in_proj_weight", inputs[packed], {checked_product({3, width}), width}, reason);
}

}  // namespace

Operation multi_head_spec(std::string_view name) {
  std::vector<AttributeSpec> attributes = masking_attributes();
  attributes.insert(attributes.begin(), num_heads_attribute);
  const auto optional = [](std::string_view input, std::string_view shape) {
    return InputSpec{.name = input, .shape = shape, .optional = true};
  };
  const Shape no = absent;
  return {
      .name = name,
      .formula =
          "Y = concat_t(softmax(Q_t K_t^T / sqrt(E/h)) V_t) W_o^T + b_o; Q, K, V = X W^T + b, head t "
          "has its columns",
      .domain = "all real inputs; every query sees a key, or masked_row is zero",
      .source =
          "Vaswani et al., Attention Is All You Need, 2017, section 3.2.2; parameters as in PyTorch's "
          "MultiheadAttention",
      .inputs = {{"query", "(N, L, E)"},
                 optional("key", "(N, S, Ek)"),
                 optional("value", "(N, S, Ev)"),
                 optional("in_proj_weight", "(3E, E)"),
                 optional("q_proj_weight", "(E, E)"),
                 optional("k_proj_weight", "(E, Ek)"),
                 optional("v_proj_weight", "(E, Ev)"),
                 optional("in_proj_bias", "(3E)"),
                 {"out_proj_weight", "(E, E)"},
                 optional("out_proj_bias", "(E)"),
                 {.name = "mask",
                  .shape = "(L, S) or (N, L, S)",
                  .index = true,
                  .optional = true,
                  .values = {0, 1}}},
      .outputs = {{"Y", "(N, L, E)"}},
      .attributes = attributes,
      .samples = {{{{1, 2, 4}, no, no, {12, 4}, no, no, no, {12}, {4, 4}, {4}, no}, {{"num_heads", "2"}}},
                  {{{2, 2, 2}, {2, 3, 2}, no, {6, 2}, no, no, no, no, {2, 2}, no, {2, 2, 3}},
                   {{"num_heads", "2"}, {"masked_row", "zero"}}},
                  {{{1, 2, 2}, {1, 3, 1}, {1, 3, 3}, no, {2, 2}, {2, 1}, {2, 3}, {6}, {2, 2}, {2}, no}, {}},
                  {{{1, 1, 1}, no, no, {3, 1}, no, no, no, {3}, {1, 1}, {1}, no}},
                  {{{1, 3, 2}, no, no, {6, 2}, no, no, no, {6}, {2, 2}, no, no}, {{"is_causal", "true"}}},
                  {{{1, 2, 2}, {1, 3, 2}, {1, 3, 2}, {6, 2}, no, no, no, {6}, {2, 2}, {2}, {2, 3}},
                   {{"is_causal", "true"},
                    {"causal_alignment", "bottom_right"},
                    {"mask_one", "block"},
                    {"masked_row", "zero"}}}}};
}

std::size_t num_heads_of(std::string_view operation, const Attributes& attributes, std::size_t width) {
  const std::int64_t heads = integer_attribute(attributes, num_heads_attribute);
  if (heads < 1) refuse_attribute(attributes, num_heads_attribute, "an integer of at least 1");
  if (width % static_cast<std::size_t>(heads) != 0)
    throw ShapeError(std::string(operation) + ": attribute \"num_heads\" is " + std::to_string(heads) +
                     "; it needs a divisor of the " + std::to_string(width) + " features of input \"query\"");
  return static_cast<std::size_t>(heads);
}

Shape multi_head_output(std::string_view operation, const Shapes& inputs, const Attributes& attributes) {
  require_sequences(operation, inputs);
  const Shape& q = inputs[query];
  const std::size_t width = q[2];
  num_heads_of(operation, attributes, width);
  require_projections(operation, inputs);
  const std::string reason = "because input \"query\" is " + to_string(q);
  if (inputs[in_bias] != absent)
    require_shape(operation, "in_proj_bias", inputs[in_bias], {checked_product({3, width})}, reason);
  require_shape(operation, "out_proj_weight", inputs[out_weight], {width, width}, reason);
  if (inputs[out_bias] != absent)
    require_shape(operation, "out_proj_bias", inputs[out_bias], {width}, reason);
  require_mask(operation, inputs[mask], {q[0], q[1], keys_of(inputs)[1]});
  return q;
}

Cost multi_head_cost(const Shapes& inputs) {
  const Shape &q = inputs[query], k = keys_of(inputs), v = values_of(inputs);
  const std::size_t width = q[2];
  Cost cost{.multiply_adds =
                checked_product({2, element_count(q), width}) + checked_product({element_count(k), width}) +
                checked_product({element_count(v), width}) + checked_product({2, element_count(q), k[1]}),
            .parameters = 0};
  for (std::size_t input = packed; input < mask; ++input)
    if (inputs[input] != absent) cost.parameters += element_count(inputs[input]);
  return cost;
}

}  // namespace assay::oracles::ops::detail
