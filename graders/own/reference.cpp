#include "graders/own/reference.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "graders/author_files.hpp"
#include "graders/criteria/call.hpp"
#include "graders/data.hpp"
#include "graders/finding.hpp"
#include "graders/session.hpp"
#include "graders/toolchain.hpp"
#include "oracles/own_function.hpp"

namespace assay::graders {
namespace {

/// Apart from those of the submissions that are graded at the same time.
constexpr unsigned reference_slot = 63;
constexpr std::size_t largest_reply = 64 << 20;

std::vector<std::string> inputs_of(const fixtures::Assignment& assignment,
                                   const fixtures::FunctionSpec& function) {
  std::vector<std::string> inputs;
  for (const std::string& argument : function.arguments)
    if (assignment.inputs.contains(argument)) inputs.push_back(argument);
  return inputs;
}

}  // namespace

class ReferenceProgram {
 public:
  ReferenceProgram(const Sandbox& sandbox, const fixtures::Assignment& assignment)
      : sandbox_(sandbox),
        assignment_(assignment),
        toolchain_(sandbox, assignment_, work_.path(), driver_headers()),
        compiled_(toolchain_.compile("reference", reference_files(assignment_), reference_slot)) {
    if (compiled_.verdict != Verdict::accepted)
      throw ToolchainError("the reference solution, with which others would be compared, does not build: " +
                           compiled_.message);
  }

  Reply call(const std::string& function, const std::vector<oracles::Value>& arguments) {
    const std::lock_guard lock(guard_);
    if (!session_ || !session_->is_young())
      session_.emplace(sandbox_, compiled_.program, assignment_.limits, reference_slot);
    Reply reply = session_->call(function, arguments, largest_reply);
    if (reply.kind == Reply::Kind::values) return reply;
    reply.text = session_->ending(reply).message;
    session_.reset();
    return reply;
  }

 private:
  const Sandbox& sandbox_;
  const fixtures::Assignment assignment_;
  const WorkFolder work_;
  Toolchain toolchain_;
  Compiled compiled_;
  std::mutex guard_;
  std::optional<Session> session_;
};

namespace {

/// One function of the reference, asked for the values of its inputs.
class Asked {
 public:
  Asked(std::shared_ptr<ReferenceProgram> reference, const fixtures::Assignment& assignment,
        const fixtures::FunctionSpec& spec)
      : reference_(std::move(reference)), spec_(spec), inputs_(inputs_of(assignment, spec)) {
    function_.spec = &spec_;
    function_.replies = replies_of(spec_);
    for (const std::string& input : inputs_) shapes_.push_back(assignment.inputs.at(input).shape);
  }
  Asked(const Asked&) = delete;

  std::vector<oracles::Tensor<double>> operator()(const std::vector<oracles::Value>& values) const {
    std::map<std::string, oracles::Value> by_name;
    for (std::size_t i = 0; i < inputs_.size(); ++i) by_name[inputs_[i]] = values.at(i);
    std::vector<oracles::Value> arguments;
    for (const std::string& argument : spec_.arguments) {
      const auto input = by_name.find(argument);
      arguments.push_back(input != by_name.end()
                              ? input->second
                              : leftovers(shape_of(argument, values), function_.format(argument)));
    }
    const Reply reply = reference_->call(spec_.name, arguments);
    if (reply.kind != Reply::Kind::values || !fits(function_, reply))
      throw oracles::OwnFunctionError("the reference solution's " + spec_.name + " gives no answer: " +
                                      (reply.text.empty() ? "values of another type" : reply.text));
    std::vector<oracles::Tensor<double>> results;
    for (const std::string& result : spec_.results) results.push_back(value_of(function_, reply, result));
    return results;
  }

 private:
  /// Of a result written in place: what its dimensions are in these inputs.
  oracles::Shape shape_of(const std::string& result, const std::vector<oracles::Value>& values) const {
    std::map<std::string, std::size_t> extents;
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      const oracles::Shape& shape = oracles::shape_of(values[i]);
      for (std::size_t axis = 0; axis < std::min(shape.size(), shapes_[i].size()); ++axis)
        extents[shapes_[i][axis]] = shape[axis];
    }
    oracles::Shape shape;
    for (const std::string& extent : spec_.reference_truth->shapes.at(result)) {
      std::size_t count = 0;
      if (std::from_chars(extent.data(), extent.data() + extent.size(), count).ec == std::errc()) {
        shape.push_back(count);
      } else if (const auto found = extents.find(extent); found != extents.end()) {
        shape.push_back(found->second);
      } else {
        throw oracles::OwnFunctionError("the shape of '" + result + "' names dimension " + extent +
                                        ", which no input of '" + spec_.name + "' has");
      }
    }
    return shape;
  }

  std::shared_ptr<ReferenceProgram> reference_;
  const fixtures::FunctionSpec spec_;
  std::vector<std::string> inputs_;
  std::vector<std::vector<std::string>> shapes_;
  PreparedFunction function_;
};

}  // namespace

std::shared_ptr<ReferenceProgram> reference_program(const Sandbox& sandbox,
                                                    const fixtures::Assignment& assignment) {
  return std::make_shared<ReferenceProgram>(sandbox, assignment);
}

oracles::Program reference_truth(std::shared_ptr<ReferenceProgram> reference,
                                 const fixtures::Assignment& assignment,
                                 const fixtures::FunctionSpec& function) {
  const auto inputs = inputs_of(assignment, function);
  const auto asked = std::make_shared<const Asked>(std::move(reference), assignment, function);
  const std::string name = "reference_solution";
  const oracles::OwnFunctions own{
      oracles::own_doubles(name, inputs.size(), function.results.size(),
                           {function.reference_truth->absolute, function.reference_truth->relative},
                           [asked](const std::vector<oracles::Value>& values) { return (*asked)(values); })};
  const std::vector<std::string> statements{
      fmt::format("{} = {}({})", fmt::join(function.results, ", "), name, fmt::join(inputs, ", "))};
  return oracles::Program::parse(statements, inputs, own);
}

std::string reference_evidence(const fixtures::ReferenceTruth& truth) {
  // 1e-09, as a TOML number is kept, is 1e-9 to people.
  const auto plain = [](std::string number) {
    if (const auto zero = number.find("e-0"); zero != std::string::npos) number.erase(zero + 2, 1);
    return number;
  };
  std::string tolerance;
  if (truth.relative != "0") tolerance = plain(truth.relative) + " (relative)";
  if (truth.absolute != "0")
    tolerance += (tolerance.empty() ? "" : " or ") + plain(truth.absolute) + " (absolute)";
  return "compared with the reference's float64 answer, tolerance " + tolerance;
}

}  // namespace assay::graders
