/// Whether a known mistake can show at all where a program could make it.
#include <algorithm>
#include <cmath>
#include <random>

#include "oracles/misconceptions.hpp"
#include "oracles/mistake.hpp"
#include "oracles/numeric/ball.hpp"
#include "oracles/varied_run.hpp"

namespace assay::oracles {
namespace {

using Part = Replacement::Part;

/// At which equal results agree to some hundred digits, and unequal ones do not.
constexpr long bits = 512;
constexpr double smallest_radius = 0x1p-300;
/// Calls with the shapes of each sample.
constexpr int calls_of_a_sample = 4;

/// Random calls of an operation as one step of a program calls it.
class Calls {
 public:
  Calls(const Program& program, const Program::Call& call) : program_(program), call_(call) {}

  /// The shapes of a sample, without the optional inputs that the program leaves out.
  Shapes shapes(const Sample& sample) const {
    Shapes shapes = sample.inputs;
    for (std::size_t i = 0; i < shapes.size(); ++i)
      if (std::holds_alternative<Program::Absent>(program_.definition(call_.arguments.at(i)).what))
        shapes[i] = absent;
    return shapes;
  }

  Arguments<Ball> arguments(const Sample& sample, const Shapes& shapes) {
    Arguments<Ball> drawn;
    for (std::size_t i = 0; i < shapes.size(); ++i) {
      const InputSpec& input = call_.operation->inputs[i];
      if (input.index)
        drawn.index.push_back(labels(input, sample, shapes[i]));
      else
        drawn.real.push_back(reals(shapes[i], input.range));
    }
    return drawn;
  }

  Tensor<Ball> reals(const Shape& shape, const Range& range = {}) {
    Tensor<Ball> tensor(shape);
    for (Ball& element : tensor.data)
      element = Ball(std::uniform_real_distribution<double>(range.low, range.high)(random_));
    return tensor;
  }

 private:
  IndexTensor labels(const InputSpec& input, const Sample& sample, const Shape& shape) {
    IndexTensor tensor(shape);
    for (std::int64_t& label : tensor.data) {
      const auto count =
          input.values.empty() ? sample.classes : static_cast<std::int64_t>(input.values.size());
      label = std::uniform_int_distribution<std::int64_t>(0, count - 1)(random_);
      if (!input.values.empty()) label = input.values[static_cast<std::size_t>(label)];
    }
    return tensor;
  }

  const Program& program_;
  const Program::Call& call_;
  std::mt19937_64 random_{1};
};

bool certainly_differ(const Tensors<Ball>& a, const Tensors<Ball>& b) {
  for (std::size_t k = 0; k < a.size(); ++k) {
    if (a[k].shape != b.at(k).shape) return true;
    for (std::size_t i = 0; i < a[k].size(); ++i)
      if (!overlaps(a[k][i], b[k][i])) return true;
  }
  return false;
}

/// Whether the misconception changes one call.
bool changes(const Replacement& by, const Operation& operation, const Attributes& attributes,
             const Arguments<Ball>& arguments, const Tensors<Ball>& upstream) {
  const Misconception& wrong = *by.misconception;
  const Evaluator<Ball>& right = operation.ball;
  if (wrong.forward && by.part != Part::gradient &&
      certainly_differ(wrong.forward(arguments, attributes), right.forward(arguments, attributes)))
    return true;
  return wrong.vjp && right.vjp && by.part != Part::result &&
         certainly_differ(wrong.vjp(arguments, upstream, attributes),
                          right.vjp(arguments, upstream, attributes));
}

/// True, too, where no sample fits the attributes: then nothing is known.
bool shows_in_samples(const Program& program, const Replacement& by) {
  const auto& call = std::get<Program::Call>(program.steps()[by.step].what);
  const Operation& operation = *call.operation;
  Calls calls(program, call);
  bool any_fits = false;
  for (const Sample& sample : operation.samples) try {
      const Shapes shapes = calls.shapes(sample), outputs = operation.output_shapes(shapes, call.attributes);
      for (int i = 0; i < calls_of_a_sample; ++i) {
        Tensors<Ball> upstream;
        for (const Shape& shape : outputs) upstream.push_back(calls.reals(shape));
        if (changes(by, operation, call.attributes, calls.arguments(sample, shapes), upstream)) return true;
        any_fits = true;
      }
    } catch (const ShapeError&) {  // the sample needs other attributes
    }
  return !any_fits;
}

/// One number for all that is known, or a choice that a kink of one of the two leaves open.
bool agree(const Ball& truth, const Ball& varied) {
  if (is_nan(truth) || is_nan(varied)) return false;
  const auto sharp = [](const Ball& ball) {
    return radius_double(ball) <= smallest_radius * (1 + std::abs(midpoint_double(ball)));
  };
  return contains(truth, varied) || contains(varied, truth) ||
         (overlaps(truth, varied) && sharp(truth) && sharp(varied));
}

}  // namespace

bool can_be_made(const Program& program, const ProgramMistake& mistake) {
  const PrecisionScope scope(bits);
  return std::ranges::any_of(mistake.replaced,
                             [&](const Replacement& by) { return shows_in_samples(program, by); });
}

bool changes_nothing(const Program& program, const Variation& variation,
                     const std::vector<std::string>& results, const Bindings& inputs) {
  const PrecisionScope scope(bits);
  const auto truth = run_varied(program, nullptr, results, inputs);
  const auto varied = run_varied(program, &variation, results, inputs);
  for (std::size_t k = 0; k < truth.size(); ++k) {
    if (truth[k].shape != varied[k].shape) return false;
    for (std::size_t i = 0; i < truth[k].size(); ++i)
      if (!agree(truth[k][i], varied[k][i])) return false;
  }
  return true;
}

}  // namespace assay::oracles
