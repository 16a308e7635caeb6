/// `gradcheck`: the gradient is held against differences of the submission's own forward function, so that a
/// wrong forward does not cost twice. Where both agree with the oracle nothing needs to be differentiated.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "graders/criteria/call.hpp"
#include "graders/criteria/credit.hpp"
#include "graders/criteria/single.hpp"
#include "graders/criteria/slope.hpp"

namespace assay::graders {
namespace {

using oracles::Expected;
using oracles::Tensor;
using properties::Case;
using Outcome = oracles::ResultJudgement::Outcome;

/// Elements of a gradient that are tried on one case; more are tried evenly spread.
constexpr std::size_t most_elements = 12;
constexpr std::size_t shrink_budget = 40;
/// A slope known less well than this share of the gradient proves nothing.
constexpr double evident = 1e-3;
/// The gradient's own rounding, relative to its largest element.
constexpr double rounding_of_double = 0x1p-30;
constexpr double rounding_of_float = 0x1p-10;
/// Beyond so many times what may be, it is wrong; up to once it is right; between, nobody knows.
constexpr double certain = 4;

/// What does not depend on the submission.
struct Plan {
  const fixtures::Gradcheck* settings = nullptr;
  const PreparedFunction* forward = nullptr;
  const PreparedFunction* backward = nullptr;
  std::string slack;
  std::vector<Expected> forward_expected;  ///< one per case
};

/// What one case says.
struct Examined {
  Outcome outcome = Outcome::set_aside;
  std::string result;
  oracles::Shape shape, got_shape;
  std::optional<oracles::ResultJudgement> judgement;
  bool flat = false;  ///< the forward value does not move at all
};

/// One element of a gradient.
struct Compared {
  double got = 0;
  Slope slope;
};

/// One process after another that answers calls; a death is kept.
class Answers {
 public:
  explicit Answers(const Subject& subject) : subject_(subject) {}

  /// Nothing after a death.
  std::optional<Reply> operator()(const PreparedFunction& function, const Case& one,
                                  const Expected& expected) {
    if (ending) return std::nullopt;
    if (!session_ || !session_->is_young()) session_.emplace(subject_.start());
    Reply reply = call(*session_, function, one, expected);
    if (reply.kind == Reply::Kind::values) return reply;
    ending = ending_of(*session_, function, reply);
    session_.reset();
    return std::nullopt;
  }

  std::optional<Ending> ending;

 private:
  const Subject& subject_;
  std::optional<Session> session_;
};

/// One case on one submission.
class Examination {
 public:
  Examination(const Plan& plan, Answers& answers, const Case& one, const Expected& forward,
              const Expected& backward)
      : plan_(plan), answers_(answers), case_(one), forward_(forward), backward_(backward) {}

  /// Nothing after a death.
  std::optional<Examined> run() {
    const auto gradients = answers_(*plan_.backward, case_, backward_);
    const auto value = answers_(*plan_.forward, case_, forward_);
    if (!gradients || !value) return std::nullopt;
    if (both_are_right(*gradients, *value)) return Examined{Outcome::accepted, {}, {}, {}, {}, false};
    Examined worst;
    worst.flat = true;
    for (const auto& [result, input] : plan_.settings->gradients) {
      Examined one = examine(result, input, value_of(*plan_.backward, *gradients, result));
      if (answers_.ending) return std::nullopt;
      const bool flat = worst.flat && one.flat;
      if (rank(one.outcome) > rank(worst.outcome)) worst = std::move(one);
      worst.flat = flat;
    }
    return worst;
  }

 private:
  bool both_are_right(const Reply& gradients, const Reply& value) const {
    const auto right = [](const Expected& expected, const PreparedFunction& function, const Reply& reply,
                          const std::string& result) {
      return expected.judge(result, value_of(function, reply, result)).outcome == Outcome::accepted;
    };
    return right(forward_, *plan_.forward, value, plan_.settings->value) &&
           std::ranges::all_of(plan_.settings->gradients, [&](const auto& pair) {
             return right(backward_, *plan_.backward, gradients, pair.first);
           });
  }

  /// The weighted sum of the forward result, with one element of an input moved to `x`.
  std::optional<double> value_at(const std::string& input, std::size_t element, double x) {
    Case moved = case_;
    std::get<Tensor<double>>(moved.inputs.at(input))[element] = x;
    const auto reply = answers_(*plan_.forward, moved, forward_);
    if (!reply) return std::nullopt;
    const auto value = value_of(*plan_.forward, *reply, plan_.settings->value);
    const std::string& upstream = plan_.settings->upstream;
    const auto* const weights =
        upstream.empty() ? nullptr : &std::get<Tensor<double>>(case_.inputs.at(upstream));
    if (weights ? weights->shape != value.shape : value.size() != 1) return std::nullopt;
    long double sum = 0;
    for (std::size_t i = 0; i < value.size(); ++i)
      sum += static_cast<long double>(value[i]) * static_cast<long double>(weights ? (*weights)[i] : 1.0);
    const auto rounded = static_cast<double>(sum);
    return std::isfinite(rounded) ? std::optional(rounded) : std::nullopt;
  }

  Examined examine(const std::string& result, const std::string& input, const Tensor<double>& got) {
    Examined examined;
    examined.result = result;
    const auto& at = std::get<Tensor<double>>(case_.inputs.at(input));
    examined.shape = at.shape;
    examined.got_shape = got.shape;
    if (got.shape != at.shape) {
      examined.outcome = Outcome::wrong_shape;
      examined.judgement.emplace().outcome = Outcome::wrong_shape;
      return examined;
    }
    const auto format = plan_.forward->float_format(plan_.settings->value);
    std::vector<std::pair<std::size_t, Compared>> compared;
    const std::size_t stride = std::max<std::size_t>(1, (at.size() + most_elements - 1) / most_elements);
    for (std::size_t i = 0; i < at.size() && !answers_.ending; i += stride) {
      const Line line = [&](double x) { return value_at(input, i, x); };
      const auto noise = noise_of(line, at[i], format);
      const auto slope = noise ? slope_of(line, at[i], *noise, format) : std::nullopt;
      if (slope) compared.push_back({i, {got[i], *slope}});
    }
    decide(examined, compared, format);
    return examined;
  }

  static void decide(Examined& examined, const std::vector<std::pair<std::size_t, Compared>>& compared,
                     oracles::FloatFormat format) {
    double scale = 0;
    for (const auto& [element, one] : compared) scale = std::max(scale, std::abs(one.slope.value));
    examined.flat = scale == 0 && !compared.empty();
    const double rounding = format == oracles::FloatFormat::binary32 ? rounding_of_float : rounding_of_double;
    double worst = 0;
    for (const auto& [element, one] : compared) {
      const double size = std::max(scale, std::isfinite(one.got) ? std::abs(one.got) : 0.0);
      const double may_be = one.slope.bound + rounding * size;
      const double error = std::abs(one.got - one.slope.value);
      const bool wrong = !std::isfinite(one.got) || error > certain * may_be;
      if (wrong && !(error / may_be <= worst)) {
        worst = error / may_be;
        examined.outcome = std::isfinite(one.got) ? Outcome::wrong : Outcome::not_finite;
        examined.judgement = judgement_of(element, one, examined.outcome);
      } else if (worst == 0 && scale > 0 && error <= may_be && one.slope.bound <= evident * scale) {
        examined.outcome = Outcome::accepted;
      }
    }
  }

  static oracles::ResultJudgement judgement_of(std::size_t element, const Compared& one, Outcome outcome) {
    oracles::ResultJudgement judgement;
    judgement.outcome = outcome;
    judgement.element = element;
    judgement.got = one.got;
    judgement.expected = fmt::format("{:.10g}", one.slope.value);
    judgement.expected_radius = fmt::format("{:.2g}", one.slope.bound);
    return judgement;
  }

  const Plan& plan_;
  Answers& answers_;
  const Case& case_;
  const Expected& forward_;
  const Expected& backward_;
};

class Gradcheck : public SingleJudge {
 public:
  explicit Gradcheck(Plan plan) : plan_(std::move(plan)) {}

 private:
  struct Tally {
    std::size_t failures = 0, flat = 0;
    Examined first;
    std::size_t number = 0;
  };

  CriterionResult grade_one(const Subject& subject, const CaseGroup& group,
                            const PreparedCriterion& criterion) const override {
    CriterionResult result;
    result.total = group.cases.size();
    Answers answers(subject);
    Tally tally;
    for (std::size_t i = 0; i < group.cases.size(); ++i) {
      auto examined =
          Examination(plan_, answers, group.cases[i], plan_.forward_expected[i], group.expected[i]).run();
      if (!examined) {
        stopped(result, *answers.ending);
        if (result.verdict != Verdict::missing_function) result.counterexample = example_of(group, i, "");
        return result;
      }
      count(result, tally, i, std::move(*examined));
    }
    finish(result, tally, subject, group, criterion);
    return result;
  }

  static void count(CriterionResult& result, Tally& tally, std::size_t number, Examined examined) {
    if (examined.outcome == Outcome::accepted) {
      ++result.accepted;
    } else if (rank(examined.outcome) < rank(Outcome::wrong)) {
      ++result.set_aside;
      tally.flat += examined.flat;
    } else if (tally.failures++ == 0) {
      tally.first = std::move(examined);
      tally.number = number;
    }
  }

  void finish(CriterionResult& result, const Tally& tally, const Subject& subject, const CaseGroup& group,
              const PreparedCriterion& criterion) const {
    const std::string& value = plan_.settings->value;
    if (tally.failures > 0) {
      result.verdict = verdict_of(tally.first.outcome);
      result.counterexample = shrunk(tally, subject, group);
      const std::string& which = result.counterexample->result;
      result.message =
          tally.first.outcome == Outcome::wrong_shape
              ? fmt::format("{} does not have the shape of {}", which, plan_.settings->gradients.at(which))
              : fmt::format("{} is not the derivative of the submission's own {} on {} of {} cases", which,
                            value, tally.failures, result.total - result.set_aside);
      result.advice =
          "The number it is held against is the slope of your own function: differentiate what you "
          "compute, as you compute it.";
      result.points = has_partial_credit(criterion)
                          ? credit(criterion, result.accepted, result.accepted + tally.failures)
                          : Points(0);
    } else if (tally.flat > result.accepted) {
      result.verdict = Verdict::wrong;
      result.message = fmt::format(
          "the submission's {} does not depend on its inputs: there is no gradient to follow", value);
    } else if (result.accepted > 0) {
      result.verdict = Verdict::accepted;
      result.message = fmt::format("the derivative of the submission's own {} on {} of {} cases", value,
                                   result.accepted, result.total - result.set_aside);
    } else {
      result.verdict = Verdict::cannot_tell;
      result.message = fmt::format(
          "differences of the submission's {} are too uncertain on every case; a person "
          "must look",
          value);
    }
  }

  /// The smallest case found that fails in the same way.
  Counterexample shrunk(const Tally& tally, const Subject& subject, const CaseGroup& group) const {
    Answers answers(subject);
    std::optional<Examined> last;
    const auto still_fails = [&](const Case& candidate) {
      try {
        const auto forward = plan_.forward->expect(candidate, plan_.slack);
        const auto backward = plan_.backward->expect(candidate, plan_.slack);
        auto examined = Examination(plan_, answers, candidate, forward, backward).run();
        if (!examined || examined->outcome != tally.first.outcome) return false;
        last = std::move(examined);
        return true;
      } catch (const oracles::ShapeError&) {
        return false;
      }
    };
    Counterexample example = example_of(group, tally.number, tally.first.result);
    auto small = group.generator.shrink(example.one, still_fails, shrink_budget);
    const Examined& shown = small.changed && last ? *last : tally.first;
    example.one = std::move(small.smallest);
    example.shrunk = small.changed;
    example.result = shown.result;
    example.shape = shown.shape;
    example.got_shape = shown.got_shape;
    example.judgement = shown.judgement;
    return example;
  }

  Plan plan_;
};

}  // namespace

std::shared_ptr<const Judge> prepare_gradcheck(const Prepared& prepared, const CaseGroup& group,
                                               const PreparedCriterion& criterion) {
  Plan plan;
  plan.settings = &std::get<fixtures::Gradcheck>(criterion.spec->settings);
  plan.forward = &prepared.function(plan.settings->forward);
  plan.backward = group.function;
  plan.slack = group.slack;
  for (const Case& one : group.cases) plan.forward_expected.push_back(plan.forward->expect(one, group.slack));
  return std::make_shared<const Gradcheck>(std::move(plan));
}

}  // namespace assay::graders
