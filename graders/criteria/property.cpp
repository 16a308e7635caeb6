/// `property`: a statement that must hold of what the submission answers, whatever it computes. Each answer
/// counts as all numbers within its allowance: the statement is broken only where none of them fulfil it.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>

#include "fixtures/load.hpp"
#include "graders/criteria/call.hpp"
#include "graders/criteria/credit.hpp"
#include "graders/criteria/property_claim.hpp"
#include "graders/criteria/single.hpp"
#include "oracles/numeric/ball.hpp"
#include "oracles/numeric/precision.hpp"
#include "properties/formula/formula.hpp"

namespace assay::graders {
namespace {

namespace formula = properties::formula;
using formula::Formula;
using oracles::Ball;
using oracles::Expected;
using oracles::Rational;
using oracles::Tensor;
using properties::Case;
using Outcome = oracles::ResultJudgement::Outcome;

constexpr long bits = 128;

struct Call {
  const fixtures::Property::Call* written = nullptr;
  const PreparedFunction* function = nullptr;
  std::vector<Formula> arguments;
};

/// One call of one case.
struct Asked {
  Case one;
  Expected expected;
};
/// The calls of one case; none where an argument is no double, so that what is asked would not be what is
/// meant.
using Questions = std::vector<Asked>;

[[noreturn]] void refuse(const Prepared& prepared, fixtures::Place place, const std::string& text,
                         const std::string& problem) {
  throw fixtures::LoadError(prepared.assignment.file, place, fmt::format("\"{}\": {}", text, problem));
}

Formula parse(const Prepared& prepared, fixtures::Place place, const std::string& text,
              const formula::Vocabulary& vocabulary) {
  try {
    return formula::parse(text, vocabulary);
  } catch (const formula::FormulaError& error) {
    refuse(prepared, place, text, fmt::format("column {}: {}", error.offset + 1, error.what()));
  }
}

/// Inputs as exact numbers.
template <class T>
formula::Environment<T> environment_of(const Case& one) {
  formula::Environment<T> environment;
  for (const auto& [name, value] : one.inputs) {
    if (const auto* labels = std::get_if<oracles::IndexTensor>(&value)) {
      environment.index[name] = *labels;
      continue;
    }
    const auto& numbers = std::get<Tensor<double>>(value);
    Tensor<T> exact(numbers.shape);
    std::ranges::transform(numbers.data, exact.data.begin(), [](double x) { return T(x); });
    environment.real[name] = std::move(exact);
  }
  return environment;
}

/// The value of an argument, where it is made of doubles.
std::optional<oracles::Value> argument_of(const Formula& argument, const std::string& text, const Case& one) {
  if (const auto input = one.inputs.find(text); input != one.inputs.end()) return input->second;
  const auto value = formula::evaluate(argument, environment_of<Rational>(one));
  const auto* const exact = std::get_if<Tensor<Rational>>(&value);
  if (!exact) return std::nullopt;
  Tensor<double> numbers(exact->shape);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    numbers[i] = oracles::nearest_double((*exact)[i]);
    if (Rational(numbers[i]) != (*exact)[i]) return std::nullopt;
  }
  return numbers;
}

bool holds_floats(const oracles::Value& value) {
  const auto* const numbers = std::get_if<Tensor<double>>(&value);
  return numbers && std::ranges::all_of(numbers->data, [](double x) {
           return static_cast<double>(static_cast<float>(x)) == x;
         });
}

class PropertyJudge : public SingleJudge {
 public:
  PropertyJudge(const Prepared& prepared, const CaseGroup& group, const PreparedCriterion& criterion)
      : settings_(std::get<fixtures::Property>(criterion.spec->settings)), slack_(group.slack) {
    for (const auto& [name, input] : prepared.assignment.inputs)
      if (const auto* real = std::get_if<fixtures::RealValues>(&input.values); real && real->binary32)
        floats_.insert(name);
    formula::Vocabulary inputs, all;
    for (const std::string& name : criterion.spec->draws) inputs.names.insert(name);
    all = inputs;
    for (const auto& written : settings_.calls) {
      Call call{&written, &prepared.function(written.function), {}};
      for (const std::string& text : written.arguments)
        call.arguments.push_back(parse(prepared, written.place, text, inputs));
      all.names.insert(written.names.begin(), written.names.end());
      calls_.push_back(std::move(call));
    }
    statement_ = parse(prepared, settings_.place, settings_.holds, all);
    if (!formula::is_statement(*statement_))
      refuse(prepared, settings_.place, settings_.holds,
             "this is a number; write a statement such as sum(p) = 1");
    for (const Case& one : group.cases) questions_.push_back(ask_or_refuse(prepared, one));
  }

 private:
  Questions ask(const Case& one) const {
    Questions questions;
    for (const Call& call : calls_) {
      Case asked = one;
      std::size_t next = 0;
      for (const std::string& name : call.function->spec->arguments) {
        if (std::ranges::find(call.function->spec->results, name) != call.function->spec->results.end())
          continue;
        auto value = argument_of(call.arguments[next], call.written->arguments[next], one);
        if (!value || (floats_.contains(name) && !holds_floats(*value))) return {};
        asked.inputs[name] = std::move(*value);
        ++next;
      }
      Expected expected = call.function->expect(asked, slack_);
      questions.push_back({std::move(asked), std::move(expected)});
    }
    return questions;
  }

  Questions ask_or_refuse(const Prepared& prepared, const Case& one) const {
    try {
      return ask(one);
    } catch (const formula::EvaluationError& error) {
      refuse(prepared, settings_.place, settings_.holds,
             std::string("an argument of a call: ") + error.what());
    } catch (const oracles::ShapeError& error) {
      refuse(prepared, settings_.place, settings_.holds, std::string("a call: ") + error.what());
    }
  }

  /// What one case says; nothing after a death.
  std::optional<Outcome> examine(Session& session, const Case& one, const Questions& questions,
                                 std::optional<Ending>& ending, std::string& culprit) const {
    if (questions.empty()) return Outcome::set_aside;
    const oracles::PrecisionScope scope(bits);
    auto environment = environment_of<Ball>(one);
    bool evident = true;
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      const PreparedFunction& function = *calls_[i].function;
      const Reply reply = call(session, function, questions[i].one, questions[i].expected);
      if (reply.kind != Reply::Kind::values) {
        ending = ending_of(session, function, reply);
        return std::nullopt;
      }
      const auto& names = calls_[i].written->names;
      for (std::size_t j = 0; j < names.size(); ++j) {
        const std::string& result = function.spec->results[j];
        const auto got = value_of(function, reply, result);
        culprit = result;
        if (got.shape != questions[i].expected.shape(result)) return Outcome::wrong_shape;
        if (!std::ranges::all_of(got.data, [](double x) { return std::isfinite(x); }))
          return Outcome::not_finite;
        evident = evident && !questions[i].expected.vacuous(result);
        environment.real[names[j]] = with_allowance(got, questions[i].expected, result);
      }
    }
    culprit.clear();
    if (!evident) return Outcome::set_aside;
    return formula::holds(*statement_, environment) == oracles::Truth::no ? Outcome::wrong
                                                                          : Outcome::accepted;
  }

  /// An answer larger than the exact one is rounded in proportion.
  static Tensor<Ball> with_allowance(const Tensor<double>& got, const Expected& expected,
                                     const std::string& result) {
    double largest = 0;
    for (const double x : got.data) largest = std::max(largest, std::abs(x));
    const double exact = expected.magnitude(result);
    const double factor = exact > 0 && largest > exact ? largest / exact : 1;
    const auto allowances = expected.allowances(result);
    Tensor<Ball> balls(got.shape);
    for (std::size_t i = 0; i < got.size(); ++i)
      balls[i] = oracles::ball_around(Ball(got[i]), Ball(allowances[i] * factor));
    return balls;
  }

  CriterionResult grade_one(const Subject& subject, const CaseGroup& group,
                            const PreparedCriterion& criterion) const override {
    CriterionResult result;
    result.total = group.cases.size();
    Session session = subject.start();
    std::optional<Ending> ending;
    std::size_t failures = 0;
    for (std::size_t i = 0; i < group.cases.size(); ++i) {
      std::string culprit;
      const auto outcome = examine(session, group.cases[i], questions_[i], ending, culprit);
      if (!outcome) {
        stopped(result, *ending);
        if (result.verdict != Verdict::missing_function) result.counterexample = example_of(group, i, "");
        return result;
      }
      result.accepted += *outcome == Outcome::accepted;
      result.set_aside += *outcome == Outcome::set_aside;
      if (*outcome == Outcome::accepted || *outcome == Outcome::set_aside || failures++ > 0) continue;
      result.verdict = verdict_of(*outcome);
      result.counterexample = smallest(subject, group, i, *outcome);
      result.message = culprit;
    }
    finish(result, failures, criterion);
    return result;
  }

  void finish(CriterionResult& result, std::size_t failures, const PreparedCriterion& criterion) const {
    const std::size_t judged = result.total - result.set_aside;
    if (failures > 0) {
      const std::string culprit = std::move(result.message);
      if (result.verdict == Verdict::wrong)
        result.message = fmt::format("{} does not hold on {} of {} cases", settings_.holds, failures, judged);
      else
        result.message = fmt::format(
            "{} {} on {} of {} cases", culprit,
            result.verdict == Verdict::wrong_shape ? "has another shape than it should" : "is not finite",
            failures, judged);
      result.points = has_partial_credit(criterion) ? credit(criterion, result.accepted, judged) : Points(0);
    } else if (result.accepted > 0) {
      result.verdict = Verdict::accepted;
      result.message = fmt::format("{} holds on {} of {} cases, as far as rounding can tell", settings_.holds,
                                   result.accepted, judged);
    } else {
      result.message = "every case was set aside; a person must look";  // cannot_tell
    }
    result.advice =
        result.verdict == Verdict::wrong
            ? "The statement follows from what the function means: see where your own formula breaks it."
            : "";
  }

  Counterexample smallest(const Subject& subject, const CaseGroup& group, std::size_t number,
                          Outcome outcome) const {
    constexpr std::size_t budget = 150;
    Session session = subject.start();
    const auto still_fails = [&](const Case& candidate) {
      try {
        std::optional<Ending> ending;
        std::string culprit;
        const auto again = examine(session, candidate, ask(candidate), ending, culprit);
        if (ending) session = subject.start();
        return again == outcome;
      } catch (const std::invalid_argument&) {  // no formula's and no oracle's business
        return false;
      }
    };
    Counterexample example = example_of(group, number, "");
    auto small = group.generator.shrink(example.one, still_fails, budget);
    example.one = std::move(small.smallest);
    example.shrunk = small.changed;
    return example;
  }

  const fixtures::Property& settings_;
  std::set<std::string> floats_;  ///< inputs of programs that compute in float
  std::string slack_;
  std::vector<Call> calls_;
  std::optional<Formula> statement_;
  std::vector<Questions> questions_;  ///< one per case
};

}  // namespace

PreparedJudge prepare_property(const Prepared& prepared, const CaseGroup& group,
                               const PreparedCriterion& criterion) {
  if (!std::get<fixtures::Property>(criterion.spec->settings).claim.empty())
    return prepare_claim(prepared, group, criterion);
  return std::make_shared<const PropertyJudge>(prepared, group, criterion);
}

}  // namespace assay::graders
