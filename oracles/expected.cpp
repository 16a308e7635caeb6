#include "oracles/expected.hpp"

#include <algorithm>
#include <cfenv>
#include <cmath>
#include <mutex>
#include <optional>

#include "oracles/numeric/allowance.hpp"
#include "oracles/numeric/flint_thread.hpp"
#include "oracles/program_evaluate.hpp"
#include "oracles/unstable.hpp"
#include "oracles/varied_run.hpp"

namespace assay::oracles {
namespace {

/// The truth starts here; one double's question is nearly always decided at once.
constexpr long first_bits = 128;
constexpr long ceiling_bits = 4096;
/// Digits of the truth that a person is shown.
constexpr int shown_digits = 21;

using Outcome = ResultJudgement::Outcome;

const Format& format_named(FloatFormat format) {
  return format == FloatFormat::binary32 ? binary32 : binary64;
}

std::optional<double> finite_or_nothing(double x) {
  return std::isfinite(x) ? std::optional(x) : std::nullopt;
}

/// One element's judgement; `set` means that every number of the truth's ball is right.
struct Element {
  Judgement judgement;
  bool set = false;
};

Outcome outcome_of(const Element& element, double got, const Ball& truth, const Allowance& allowance) {
  switch (element.judgement.accepted) {
    case Truth::yes:
      return allowance.vacuous ? Outcome::set_aside : Outcome::accepted;
    case Truth::no:
      return !std::isfinite(got) && is_finite(truth) ? Outcome::not_finite : Outcome::wrong;
    case Truth::unknown:
      break;
  }
  return Outcome::cannot_tell;
}

}  // namespace

int rank(Outcome outcome) {
  constexpr Outcome order[] = {Outcome::set_aside, Outcome::accepted,   Outcome::cannot_tell,
                               Outcome::wrong,     Outcome::not_finite, Outcome::wrong_shape};
  return static_cast<int>(std::ranges::find(order, outcome) - std::begin(order));
}

struct Expected::State {
  std::shared_ptr<const Program> program;
  std::shared_ptr<const Variation> variation;
  std::vector<std::string> results;
  Bindings inputs;
  std::vector<Tensor<Ball>> truth;
  std::vector<std::vector<Allowance>> allowances;

  std::size_t place(std::string_view result) const {
    const auto found = std::ranges::find(results, result);
    if (found == results.end()) throw std::out_of_range("no result '" + std::string(result) + "'");
    return static_cast<std::size_t>(found - results.begin());
  }

  bool tolerate(const std::vector<FloatFormat>& formats);
  std::vector<Tensor<Ball>> run() const { return run_varied(*program, variation.get(), results, inputs); }
  std::vector<Tensor<Ball>> run(long bits) const {
    const PrecisionScope scope(bits);
    return run();
  }
  Ball finer(std::size_t result, std::size_t element, long bits) const;
  void allow(const std::vector<FloatFormat>& formats, FloatFormat format, const Rational& slack);
  Element judge_element(std::size_t result, std::size_t element, double got) const;

 private:
  mutable std::once_flag ran_again_;
  mutable std::vector<Tensor<Ball>> again_;
};

/// One element of the truth at more bits. The run at twice the bits is kept: where one answer asks for it (a
/// kink), the next one does too.
Ball Expected::State::finer(std::size_t result, std::size_t element, long bits) const {
  if (bits > 2 * first_bits) return run(bits)[result][element];
  std::call_once(ran_again_, [this] { again_ = run(2 * first_bits); });
  return again_[result][element];
}

Expected::Expected(std::shared_ptr<const Program> program, std::vector<std::string> results, Bindings inputs,
                   FloatFormat format, std::string_view slack, std::shared_ptr<const Variation> variation)
    : Expected(std::move(program), results, std::move(inputs),
               std::vector<FloatFormat>(results.size(), format), slack, std::move(variation)) {}

Expected::Expected(std::shared_ptr<const Program> program, std::vector<std::string> results, Bindings inputs,
                   const std::vector<FloatFormat>& formats, std::string_view slack,
                   std::shared_ptr<const Variation> variation)
    : state_(std::make_unique<State>()) {
  state_->program = std::move(program);
  state_->variation = std::move(variation);
  state_->results = std::move(results);
  state_->inputs = std::move(inputs);
  state_->truth = state_->run(first_bits);
  state_->allowances.resize(state_->results.size());
  if (state_->tolerate(formats)) return;
  const Rational exact_slack = parse_rational(slack);
  for (const FloatFormat format : {FloatFormat::binary64, FloatFormat::binary32})
    if (std::ranges::find(formats, format) != formats.end()) state_->allow(formats, format, exact_slack);
}

/// Where the truth is known in doubles only: the stated tolerance is the allowance. False elsewhere.
bool Expected::State::tolerate(const std::vector<FloatFormat>& formats) {
  const auto tolerance = program->tolerance();
  if (!tolerance) return false;
  const PrecisionScope scope(first_bits);
  const Ball absolute(parse_rational(tolerance->absolute)), relative(parse_rational(tolerance->relative));
  for (std::size_t i = 0; i < truth.size(); ++i)
    for (const Ball& number : truth[i].data) {
      const Ball share = is_finite(number) ? upper(relative * abs(number)) : Ball(0);
      allowances[i].push_back({max(upper(absolute), share), false, format_named(formats[i])});
    }
  return true;
}

/// The allowances of the results in one format, of which one evaluation tells all.
void Expected::State::allow(const std::vector<FloatFormat>& formats, FloatFormat format,
                            const Rational& slack) {
  std::vector<Tensor<Ball>> evaluation;
  {
    const FormatScope scope(format_named(format));
    evaluation = run();
  }
  for (std::size_t i = 0; i < truth.size(); ++i)
    for (std::size_t j = 0; formats[i] == format && j < truth[i].size(); ++j)
      allowances[i].push_back(allowance(evaluation[i][j], truth[i][j], slack, format_named(format)));
}

Expected::~Expected() = default;
Expected::Expected(Expected&&) noexcept = default;
Expected& Expected::operator=(Expected&&) noexcept = default;

const Shape& Expected::shape(std::string_view result) const {
  return state_->truth[state_->place(result)].shape;
}

bool Expected::vacuous(std::string_view result) const {
  const auto& allowances = state_->allowances[state_->place(result)];
  return !allowances.empty() &&
         std::ranges::all_of(allowances, [](const Allowance& one) { return one.vacuous; });
}

std::optional<std::size_t> Expected::unknown_element(std::string_view result) const {
  const std::size_t place = state_->place(result);
  const auto first_nan = [&](const Tensor<Ball>& numbers) -> std::optional<std::size_t> {
    const auto found = std::ranges::find_if(numbers.data, [](const Ball& ball) { return is_nan(ball); });
    if (found == numbers.data.end()) return std::nullopt;
    return static_cast<std::size_t>(found - numbers.data.begin());
  };
  if (!first_nan(state_->truth[place])) return std::nullopt;
  return first_nan(state_->run(ceiling_bits)[place]);
}

Tensor<double> Expected::nearest(std::string_view result) const {
  const Tensor<Ball>& truth = state_->truth[state_->place(result)];
  Tensor<double> nearest(truth.shape);
  std::ranges::transform(truth.data, nearest.data.begin(), midpoint_double);
  return nearest;
}

std::vector<bool> Expected::kinks(std::string_view result) const {
  // The truth is known to far more than 60 bits, unless more bits do not narrow it.
  const PrecisionScope scope(first_bits);
  std::vector<bool> kinks;
  for (const Ball& ball : state_->truth[state_->place(result)].data)
    kinks.push_back(is_finite(ball) && !is_exact(ball) &&
                    less(abs(midpoint(ball)), Ball(radius(ball) * Ball(0x1p60))) == Truth::yes);
  return kinks;
}

std::vector<ElementJudgement> Expected::elements(std::string_view result, const Tensor<double>& got) const {
  const std::size_t place = state_->place(result);
  const Tensor<Ball>& truth = state_->truth[place];
  std::vector<ElementJudgement> elements;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const Element element = state_->judge_element(place, i, got.data.at(i));
    elements.push_back(
        {outcome_of(element, got[i], truth[i], state_->allowances[place][i]), element.judgement.ratio});
  }
  return elements;
}

std::vector<Outcome> Expected::outcomes(std::string_view result, const Tensor<double>& got) const {
  std::vector<Outcome> outcomes;
  for (const ElementJudgement& element : elements(result, got)) outcomes.push_back(element.outcome);
  return outcomes;
}

std::vector<double> Expected::allowances(std::string_view result) const {
  std::vector<double> bounds;
  for (const Allowance& one : state_->allowances[state_->place(result)])
    bounds.push_back(upper_double(one.bound));
  return bounds;
}

double Expected::magnitude(std::string_view result) const {
  double largest = 0;
  for (const Ball& ball : state_->truth[state_->place(result)].data)
    largest = std::max(largest, upper_double(abs(ball)));
  return largest;
}

/// Raises the precision until the element is decided. A ball that more bits do not narrow is a set: a kink,
/// at which each subgradient is right.
Element Expected::State::judge_element(std::size_t result, std::size_t element, double got) const {
  const Allowance& bound = allowances[result][element];
  Ball enclosure = truth[result][element];
  Judgement judgement = oracles::judge(got, enclosure, bound);
  for (long bits = 2 * first_bits; judgement.accepted == Truth::unknown && bits <= ceiling_bits; bits *= 2) {
    const PrecisionScope scope(bits);
    Ball narrower = finer(result, element, bits);
    if (is_finite(narrower) && less(radius(narrower), radius(enclosure)) != Truth::yes)
      return {judge_set(got, narrower, bound), true};
    enclosure = std::move(narrower);
    judgement = oracles::judge(got, enclosure, bound);
  }
  return {judgement, false};
}

ResultJudgement Expected::judge(std::string_view result, const Tensor<double>& got) const {
  const std::size_t place = state_->place(result);
  const Tensor<Ball>& truth = state_->truth[place];
  ResultJudgement worst;
  if (got.shape != truth.shape) {
    worst.outcome = Outcome::wrong_shape;
    return worst;
  }
  worst.outcome = truth.size() == 0 ? Outcome::accepted : Outcome::set_aside;
  std::size_t worst_element = 0;
  double worst_ratio = -1;
  Judgement worst_judgement{Truth::unknown, 0, 0};
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const Element element = state_->judge_element(place, i, got[i]);
    const Outcome outcome = outcome_of(element, got[i], truth[i], state_->allowances[place][i]);
    const bool higher = rank(outcome) > rank(worst.outcome);
    if (!higher && (outcome != worst.outcome || element.judgement.ratio <= worst_ratio)) continue;
    worst.outcome = outcome;
    worst_element = i;
    worst_ratio = element.judgement.ratio;
    worst_judgement = element.judgement;
  }
  if (truth.size() == 0) return worst;
  worst.element = worst_element;
  worst.got = got[worst_element];
  worst.error_ulps = finite_or_nothing(worst_judgement.error_ulps);
  worst.ratio = finite_or_nothing(worst_judgement.ratio);
  return worst;
}

void Expected::write_out(std::string_view result, ResultJudgement& judgement) const {
  const std::size_t place = state_->place(result);
  if (judgement.outcome == Outcome::wrong_shape || state_->truth[place].size() == 0) return;
  const PrecisionScope scope(first_bits);
  const Ball& number = state_->truth[place].data.at(judgement.element);
  judgement.expected = digits(number, shown_digits);
  judgement.expected_radius = radius_text(number);
  const Allowance& allowed = state_->allowances[place][judgement.element];
  judgement.allowance_ulps =
      finite_or_nothing(upper_double(allowed.bound / ulp_bound(midpoint(number), allowed.format)));
}

namespace {

/// The first known unstable form of an operation, or the catalogue's own.
Evaluator<double> unstable_evaluator(std::size_t, const Operation& operation) {
  Evaluator<double> evaluator = operation.float64;
  for (const UnstableForm& form : unstable_forms()) {
    if (form.operation != operation.name) continue;
    evaluator.forward = form.forward;
    if (form.vjp) evaluator.vjp = form.vjp;
    evaluator.forward_and_vjp = nullptr;
    break;
  }
  return evaluator;
}

}  // namespace

Instability instability(const Program& program, const Bindings& inputs, std::string_view result) {
  std::fenv_t before;
  std::feholdexcept(&before);
  const ProgramRun<double> run(program, inputs, unstable_evaluator);
  const bool overflow = std::fetestexcept(FE_OVERFLOW);
  const bool underflow = std::fetestexcept(FE_UNDERFLOW) || std::fetestexcept(FE_DIVBYZERO);
  std::fesetenv(&before);
  const auto& value = run.real(program.find(result).value());
  const bool finite = std::ranges::all_of(value.data, [](double x) { return std::isfinite(x); });
  if (overflow) return Instability::overflow;
  if (underflow && !finite) return Instability::underflow;
  return finite ? Instability::none : Instability::overflow;
}

void release_thread_caches() {
  const FlintThread cleanup;
}

double nearest_double(std::string_view text) {
  if (text == "inf" || text == "+inf") return std::numeric_limits<double>::infinity();
  if (text == "-inf") return -std::numeric_limits<double>::infinity();
  if (text == "nan") return std::numeric_limits<double>::quiet_NaN();
  return nearest_double(parse_rational(text));
}

}  // namespace assay::oracles
