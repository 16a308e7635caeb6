#include "graders/criteria/call.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "graders/finding.hpp"

namespace assay::graders {
namespace {

using oracles::Expected;
using properties::Case;

/// A reply may be this much larger than the right one before it is refused unread.
constexpr std::size_t spare_reply_bytes = 1 << 16;

std::vector<oracles::Value> arguments_of(const PreparedFunction& function, const Case& one,
                                         const Expected& expected) {
  std::vector<oracles::Value> arguments;
  for (const std::string& name : function.spec->arguments) {
    const auto input = one.inputs.find(name);
    arguments.push_back(input != one.inputs.end() ? input->second
                                                  : leftovers(expected.shape(name), function.format(name)));
  }
  return arguments;
}

std::size_t largest_reply(const PreparedFunction& function, const Case& one, const Expected& expected) {
  std::size_t bytes = spare_reply_bytes;
  for (const std::string& result : function.spec->results)
    bytes += 2 * sizeof(double) * oracles::element_count(expected.shape(result));
  for (const std::string& input : function.spec->by_reference)
    bytes += 2 * sizeof(double) * oracles::element_count(oracles::shape_of(one.inputs.at(input)));
  return bytes;
}

}  // namespace

oracles::Value leftovers(const oracles::Shape& shape, fixtures::NumberFormat format) {
  oracles::Tensor<double> tensor(shape);
  for (std::size_t i = 0; i < tensor.size(); ++i) tensor[i] = 0.625 * static_cast<double>(i % 7 + 1);
  if (format != fixtures::NumberFormat::int64) return tensor;
  oracles::IndexTensor whole(shape);
  for (std::size_t i = 0; i < whole.size(); ++i) whole[i] = static_cast<std::int64_t>(i % 7 + 1);
  return whole;
}

std::string sizes_of(const Prepared& prepared, const PreparedFunction& function, const Case& one) {
  std::string text;
  for (const auto& [name, extent] : one.extents) {
    const bool used =
        std::ranges::any_of(function.spec->arguments, [&, &dimension = name](const std::string& argument) {
          const auto input = prepared.assignment.inputs.find(argument);
          return input != prepared.assignment.inputs.end() &&
                 std::ranges::find(input->second.shape, dimension) != input->second.shape.end();
        });
    if (used) text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", name, extent);
  }
  return text;
}

Reply call(Session& in, const PreparedFunction& function, const Case& one, const Expected& expected) {
  Reply reply = in.call(function.spec->name, arguments_of(function, one, expected),
                        largest_reply(function, one, expected));
  if (reply.kind == Reply::Kind::values && !fits(function, reply))
    return {Reply::Kind::malformed, {}, "values of another number or type than the function returns"};
  return reply;
}

void put(oracles::Value& input, const oracles::Tensor<double>& got) {
  if (auto* const wide = std::get_if<oracles::Tensor<double>>(&input)) *wide = got;
  if (auto* const narrow = std::get_if<oracles::Tensor<float>>(&input))
    std::ranges::transform(got.data, narrow->data.begin(), [](double x) { return static_cast<float>(x); });
}

Ending ending_of(Session& session, const PreparedFunction& function, const Reply& reply) {
  if (reply.kind != Reply::Kind::missing_function) return session.ending(reply);
  const std::string& declaration = function.spec->declaration;
  return {Verdict::missing_function,
          "the submission defines no " + (declaration.empty() ? function.spec->name : declaration), "", ""};
}

}  // namespace assay::graders
