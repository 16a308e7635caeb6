#include "oracles/ask.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

#include "fixtures/nearest.hpp"
#include "oracles/attribute_access.hpp"
#include "oracles/catalogue.hpp"
#include "oracles/numeric/numbers.hpp"
#include "oracles/unstable.hpp"

namespace assay::oracles {

namespace {

constexpr long first_bits = 128, last_bits = 8192;
constexpr int fewest_digits = 20;  // when nothing is asked for
constexpr std::size_t most_exact_elements = 10000;
constexpr std::size_t longest_fraction = 400;  // characters; beyond them digits say more

/// The place a message speaks of first: `input "W"` is inputs.W.
std::string place_in(std::string_view message) {
  std::string place;
  std::size_t earliest = message.npos;
  for (const auto& [word, section] : {std::pair{std::string_view("input \""), "inputs."},
                                      {std::string_view("attribute \""), "attributes."},
                                      {std::string_view("output \""), "cotangents."}}) {
    const std::size_t start = message.find(word);
    if (start >= earliest) continue;
    earliest = start;
    const std::string_view rest = message.substr(start + word.size());
    place = section + std::string(rest.substr(0, rest.find('"')));
  }
  return place;
}

std::string suggestion(std::string_view word, const std::vector<std::string>& known) {
  const std::string near = assay::nearest(word, known);
  if (!near.empty()) return "; did you mean \"" + near + "\"?";
  std::string all;
  for (const std::string& name : known) all += (all.empty() ? "; there are " : ", ") + name;
  return all;
}

const Operation& operation_of(const Question& question) {
  try {
    return operation_named(question.operation);
  } catch (const UnknownOperation& error) {
    throw AskError("unknown_operation", "op", error.what());
  }
}

Rational number_from(const std::string& text, const std::string& where, std::size_t element) {
  try {
    return parse_rational(text);
  } catch (const NumberTextError& error) {
    throw AskError("bad_number", where + ".data[" + std::to_string(element) + "]", error.what());
  }
}

std::int64_t index_from(const std::string& text, const std::string& where, std::size_t element) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    throw AskError("bad_number", where + ".data[" + std::to_string(element) + "]",
                   "\"" + text + "\" is not a whole number, which this input needs");
  return value;
}

Tensor<Rational> exact_tensor(const TextTensor& text, const std::string& where) {
  Tensor<Rational> result(text.shape);
  for (std::size_t i = 0; i < text.size(); ++i) result[i] = number_from(text[i], where, i);
  return result;
}

Arguments<Rational> arguments_of(const Operation& operation, const Question& question) {
  std::vector<std::string> names;
  for (const InputSpec& input : operation.inputs) names.emplace_back(input.name);
  for (const auto& [name, tensor] : question.inputs)
    if (std::ranges::find(names, name) == names.end())
      throw AskError("unknown_input", "inputs." + name,
                     question.operation + " has no input \"" + name + "\"" + suggestion(name, names));
  Arguments<Rational> arguments;
  for (const InputSpec& input : operation.inputs) {
    const auto found = question.inputs.find(input.name);
    const std::string where = "inputs." + std::string(input.name);
    if (found == question.inputs.end() && !input.optional)
      throw AskError("missing_input", where,
                     question.operation + " needs the input \"" + std::string(input.name) + "\" of shape " +
                         std::string(input.shape));
    const TextTensor text = found == question.inputs.end() ? TextTensor(absent) : found->second;
    if (!input.index) {
      arguments.real.push_back(exact_tensor(text, where));
      continue;
    }
    IndexTensor labels(text.shape);
    for (std::size_t i = 0; i < text.size(); ++i) labels[i] = index_from(text[i], where, i);
    arguments.index.push_back(std::move(labels));
  }
  return arguments;
}

Shapes shapes_of_inputs(const Operation& operation, const Arguments<Rational>& arguments) {
  Shapes shapes;
  std::size_t reals = 0, indices = 0;
  for (const InputSpec& input : operation.inputs)
    shapes.push_back(input.index ? arguments.index[indices++].shape : arguments.real[reals++].shape);
  return shapes;
}

/// Zero for outputs that are not named; none at all if nothing is.
Tensors<Rational> upstream_of(const Operation& operation, const Question& question, const Shapes& outputs) {
  Tensors<Rational> upstream;
  if (question.upstream.empty()) return upstream;
  std::vector<std::string> names;
  for (const OutputSpec& output : operation.outputs) names.emplace_back(output.name);
  for (const auto& [name, tensor] : question.upstream)
    if (std::ranges::find(names, name) == names.end())
      throw AskError("unknown_output", "cotangents." + name,
                     question.operation + " has no output \"" + name + "\"" + suggestion(name, names));
  if (!operation.ball.vjp)
    throw AskError("no_gradient", "cotangents", question.operation + " has no gradient");
  for (std::size_t k = 0; k < names.size(); ++k) {
    const auto found = question.upstream.find(names[k]);
    upstream.push_back(found == question.upstream.end()
                           ? Tensor<Rational>(outputs[k])
                           : exact_tensor(found->second, "cotangents." + names[k]));
  }
  return upstream;
}

template <class T>
Tensors<T> converted(const Tensors<Rational>& exact) {
  Tensors<T> result;
  for (const Tensor<Rational>& tensor : exact) {
    auto& copy = result.emplace_back(tensor.shape);
    for (std::size_t i = 0; i < tensor.size(); ++i) copy[i] = from_rational<T>(tensor[i]);
  }
  return result;
}

/// The results of one number type: outputs, and gradients where they are asked for.
template <class T>
struct Results {
  Tensors<T> outputs, gradients;
};

class Asking {
 public:
  explicit Asking(const Question& question)
      : question_(question),
        operation_(operation_of(question)),
        arguments_(arguments_of(operation_, question)) {
    const Shapes outputs =
        operation_.output_shapes(shapes_of_inputs(operation_, arguments_), question.attributes);
    upstream_ = upstream_of(operation_, question, outputs);
  }

  Answer answer() {
    Answer result;
    result.bits = precise_balls();
    const PrecisionScope scope(result.bits);
    if (operation_.rational.forward) exact_ = exact_results();
    float64_ = results(operation_.float64);
    float32_ = results(operation_.float32);
    for (std::size_t k = 0; k < balls_.outputs.size(); ++k)
      result.outputs.push_back(described(operation_.outputs[k].name, &Results<Ball>::outputs,
                                         &Results<Rational>::outputs, &Results<double>::outputs,
                                         &Results<float>::outputs, k));
    std::size_t real = 0;
    for (const InputSpec& input : operation_.inputs) {
      if (input.index) continue;
      const std::size_t k = real++;
      if (k >= balls_.gradients.size() || !input.differentiable || arguments_.real[k].shape == absent)
        continue;
      result.gradients.push_back(described(input.name, &Results<Ball>::gradients,
                                           &Results<Rational>::gradients, &Results<double>::gradients,
                                           &Results<float>::gradients, k));
    }
    return result;
  }

 private:
  template <class T>
  Results<T> results(const Evaluator<T>& evaluator) const {
    const Arguments<T> arguments{converted<T>(arguments_.real), arguments_.index};
    if (upstream_.empty()) return {evaluator.forward(arguments, question_.attributes), {}};
    auto [outputs, cotangents] =
        evaluated(evaluator, arguments, converted<T>(upstream_), question_.attributes);
    return {std::move(outputs), std::move(cotangents)};
  }

  /// Nothing where fractions would grow too large, or a division by 0 leaves the rationals.
  Results<Rational> exact_results() const {
    std::size_t elements = 0;
    for (const Tensor<Rational>& input : arguments_.real) elements += input.size();
    if (elements > most_exact_elements) return {};
    try {
      return results(operation_.rational);
    } catch (const std::overflow_error&) {
      return {};
    } catch (const std::domain_error&) {
      return {};
    }
  }

  /// Evaluates on balls, with more and more bits where their number is free, until every element has the
  /// digits wanted or no more bits narrow it: the derivative at a kink is a set. Returns the last number of
  /// bits.
  long precise_balls() {
    std::vector<slong> before;
    for (long bits = question_.bits.value_or(first_bits);; bits *= 2) {
      const PrecisionScope scope(bits);
      balls_ = results(operation_.ball);
      const std::vector<slong> now = accuracies();
      if (question_.bits || bits >= last_bits || !worth_more_bits(now, before)) return bits;
      before = now;
    }
  }

  /// The relative accuracy of every element, in bits.
  std::vector<slong> accuracies() const {
    std::vector<slong> all;
    for (const Tensors<Ball>* const group : {&balls_.outputs, &balls_.gradients})
      for (const Tensor<Ball>& tensor : *group)
        for (const Ball& ball : tensor.data)
          all.push_back(is_nan(ball) ? 0 : is_exact(ball) ? WORD_MAX : arb_rel_accuracy_bits(arb(ball)));
    return all;
  }

  bool worth_more_bits(const std::vector<slong>& now, const std::vector<slong>& before) const {
    const double digits = question_.digits > 0 ? question_.digits : fewest_digits;
    const auto wanted = static_cast<slong>(std::ceil(digits * std::log2(10.0))) + 3;
    for (std::size_t i = 0; i < now.size(); ++i)
      if (now[i] < wanted && (before.empty() || now[i] > before[i])) return true;
    return false;
  }

  AnswerTensor described(std::string_view name, Tensors<Ball> Results<Ball>::*balls,
                         Tensors<Rational> Results<Rational>::*exact,
                         Tensors<double> Results<double>::*float64, Tensors<float> Results<float>::*float32,
                         std::size_t k) const {
    const Tensor<Ball>& truth = (balls_.*balls)[k];
    AnswerTensor answer;
    answer.name = name;
    answer.shape = truth.shape;
    if (!(exact_.*exact).empty()) answer.exact = fractions((exact_.*exact)[k], truth);
    for (std::size_t i = 0; i < truth.size(); ++i) {
      answer.digits.push_back(text_of(truth[i]));
      answer.radius.push_back(is_nan(truth[i]) ? "inf" : radius_text(truth[i]));
      answer.nearest.push_back(midpoint_double(truth[i]));
      answer.low.push_back(lower_double(truth[i]));
      answer.high.push_back(upper_double(truth[i]));
      const double in64 = (float64_.*float64)[k][i];
      const float in32 = (float32_.*float32)[k][i];
      answer.float64.push_back(in64);
      answer.float32.push_back(static_cast<double>(in32));
      answer.float64_ulps.push_back(ulps_off(in64, truth[i]));
      answer.float32_ulps.push_back(ulps_off(in32, truth[i]));
    }
    return answer;
  }

  /// The fractions, unless one is too long to read or is a choice among the values of a kink.
  static std::vector<std::string> fractions(const Tensor<Rational>& exact, const Tensor<Ball>& truth) {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < exact.size(); ++i) {
      all.push_back(exact[i].str());
      const bool is_choice =
          radius_double(truth[i]) > std::ldexp(1 + std::fabs(midpoint_double(truth[i])), -20);
      if (all.back().size() > longest_fraction || is_choice) return {};
    }
    return all;
  }

  /// A ball without one certain digit shows its midpoint.
  std::string text_of(const Ball& ball) const {
    if (is_nan(ball)) return "nan";
    const bool says_nothing = !is_exact(ball) && arb_rel_accuracy_bits(arb(ball)) < 4;
    return says_nothing ? digits(midpoint(ball), 3) : digits(ball, question_.digits);
  }

  template <class F>
  static double ulps_off(F got, const Ball& truth) {
    constexpr double infinite = std::numeric_limits<double>::infinity();
    if (is_nan(truth)) return std::isnan(got) ? 0 : infinite;
    if (contains(truth, static_cast<double>(got))) return 0;
    if (!std::isfinite(got)) return infinite;
    const F near = static_cast<F>(midpoint_double(truth));
    if (!std::isfinite(near)) return infinite;
    return midpoint_double(abs(truth - Ball(static_cast<double>(got))) /
                           Ball(static_cast<double>(ulp(near))));
  }

  const Question& question_;
  const Operation& operation_;
  Arguments<Rational> arguments_;
  Tensors<Rational> upstream_;
  Results<Ball> balls_;
  Results<Rational> exact_;
  Results<double> float64_;
  Results<float> float32_;
};

}  // namespace

namespace {

/// Runs `body`, and says whatever the oracles refuse as an AskError.
template <class Body>
auto asked(const Question& question, const Body& body) {
  if (question.bits && (*question.bits < 2 || *question.bits > most_bits))
    throw AskError("bad_precision", "bits", "bits must be from 2 to " + std::to_string(most_bits));
  if (question.digits < 0 || question.digits > most_bits / 4)
    throw AskError("bad_precision", "digits", "digits must be from 0 to " + std::to_string(most_bits / 4));
  try {
    return body();
  } catch (const ShapeError& error) {
    const std::string place = place_in(error.what());
    throw AskError(place.starts_with("attributes.") ? "bad_attribute" : "shape_mismatch", place,
                   error.what());
  } catch (const std::domain_error& error) {
    throw AskError("undefined", "", error.what());
  }
}

}  // namespace

Answer ask(const Question& question) {
  return asked(question, [&] { return Asking(question).answer(); });
}

std::vector<UnstableResult> unstable_results(const Question& question) {
  return asked(question, [&] {
    const Operation& operation = operation_of(question);
    const Arguments<Rational> exact = arguments_of(operation, question);
    operation.output_shapes(shapes_of_inputs(operation, exact), question.attributes);
    const Arguments<double> arguments{converted<double>(exact.real), exact.index};
    std::vector<UnstableResult> results;
    for (const UnstableForm& form : unstable_forms())
      if (form.operation == operation.name)
        results.push_back({std::string(form.id), std::string(form.sentence),
                           form.forward(arguments, question.attributes)[0].data});
    return results;
  });
}

}  // namespace assay::oracles
