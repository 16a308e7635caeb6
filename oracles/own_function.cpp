#include "oracles/own_function.hpp"

#include <algorithm>
#include <utility>

namespace assay::oracles {
namespace {

Value in_doubles(const OwnFunction::Argument& argument) {
  if (const auto* const labels = std::get_if<IndexTensor>(&argument)) return *labels;
  const auto& balls = std::get<Tensor<Ball>>(argument);
  Tensor<double> numbers(balls.shape);
  std::ranges::transform(balls.data, numbers.data.begin(), midpoint_double);
  return numbers;
}

class OwnDoubles : public OwnFunction {
 public:
  using Answer = std::function<std::vector<Tensor<double>>(const std::vector<Value>&)>;

  OwnDoubles(std::string name, std::size_t inputs, std::size_t outputs, Tolerance tolerance, Answer answer)
      : name_(std::move(name)),
        inputs_(inputs),
        outputs_(outputs),
        tolerance_(std::move(tolerance)),
        answer_(std::move(answer)) {}

  std::string name() const override { return name_; }
  std::size_t inputs() const override { return inputs_; }
  std::size_t outputs() const override { return outputs_; }
  std::optional<Tolerance> tolerance() const override { return tolerance_; }

  Values values(const Arguments& arguments) const override {
    std::vector<Value> given;
    for (const Argument& argument : arguments) given.push_back(in_doubles(argument));
    Values balls;
    const std::vector<Tensor<double>> answers = answer_(given);
    for (const Tensor<double>& numbers : answers) {
      Tensor<Ball>& result = balls.emplace_back(numbers.shape);
      std::ranges::transform(numbers.data, result.data.begin(), [](double x) { return Ball(x); });
    }
    return balls;
  }

  Values gradients(const Arguments&, const Values&) const override {
    throw OwnFunctionError(name_ + ": answers in doubles have no gradient");
  }

 private:
  std::string name_;
  std::size_t inputs_, outputs_;
  Tolerance tolerance_;
  Answer answer_;
};

}  // namespace

std::shared_ptr<const OwnFunction> own_doubles(std::string name, std::size_t inputs, std::size_t outputs,
                                               Tolerance tolerance, OwnDoubles::Answer answer) {
  return std::make_shared<const OwnDoubles>(std::move(name), inputs, outputs, std::move(tolerance),
                                            std::move(answer));
}

}  // namespace assay::oracles
