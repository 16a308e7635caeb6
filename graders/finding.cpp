#include "graders/finding.hpp"

#include <algorithm>
#include <variant>

namespace assay::graders {

using oracles::ResultJudgement;
using Outcome = ResultJudgement::Outcome;

namespace {

/// True where a value travels as the format says.
bool travels_as(fixtures::NumberFormat format, const oracles::Value& value) {
  switch (format) {
    case fixtures::NumberFormat::float32:
      return std::holds_alternative<oracles::Tensor<float>>(value);
    case fixtures::NumberFormat::int64:
      return std::holds_alternative<oracles::IndexTensor>(value);
    case fixtures::NumberFormat::float64:
      break;
  }
  return std::holds_alternative<oracles::Tensor<double>>(value);
}

}  // namespace

bool fits(const PreparedFunction& function, const Reply& reply) {
  if (reply.values.size() != function.replies.size()) return false;
  const auto& inputs = function.spec->by_reference;
  for (std::size_t i = 0; i < reply.values.size(); ++i) {
    const std::string& name = function.replies[i];
    // An input may be kept in any type: it is only compared with itself.
    if (std::ranges::find(inputs, name) != inputs.end()) continue;
    if (!travels_as(function.format(name), reply.values[i])) return false;
  }
  return true;
}

oracles::Tensor<double> value_of(const PreparedFunction& function, const Reply& reply,
                                 std::string_view name) {
  const auto place = std::ranges::find(function.replies, name) - function.replies.begin();
  return std::visit(
      [](const auto& tensor) {
        oracles::Tensor<double> numbers(tensor.shape);
        std::ranges::transform(tensor.data, numbers.data.begin(),
                               [](auto x) { return static_cast<double>(x); });
        return numbers;
      },
      reply.values.at(static_cast<std::size_t>(place)));
}

Verdict verdict_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::accepted:
      return Verdict::accepted;
    case Outcome::wrong:
      return Verdict::wrong;
    case Outcome::not_finite:
      return Verdict::not_finite;
    case Outcome::wrong_shape:
      return Verdict::wrong_shape;
    case Outcome::set_aside:
    case Outcome::cannot_tell:
      break;
  }
  return Verdict::cannot_tell;
}

}  // namespace assay::graders
