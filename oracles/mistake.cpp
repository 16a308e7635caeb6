#include "oracles/mistake.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "oracles/misconceptions.hpp"
#include "oracles/numeric/ball.hpp"
#include "oracles/program_evaluate.hpp"
#include "oracles/unstable.hpp"
#include "oracles/varied_run.hpp"

namespace assay::oracles {
namespace {

using Part = Replacement::Part;

// ---- Changes of a result ---------------------------------------------------------------------------------

/// Partial sums whose rounding an addition admits.
constexpr unsigned long partial_sums = 8;

/// numerator / denominator ± radius.
Ball constant_of(const Relation& relation) {
  const Ball quotient = Ball(relation.numerator) / Ball(relation.denominator);
  return relation.radius == 0 ? quotient : quotient + ball_around(Ball(0), Ball(relation.radius));
}

Shape permuted(const Shape& shape, const std::vector<std::size_t>& axes) {
  if (axes.size() != shape.size()) throw ShapeError("a permutation of other axes");
  Shape result;
  for (const std::size_t axis : axes) result.push_back(shape.at(axis));
  return result;
}

/// Distance in memory of two neighbours along each axis.
std::vector<std::size_t> strides_of(const Shape& shape) {
  std::vector<std::size_t> strides(shape.size(), 1);
  for (std::size_t axis = shape.size(); axis-- > 1;) strides[axis - 1] = strides[axis] * shape[axis];
  return strides;
}

template <class T>
Tensor<T> transposed(const Tensor<T>& tensor, const std::vector<std::size_t>& axes) {
  Tensor<T> result(permuted(tensor.shape, axes));
  const auto from = strides_of(tensor.shape), to = strides_of(result.shape);
  for (std::size_t i = 0; i < result.size(); ++i) {
    std::size_t place = 0;
    for (std::size_t axis = 0; axis < axes.size(); ++axis)
      place += i / to[axis] % result.shape[axis] * from[axes[axis]];
    result[i] = tensor[place];
  }
  return result;
}

template <class T>
Tensor<T> reversed(const Tensor<T>& tensor, std::size_t axis) {
  const std::size_t extent = tensor.shape.at(axis), stride = strides_of(tensor.shape)[axis];
  Tensor<T> result(tensor.shape);
  for (std::size_t i = 0; i < result.size(); ++i) {
    const std::size_t place = i / stride % extent;
    result[i] = tensor[i - place * stride + (extent - 1 - place) * stride];
  }
  return result;
}

struct OnBalls {
  static void scale(Ball& x, const Relation& by) { x *= constant_of(by); }
  static void shift(Ball& x, const Relation& by) { x += constant_of(by); }
  static void add(Ball& x, double term) {
    x += Ball(term);
    // Terms of a sum that are added one by one are rounded at the size of what was there.
    detail::admit_rounding(arb(x), partial_sums);
  }
};

/// With more than all roundings that the same has on balls, these doubles' own included.
struct OnRough {
  using Number = RoughResult::Number;
  const RoughResult& bound;

  void scale(Number& x, const Relation& by) const {
    const double factor = by.numerator / by.denominator;
    widen(x, std::abs(factor), 0, std::abs(x.middle) * by.radius);
    x.middle *= factor;
    widen(x, 1, std::abs(x.middle), 0);
  }
  void shift(Number& x, const Relation& by) const {
    const double term = by.numerator / by.denominator;
    widen(x, 1, std::abs(x.middle) + std::abs(term), by.radius);
    x.middle += term;
  }
  void add(Number& x, double term) const {
    widen(x, 1, partial_sums * (std::abs(x.middle) + std::abs(term)), 0);
    x.middle += term;
  }

 private:
  /// `rounded`: the size of what is rounded; `radius`: what comes to the radius of the ball.
  void widen(Number& x, double factor, double rounded, double radius) const {
    x.reach = 1.001 * factor * x.reach + 4 * bound.radii * (bound.ulp * rounded + radius) + bound.least;
  }
};

template <class T>
Tensor<T> changed(Tensor<T> tensor, const Relation& relation, const auto& arithmetic) {
  switch (relation.kind) {
    case Relation::Kind::factor:
      for (T& element : tensor.data) arithmetic.scale(element, relation);
      return tensor;
    case Relation::Kind::offset:
      for (T& element : tensor.data) arithmetic.shift(element, relation);
      return tensor;
    case Relation::Kind::permutation:
      return transposed(tensor, relation.axes);
    case Relation::Kind::relabelled:
      return {tensor.shape, transposed(tensor, relation.axes).data};
    case Relation::Kind::reversal:
      return reversed(tensor, relation.axes.at(0));
    case Relation::Kind::addition:
      if (relation.added.size() != tensor.size()) throw ShapeError("an addition of another shape");
      for (std::size_t i = 0; i < tensor.size(); ++i) arithmetic.add(tensor[i], relation.added[i]);
      return tensor;
  }
  return tensor;
}

// ---- Steps replaced --------------------------------------------------------------------------------------

Evaluator<Ball> replaced(Evaluator<Ball> evaluator, const Replacement& by) {
  const Misconception& wrong = *by.misconception;
  if (by.part != Part::gradient && wrong.forward) evaluator.forward = wrong.forward;
  if (by.part != Part::result && wrong.vjp) evaluator.vjp = wrong.vjp;
  evaluator.forward_and_vjp = nullptr;
  return evaluator;
}

ProgramRun<Ball>::Choose chooser(const Variation& variation) {
  return [&variation](std::size_t step, const Operation& operation) {
    Evaluator<Ball> evaluator = operation.ball;
    for (const Replacement& replacement : variation.replaced)
      if (replacement.step == step) evaluator = replaced(evaluator, replacement);
    return evaluator;
  };
}

std::vector<std::size_t> steps_with(const Program& program, std::string_view operation) {
  std::vector<std::size_t> steps;
  for (std::size_t i = 0; i < program.steps().size(); ++i)
    if (const auto* const call = std::get_if<Program::Call>(&program.steps()[i].what);
        call && call->operation->name == operation)
      steps.push_back(i);
  return steps;
}

bool has_gradient(const Program& program) {
  return std::ranges::any_of(program.steps(), [](const Program::Step& step) {
    return std::holds_alternative<Program::Gradient>(step.what);
  });
}

std::string ordinal(std::size_t place) {
  static const char* const words[] = {"first", "second", "third", "fourth"};
  return place < std::size(words) ? words[place] : std::to_string(place + 1) + "th";
}

std::string sentence_of(const Misconception& wrong, Part part) {
  std::string sentence(wrong.mistake);
  if (part == Part::result) sentence += ", in the result and not in its gradient";
  if (part == Part::gradient) sentence += ", in the gradient only";
  return sentence + " (" + std::string(wrong.operation) + ")";
}

void add_places(const Misconception& wrong, const std::vector<std::size_t>& steps, Part part,
                std::vector<ProgramMistake>& all) {
  ProgramMistake everywhere{std::string(wrong.id), sentence_of(wrong, part), {}};
  for (const std::size_t step : steps) everywhere.replaced.push_back({step, &wrong, part});
  all.push_back(everywhere);
  if (steps.size() == 1) return;
  for (std::size_t i = 0; i < steps.size(); ++i)
    all.push_back(
        {everywhere.id,
         everywhere.sentence + ", in the " + ordinal(i) + " of " + std::to_string(steps.size()) + " places",
         {everywhere.replaced[i]}});
}

}  // namespace

std::vector<Tensor<Ball>> run_varied(const Program& program, const Variation* variation,
                                     const std::vector<std::string>& results, const Bindings& inputs) {
  static const Variation none;
  const Variation& varied = variation ? *variation : none;
  const ProgramRun<Ball> run(program, inputs, chooser(varied), varied.inputs_rounded);
  std::vector<Tensor<Ball>> values;
  for (const std::string& result : results) {
    values.push_back(run.real(program.find(result).value()));
    for (const Relation& relation : varied.relations)
      values.back() = changed(std::move(values.back()), relation, OnBalls{});
  }
  return values;
}

std::vector<ProgramMistake> mistakes_of(const Program& program) {
  const bool gradient = has_gradient(program);
  std::vector<ProgramMistake> all;
  for (const Part part : {Part::both, Part::result, Part::gradient})
    for (const Misconception& wrong : misconceptions()) {
      const auto steps = steps_with(program, wrong.operation);
      const bool of_gradient_only = !wrong.forward;
      const bool parts_differ = gradient && wrong.forward && wrong.vjp;
      if (steps.empty() || (of_gradient_only && !gradient) || (part != Part::both && !parts_differ)) continue;
      add_places(wrong, steps, part, all);
    }
  return all;
}

std::vector<RoughResult> rough_results(const Program& program, const Variation& variation,
                                       const std::vector<std::string>& results, const Bindings& inputs,
                                       FloatFormat format, std::string_view slack) {
  const bool in_float = format == FloatFormat::binary32;
  const FormatScope scope(in_float ? binary32 : binary64);
  // The truth lies in the ball m ± r, and the bound is at most slack · r + ½ ulp (allowance.hpp).
  const double radii = nearest_double(slack) + 2;
  const double ulp = in_float ? 0x1p-22 : 0x1p-51, least = in_float ? 0x1p-148 : 0x1p-1073;
  const bool bounded = !program.tolerance();  // else the bound is not that of doubles
  std::vector<RoughResult> all;
  for (const Tensor<Ball>& value : run_varied(program, &variation, results, inputs)) {
    RoughResult& rough = all.emplace_back(Tensor<RoughResult::Number>(value.shape), radii, ulp, least);
    for (std::size_t i = 0; i < value.size(); ++i) {
      const double m = midpoint_double(value[i]), r = radius_double(value[i]);
      const bool known = bounded && std::isfinite(m) && std::isfinite(r);
      rough.numbers[i] = {known ? m : 0, known ? radii * r + ulp * std::abs(m) + least
                                               : std::numeric_limits<double>::infinity()};
    }
  }
  return all;
}

bool RoughResult::may_be(const Tensor<double>& got) const {
  if (numbers.shape != got.shape) return false;
  for (std::size_t i = 0; i < got.size(); ++i) {
    if (std::isnan(got[i])) return false;
    if (std::isfinite(got[i]) && std::abs(got[i] - numbers[i].middle) > numbers[i].reach) return false;
  }
  return true;
}

RoughResult changed(RoughResult result, const std::vector<Relation>& relations) {
  for (const Relation& relation : relations)
    result.numbers = changed(std::move(result.numbers), relation, OnRough{result});
  return result;
}

std::uint64_t work_of(const Program& program, const Bindings& inputs) {
  constexpr std::uint64_t of_a_step = 30, of_an_own_function = 1000;
  std::uint64_t work = of_a_step * program.steps().size();
  const ProgramRun<double> run(program, inputs);
  for (const Program::Step& step : program.steps()) {
    if (std::holds_alternative<Program::Own>(step.what)) work += of_an_own_function;
    const auto* const call = std::get_if<Program::Call>(&step.what);
    if (!call) continue;
    Shapes shapes;
    for (const Program::Slot slot : call->arguments) shapes.push_back(run.shape(slot));
    work += call->operation->cost(shapes, call->attributes).multiply_adds;
    for (std::size_t i = 0; i < step.outputs; ++i) work += element_count(run.shape(step.first + i));
  }
  return work;
}

std::vector<UnstableValue> unstable_values(const Program& program, const Bindings& inputs,
                                           std::string_view result) {
  std::vector<UnstableValue> values;
  for (const UnstableForm& form : unstable_forms()) {
    if (steps_with(program, form.operation).empty()) continue;
    const ProgramRun<double> run(program, inputs, [&](std::size_t, const Operation& operation) {
      Evaluator<double> evaluator = operation.float64;
      if (operation.name != form.operation) return evaluator;
      evaluator.forward = form.forward;
      if (form.vjp) evaluator.vjp = form.vjp;
      return evaluator;
    });
    values.push_back(
        {std::string(form.id), std::string(form.sentence), run.real(program.find(result).value())});
  }
  return values;
}

}  // namespace assay::oracles
