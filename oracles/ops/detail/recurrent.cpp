#include "oracles/ops/detail/recurrent.hpp"

#include <string>

namespace assay::oracles::ops::detail {

namespace {

/// (4H, D) and so on, as text that lives as long as the program.
std::string_view symbol(std::size_t gates, std::size_t which) {
  static constexpr std::string_view one[] = {"(H, D)", "(H, H)", "(H)"};
  static constexpr std::string_view three[] = {"(3H, D)", "(3H, H)", "(3H)"};
  static constexpr std::string_view four[] = {"(4H, D)", "(4H, H)", "(4H)"};
  return (gates == 1 ? one : gates == 3 ? three : four)[which];
}

}  // namespace

std::vector<InputSpec> recurrent_inputs(std::span<const std::string_view> states, std::size_t gates) {
  std::vector<InputSpec> inputs = {{"X", "(N, D)"}};
  for (const std::string_view state : states)
    inputs.push_back({.name = state, .shape = "(N, H)", .optional = true});
  inputs.push_back({"weight_ih", symbol(gates, 0)});
  inputs.push_back({"weight_hh", symbol(gates, 1)});
  inputs.push_back({.name = "bias_ih", .shape = symbol(gates, 2), .optional = true});
  inputs.push_back({.name = "bias_hh", .shape = symbol(gates, 2), .optional = true});
  return inputs;
}

Shape recurrent_state_shape(std::string_view operation, std::size_t states, std::size_t gates,
                            const Shapes& inputs) {
  const Shape &x = inputs[0], &w_ih = inputs[states + 1], &w_hh = inputs[states + 2];
  require_rank(operation, "X", x, 2, "(N, D)");
  require_rank(operation, "weight_hh", w_hh, 2, symbol(gates, 1));
  const std::size_t units = w_hh[1], stacked = checked_product({gates, units});
  const std::string reason = "because input \"weight_hh\" is " + to_string(w_hh);
  if (w_hh[0] != stacked)
    refuse_shape(operation, "weight_hh", w_hh,
                 std::string(symbol(gates, 1)) + ": " + to_string({stacked, units}) +
                     " for H = " + std::to_string(units));
  require_shape(operation, "weight_ih", w_ih, {stacked, x[1]},
                "because input \"X\" is " + to_string(x) + " and \"weight_hh\" " + to_string(w_hh));
  constexpr std::string_view state_names[] = {"h", "c"};
  for (std::size_t k = 0; k < states; ++k)
    if (inputs[1 + k] != absent)
      require_shape(operation, state_names[k], inputs[1 + k], {x[0], units}, reason);
  constexpr std::string_view bias_names[] = {"bias_ih", "bias_hh"};
  for (std::size_t k = 0; k < 2; ++k)
    if (inputs[states + 3 + k] != absent)
      require_shape(operation, bias_names[k], inputs[states + 3 + k], {stacked}, reason);
  return {x[0], units};
}

Cost recurrent_cost(std::size_t states, std::size_t gates, const Shapes& inputs) {
  const std::size_t rows = inputs[0][0], features = inputs[0][1], units = inputs[states + 2][1];
  Cost cost{.multiply_adds = checked_product({gates, units, features + units, rows}), .parameters = 0};
  for (std::size_t k = states + 1; k < inputs.size(); ++k)
    if (inputs[k] != absent) cost.parameters += element_count(inputs[k]);
  return cost;
}

std::vector<Sample> recurrent_samples(std::size_t states, std::size_t gates,
                                      const std::vector<Attributes>& attributes) {
  struct Sizes {
    std::size_t rows, features, units;
    bool state, first_bias, second_bias;
  };
  constexpr Sizes all[] = {{2, 3, 2, true, true, true},
                           {1, 1, 1, true, true, false},
                           {2, 2, 1, false, false, false},
                           {1, 2, 3, true, false, true},
                           {3, 1, 2, true, true, true}};
  std::vector<Sample> samples;
  for (const Sizes& s : all) {
    const std::size_t stacked = gates * s.units;
    Sample sample{{{s.rows, s.features}}, attributes[samples.size() % attributes.size()]};
    for (std::size_t k = 0; k < states; ++k)
      sample.inputs.push_back(s.state ? Shape{s.rows, s.units} : absent);
    sample.inputs.push_back({stacked, s.features});
    sample.inputs.push_back({stacked, s.units});
    sample.inputs.push_back(s.first_bias ? Shape{stacked} : absent);
    sample.inputs.push_back(s.second_bias ? Shape{stacked} : absent);
    samples.push_back(sample);
  }
  return samples;
}

}  // namespace assay::oracles::ops::detail
