#include "properties/own_formula.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "oracles/own_function.hpp"
#include "properties/formula/formula.hpp"

namespace assay::properties {
namespace {

using formula::Environment;
using formula::Formula;
using oracles::Ball;
using oracles::OwnFunction;
using oracles::OwnFunctionError;
using oracles::Tensor;

/// Elementary steps of one evaluation: a few seconds at most.
constexpr std::uint64_t most_steps = 20'000'000;

/// A name for the upstream gradient that no input has.
std::string upstream_name(const std::vector<std::string>& inputs) {
  std::string name = "upstream";
  while (std::ranges::find(inputs, name) != inputs.end()) name += "_";
  return name;
}

class OwnFormula : public OwnFunction {
 public:
  OwnFormula(std::string name, std::vector<std::string> inputs, const std::string& text)
      : name_(std::move(name)),
        inputs_(std::move(inputs)),
        upstream_(upstream_name(inputs_)),
        text_(text),
        value_(formula::parse(text, {{inputs_.begin(), inputs_.end()}})) {
    if (formula::is_statement(value_))
      throw std::invalid_argument("this is a statement, not a number; 1[...] makes 0 or 1 of it");
    formula::Vocabulary all{{inputs_.begin(), inputs_.end()}};
    all.names.insert(upstream_);
    const std::string weighed = "sum(" + upstream_ + " .* (" + formula::to_text(value_) + "))";
    for (const std::string& input : inputs_)
      slopes_.push_back(formula::parse("diff(" + weighed + ", " + input + ")", all));
  }

  std::string name() const override { return name_; }
  std::size_t inputs() const override { return inputs_.size(); }
  std::size_t outputs() const override { return 1; }

  Values values(const Arguments& arguments) const override {
    return {evaluated(value_, environment_of(arguments))};
  }

  /// ∂(Σ ū f)/∂x for each real input x.
  Values gradients(const Arguments& arguments, const Values& upstream) const override {
    Environment<Ball> environment = environment_of(arguments);
    environment.real[upstream_] = upstream.at(0);
    Values gradients;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const auto* const real = std::get_if<Tensor<Ball>>(&arguments[i]);
      gradients.push_back(real ? evaluated(slopes_[i], environment) : Tensor<Ball>(oracles::Shape{0}));
      if (real && gradients.back().shape != real->shape)
        throw OwnFunctionError(name_ + ": the gradient of " + inputs_[i] + " has shape " +
                               oracles::to_string(gradients.back().shape) + ", not " +
                               oracles::to_string(real->shape));
    }
    return gradients;
  }

 private:
  Environment<Ball> environment_of(const Arguments& arguments) const {
    Environment<Ball> environment;
    environment.steps = most_steps;
    for (std::size_t i = 0; i < arguments.size(); ++i)
      if (const auto* const labels = std::get_if<oracles::IndexTensor>(&arguments[i]))
        environment.index[inputs_[i]] = *labels;
      else
        environment.real[inputs_[i]] = std::get<Tensor<Ball>>(arguments[i]);
    return environment;
  }

  /// Only the value's own offsets lie in the author's text.
  Tensor<Ball> evaluated(const Formula& what, const Environment<Ball>& environment) const {
    try {
      return std::get<Tensor<Ball>>(formula::evaluate(what, environment));
    } catch (const formula::EvaluationError& error) {
      const bool in_text = &what == &value_;
      throw OwnFunctionError(name_ + ": " + error.what() + (in_text ? "" : ", in the gradient") + "\n" +
                             formula::pointed(text_, in_text ? error.offset : 0));
    }
  }

  std::string name_;
  std::vector<std::string> inputs_;
  std::string upstream_;
  std::string text_;
  Formula value_;
  std::vector<Formula> slopes_;  ///< one for each input
};

}  // namespace

std::shared_ptr<const OwnFunction> own_formula(std::string name, std::vector<std::string> inputs,
                                               const std::string& text) {
  return std::make_shared<const OwnFormula>(std::move(name), std::move(inputs), text);
}

}  // namespace assay::properties
