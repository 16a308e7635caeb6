#include "oracles/listing.hpp"

#include <cmath>
#include <cstdio>

#include "oracles/attribute_access.hpp"
#include "oracles/catalogue.hpp"
#include "oracles/misconceptions.hpp"

namespace assay::oracles {
namespace {

std::string kind_text(AttributeKind kind) {
  switch (kind) {
    case AttributeKind::real:
      return "real";
    case AttributeKind::integer:
      return "integer";
    case AttributeKind::flag:
      return "flag";
    case AttributeKind::choice:
      return "choice";
    case AttributeKind::reals:
      return "reals";
    case AttributeKind::integers:
      return "integers";
  }
  return {};
}

OperationListing listed(const Operation& operation) {
  OperationListing entry;
  entry.name = operation.name;
  entry.family = operation.family;
  entry.formula = operation.formula;
  entry.domain = operation.domain;
  entry.source = operation.source;
  for (const InputSpec& input : operation.inputs)
    entry.inputs.push_back({std::string(input.name), std::string(input.shape), input.index, input.optional,
                            input.has_gradient() && operation.ball.vjp, input.range.low, input.range.high,
                            input.values});
  for (const OutputSpec& output : operation.outputs)
    entry.outputs.push_back({std::string(output.name), std::string(output.shape)});
  for (const AttributeSpec& attribute : operation.attributes) {
    std::vector<std::string> choices;
    if (attribute.kind == AttributeKind::choice)
      for (const std::string_view choice : choices_of(attribute)) choices.emplace_back(choice);
    entry.attributes.push_back({std::string(attribute.name), kind_text(attribute.kind),
                                std::string(attribute.fallback), std::string(attribute.meaning), choices});
  }
  entry.numbers = {"ball", "float64", "float32"};
  if (operation.rational.forward) entry.numbers.insert(entry.numbers.begin() + 1, "rational");
  entry.gradient = operation.ball.vjp != nullptr;
  return entry;
}

/// An exact, short text: multiples of 1/256 are.
std::string plain(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.12g", value);
  return text;
}

/// Numbers all over the range and all different, so that nothing in an example is a tie: odd multiples of
/// 1/256 of its width.
TextTensor spread(const Shape& shape, const Range& range, std::size_t first) {
  TextTensor tensor(shape);
  for (std::size_t i = 0; i < tensor.size(); ++i) {
    const double place = (static_cast<double>((37 * (first + i) + 11) % 128) + 0.5) / 128;
    tensor[i] = plain(range.low + (range.high - range.low) * place);
  }
  return tensor;
}

TextTensor spread_indices(const InputSpec& input, const Sample& sample, const Shape& shape) {
  TextTensor tensor(shape);
  for (std::size_t i = 0; i < tensor.size(); ++i)
    tensor[i] = std::to_string(input.values.empty() ? static_cast<std::int64_t>(i + 1) % sample.classes
                                                    : input.values[(i + 1) % input.values.size()]);
  return tensor;
}

Question question_from(const Operation& operation, const Sample& sample) {
  Question question{std::string(operation.name), sample.attributes, {}, {}, {}, 0};
  std::size_t first = 0;
  for (std::size_t k = 0; k < operation.inputs.size(); ++k) {
    const InputSpec& input = operation.inputs[k];
    const Shape& shape = sample.inputs[k];
    if (input.optional && shape == absent) continue;
    question.inputs[std::string(input.name)] =
        input.index ? spread_indices(input, sample, shape) : spread(shape, input.range, first);
    first += element_count(shape);
  }
  if (!operation.ball.vjp) return question;
  const Shapes outputs = operation.output_shapes(sample.inputs, sample.attributes);
  for (std::size_t k = 0; k < outputs.size(); ++k)
    question.upstream[std::string(operation.outputs[k].name)] =
        outputs[k].empty() ? TextTensor::scalar("1") : spread(outputs[k], {-2, 2}, 5 * k);
  return question;
}

}  // namespace

std::vector<OperationListing> operation_listing() {
  std::vector<OperationListing> listing;
  for (const Operation& operation : catalogue()) listing.push_back(listed(operation));
  return listing;
}

std::vector<Question> example_questions(const std::string& name) {
  const Operation* const operation = find_operation(name);
  if (!operation) ask({.operation = name});  // says what is meant
  std::vector<Question> questions;
  for (const Sample& sample : operation->samples) questions.push_back(question_from(*operation, sample));
  return questions;
}

Question example_question(const std::string& name) {
  return example_questions(name).front();
}

std::vector<MisconceptionListing> misconception_listing() {
  std::vector<MisconceptionListing> listing;
  for (const Misconception& wrong : misconceptions())
    listing.push_back({std::string(wrong.id), std::string(wrong.operation), std::string(wrong.mistake),
                       wrong.forward != nullptr, wrong.vjp != nullptr});
  return listing;
}

}  // namespace assay::oracles
