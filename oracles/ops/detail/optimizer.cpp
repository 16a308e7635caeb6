#include "oracles/ops/detail/optimizer.hpp"

#include "oracles/ops/detail/shapes.hpp"

namespace assay::oracles::ops::detail {

std::vector<InputSpec> step_inputs(std::initializer_list<std::string_view> state,
                                   std::string_view not_negative) {
  std::vector<InputSpec> inputs = {{.name = "parameters", .shape = "(...)", .differentiable = false},
                                   {.name = "gradient", .shape = "(...)", .differentiable = false}};
  for (const std::string_view name : state) {
    const bool squares = not_negative.find(name) != not_negative.npos;
    inputs.push_back({.name = name,
                      .shape = "(...)",
                      .optional = true,
                      .differentiable = false,
                      .range = squares ? Range{0.1, 5} : Range{}});
  }
  return inputs;
}

std::vector<OutputSpec> step_outputs(std::initializer_list<std::string_view> state) {
  std::vector<OutputSpec> outputs = {{"new_parameters", "(...)"}};
  for (const std::string_view name : state) outputs.push_back({name, "(...)"});
  return outputs;
}

std::vector<Sample> step_samples(std::size_t states, const std::vector<Attributes>& attributes) {
  const Shape shapes[] = {{2, 3}, {4}, {}, {1}, {2, 1, 2}};
  std::vector<Sample> samples;
  for (const Attributes& set : attributes) {
    const Shape& shape = shapes[samples.size() % std::size(shapes)];
    const bool left_out = samples.size() % 2 == 1;
    Sample sample{{shape, shape}, set};
    for (std::size_t k = 0; k < states; ++k) sample.inputs.push_back(left_out ? absent : shape);
    samples.push_back(sample);
  }
  return samples;
}

Shapes step_shapes(std::string_view operation, const std::vector<InputSpec>& inputs, const Shapes& shapes) {
  const std::string reason = "like input \"parameters\"";
  Shapes outputs = {shapes[0]};
  for (std::size_t k = 1; k < shapes.size(); ++k) {
    if (!(inputs[k].optional && shapes[k] == absent))
      require_shape(operation, inputs[k].name, shapes[k], shapes[0], reason);
    if (k > 1) outputs.push_back(shapes[0]);
  }
  return outputs;
}

void require_not_negative(const Attributes& attributes, std::initializer_list<AttributeSpec> specs) {
  for (const AttributeSpec& spec : specs)
    if (rational_attribute(attributes, spec) < 0)
      refuse_attribute(attributes, spec, "a number of at least 0");
}

void require_positive(const Attributes& attributes, const AttributeSpec& spec) {
  if (rational_attribute(attributes, spec) <= 0)
    refuse_attribute(attributes, spec, "a number greater than 0");
}

void require_rate(const Attributes& attributes, const AttributeSpec& spec) {
  const Rational rate = rational_attribute(attributes, spec);
  if (rate < 0 || rate >= 1) refuse_attribute(attributes, spec, "a number from 0 to less than 1");
}

void require_betas(const Attributes& attributes) {
  for (const Rational& beta : rationals_attribute(attributes, betas_attribute, 2))
    if (beta < 0 || beta >= 1)
      refuse_attribute(attributes, betas_attribute, "two numbers from 0 to less than 1");
}

int step_of(const Attributes& attributes, int most) {
  const std::int64_t step = integer_attribute(attributes, step_attribute);
  if (step < 1 || step > most)
    refuse_attribute(attributes, step_attribute, "an integer from 1 to " + std::to_string(most));
  return static_cast<int>(step);
}

}  // namespace assay::oracles::ops::detail
