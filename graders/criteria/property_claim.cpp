/// A claim of the catalogue, with the submission's functions in place of the operations that they compute.
/// Each answer counts as all numbers within its allowance: the claim is broken only where none of them fulfil
/// it.
#include "graders/criteria/property_claim.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

#include "fixtures/load.hpp"
#include "graders/criteria/call.hpp"
#include "graders/criteria/credit.hpp"
#include "graders/criteria/offer.hpp"
#include "graders/criteria/single.hpp"
#include "oracles/numeric/ball.hpp"
#include "oracles/numeric/precision.hpp"
#include "properties/claims.hpp"
#include "properties/generator.hpp"
#include "properties/search.hpp"

namespace assay::graders {
namespace {

using oracles::Ball;
using oracles::Expected;
using oracles::Shape;
using oracles::Tensor;
using oracles::Truth;
using properties::Case;
using Outcome = oracles::ResultJudgement::Outcome;
using Subject_ = properties::Subject<Ball>;
using Inputs = Subject_::Inputs;
using Tensors = Subject_::Tensors;

constexpr long bits = 128;
constexpr std::size_t draws_for_one = 20;
constexpr std::size_t shrink_budget = 150;

/// How many axes each input of the assignment has.
using Ranks = std::map<std::string, std::size_t>;

// Thrown through the predicate, which knows of no program.
struct Stopped {
  Ending ending;
};
struct NoEvidence {};  ///< what is asked would not be doubles, or would not fit the function's parameters
struct Bad {
  Outcome outcome;
  std::string result;
};

/// The doubles that exact balls are.
Tensor<double> doubles(const Tensor<Ball>& balls) {
  Tensor<double> numbers(balls.shape);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    numbers[i] = oracles::midpoint_double(balls[i]);
    if (!oracles::is_exact(balls[i]) || !oracles::contains(balls[i], numbers[i])) throw NoEvidence{};
  }
  return numbers;
}

/// With as many axes as the function's parameter has: leading ones of extent 1 come and go.
Shape with_rank(Shape shape, std::size_t rank) {
  while (shape.size() < rank) shape.insert(shape.begin(), 1);
  while (shape.size() > rank && shape.front() == 1) shape.erase(shape.begin());
  if (shape.size() != rank) throw NoEvidence{};
  return shape;
}

/// The submission's functions as a subject of claims.
class Operations {
 public:
  Operations(const Ranks& ranks, const std::vector<Offer>& offers, const std::string& slack)
      : ranks_(ranks), offers_(offers), slack_(slack) {
    program_.values = [this](std::string_view operation, const Inputs& inputs,
                             const oracles::Attributes& attributes) {
      return answer(operation, inputs, nullptr, attributes);
    };
    program_.gradients = [this](std::string_view operation, const Inputs& inputs,
                                const Tensor<Ball>& upstream, const oracles::Attributes& attributes) {
      return answer(operation, inputs, &upstream, attributes);
    };
  }
  Operations(const Operations&) = delete;
  Operations& operator=(const Operations&) = delete;

  /// Without a session the catalogue answers, and only the asking is noted.
  Session* session = nullptr;
  std::size_t asked = 0;

  properties::Subject<Ball> subject() const { return properties::Subject<Ball>(program_); }

 private:
  std::optional<Tensors> answer(std::string_view operation, const Inputs& inputs,
                                const Tensor<Ball>* upstream, const oracles::Attributes& attributes) {
    const Offer* const offer = find_offer(offers_, operation, attributes, upstream != nullptr);
    if (!offer) return std::nullopt;
    const Case one = question(*offer, inputs, upstream);
    ++asked;
    if (!session) return std::nullopt;
    const PreparedFunction& function = *offer->function;
    const Expected expected = expect(function, one);
    const Reply reply = call(*session, function, one, expected);
    if (reply.kind != Reply::Kind::values) throw Stopped{ending_of(*session, function, reply)};
    Tensors tensors = exact(*offer, inputs, upstream, attributes);
    for (std::size_t i = 0; i < tensors.size() && i < offer->answers.size(); ++i)
      if (!offer->answers[i].empty())
        tensors[i] = with_allowance(function, reply, expected, offer->answers[i], tensors[i].shape);
    return tensors;
  }

  Expected expect(const PreparedFunction& function, const Case& one) const {
    try {
      return function.expect(one, slack_);
    } catch (const oracles::ShapeError&) {
      throw NoEvidence{};
    }
  }

  static Tensors exact(const Offer& offer, const Inputs& inputs, const Tensor<Ball>* upstream,
                       const oracles::Attributes& attributes) {
    if (!upstream) return offer.operation->ball.forward(inputs, attributes);
    return offer.operation->ball.vjp(inputs, {*upstream}, attributes);
  }

  Case question(const Offer& offer, const Inputs& inputs, const Tensor<Ball>* upstream) const {
    Case one;
    std::size_t real = 0, index = 0;
    for (std::size_t i = 0; i < offer.inputs.size(); ++i) {
      const bool labels = offer.operation->inputs[i].index;
      if (labels ? index >= inputs.index.size() : real >= inputs.real.size()) throw NoEvidence{};
      const std::string& name = offer.inputs[i];
      if (labels) {
        const auto& tensor = inputs.index[index++];
        if (name.empty() != (tensor.shape == oracles::absent)) throw NoEvidence{};
        if (!name.empty()) one.inputs[name] = shaped(tensor, name);
      } else {
        const auto& tensor = inputs.real[real++];
        if (name.empty() != (tensor.shape == oracles::absent)) throw NoEvidence{};
        if (!name.empty()) one.inputs[name] = shaped(doubles(tensor), name);
      }
    }
    if (!upstream) return one;
    if (!offer.upstream.empty())
      one.inputs[offer.upstream] = shaped(doubles(*upstream), offer.upstream);
    else if (upstream->size() != 1 || !oracles::contains((*upstream)[0], 1.0) ||
             !oracles::is_exact((*upstream)[0]))
      throw NoEvidence{};
    return one;
  }

  template <class T>
  Tensor<T> shaped(Tensor<T> tensor, const std::string& input) const {
    tensor.shape = with_rank(tensor.shape, ranks_.at(input));
    return tensor;
  }

  /// In the shape that the catalogue's own answer has.
  static Tensor<Ball> with_allowance(const PreparedFunction& function, const Reply& reply,
                                     const Expected& expected, const std::string& result,
                                     const Shape& shape) {
    const auto got = value_of(function, reply, result);
    if (got.shape != expected.shape(result) || got.size() != oracles::element_count(shape))
      throw Bad{Outcome::wrong_shape, result};
    if (!std::ranges::all_of(got.data, [](double x) { return std::isfinite(x); }))
      throw Bad{Outcome::not_finite, result};
    if (expected.vacuous(result)) throw NoEvidence{};
    const auto allowances = expected.allowances(result);
    Tensor<Ball> balls(shape);
    for (std::size_t i = 0; i < got.size(); ++i)
      balls[i] = oracles::ball_around(Ball(got[i]), Ball(allowances[i]));
    return balls;
  }

  const Ranks& ranks_;
  const std::vector<Offer>& offers_;
  const std::string& slack_;
  Subject_::Program program_;
};

class ClaimJudge : public SingleJudge {
 public:
  ClaimJudge(const Prepared& prepared, const CaseGroup& group, const PreparedCriterion& criterion)
      : settings_(std::get<fixtures::Property>(criterion.spec->settings)),
        slack_(group.slack),
        claim_(find(prepared, settings_)),
        test_(std::get<properties::ForAll>(claim_.question.test)),
        generator_(test_.space.variables, test_.space.whole_numbers, prepared.assignment.seed),
        offers_(offers_of(prepared)),
        magnitude_(oracles::nearest_double(settings_.magnitude)) {
    for (const auto& [name, input] : prepared.assignment.inputs) ranks_[name] = input.shape.size();
    draw(prepared, criterion.spec->cases);
  }

 private:
  [[noreturn]] static void refuse(const Prepared& prepared, const fixtures::Property& settings,
                                  const std::string& problem) {
    throw fixtures::LoadError(prepared.assignment.file, settings.place,
                              fmt::format("claim \"{}\" {}", settings.claim, problem));
  }

  static const properties::Claim& find(const Prepared& prepared, const fixtures::Property& settings) {
    const auto* const claim = properties::find_claim(settings.claim);
    if (!claim) refuse(prepared, settings, "is not in the catalogue; see assay list claims");
    const auto* const test = std::get_if<properties::ForAll>(&claim->question.test);
    if (!test || !test->holds.ball)
      refuse(prepared, settings, "is not about every input, so that no program can break it");
    return *claim;
  }

  bool admits(const Case& one) const {
    const bool small = std::ranges::all_of(one.inputs, [&](const auto& input) {
      const auto* const reals = std::get_if<Tensor<double>>(&input.second);
      return !reals || std::ranges::all_of(reals->data, [&](double x) { return std::abs(x) <= magnitude_; });
    });
    return small && (!test_.space.within || test_.space.within(one));
  }

  void draw(const Prepared& prepared, std::size_t wanted) {
    std::vector<Case> candidates = test_.pinned;
    std::size_t asked = 0, admitted = 0;
    for (std::size_t i = 0; i < wanted * draws_for_one; ++i) candidates.push_back(generator_.draw(i));
    for (Case& one : candidates) {
      if (instances_.size() >= wanted) break;
      if (!admits(one)) continue;
      ++admitted;
      const Truth truth = properties::evaluate(test_.holds, one, properties::Numbers::exact);
      if (truth == Truth::no) refuse(prepared, settings_, "does not hold: no right program could fulfil it");
      Operations operations(ranks_, offers_, slack_);
      if (truth == Truth::unknown || examine(operations, one) != Outcome::accepted) continue;
      asked += operations.asked;
      if (operations.asked > 0) instances_.push_back(std::move(one));
    }
    if (asked == 0)
      refuse(
          prepared, settings_,
          fmt::format("asks for no operation that a function of this assignment computes by itself, such as "
                      "oracle = [\"y = tanh(x)\"]{}",
                      admitted == 0 ? "; no instance is smaller than its magnitude" : ""));
  }

  /// Nothing where the program stopped, or gave what is no answer: both are in the exceptions.
  Outcome examine(Operations& operations, const Case& one) const {
    const oracles::PrecisionScope scope(bits);
    try {
      const Truth truth = test_.holds.ball(properties::Point<Ball>(one), operations.subject());
      return truth == Truth::no ? Outcome::wrong : Outcome::accepted;
    } catch (const NoEvidence&) {
      return Outcome::set_aside;
    }
  }

  CriterionResult grade_one(const Subject& subject, const CaseGroup&,
                            const PreparedCriterion& criterion) const override {
    CriterionResult result;
    result.total = instances_.size();
    Operations operations(ranks_, offers_, slack_);
    Session session = subject.start();
    operations.session = &session;
    std::size_t failures = 0;
    for (std::size_t i = 0; i < instances_.size(); ++i) {
      Outcome outcome = Outcome::set_aside;
      std::string culprit;
      try {
        outcome = examine(operations, instances_[i]);
      } catch (const Bad& bad) {
        outcome = bad.outcome;
        culprit = bad.result;
      } catch (Stopped& stop) {
        stopped(result, std::move(stop.ending));
        if (result.verdict != Verdict::missing_function) result.counterexample = example(i, instances_[i]);
        return result;
      }
      result.accepted += outcome == Outcome::accepted;
      result.set_aside += outcome == Outcome::set_aside;
      if (outcome == Outcome::accepted || outcome == Outcome::set_aside || failures++ > 0) continue;
      result.verdict = verdict_of(outcome);
      result.message = culprit;
      result.counterexample = smallest(subject, i, outcome);
    }
    finish(result, failures, criterion);
    return result;
  }

  void finish(CriterionResult& result, std::size_t failures, const PreparedCriterion& criterion) const {
    const std::size_t judged = result.total - result.set_aside;
    if (failures == 0) {
      if (result.accepted == 0) {
        result.message = "every instance was set aside; a person must look";  // cannot_tell
        return;
      }
      result.verdict = Verdict::accepted;
      result.message = fmt::format("holds on {} of {} instances, as far as rounding can tell: {}",
                                   result.accepted, judged, claim_.question.statement);
      return;
    }
    const std::string culprit = std::move(result.message);
    result.message =
        result.verdict == Verdict::wrong
            ? fmt::format("breaks on {} of {} instances: {}", failures, judged, claim_.question.statement)
            : fmt::format("{} {} on {} of {} instances", culprit,
                          result.verdict == Verdict::wrong_shape ? "has another shape than it should"
                                                                 : "is not finite",
                          failures, judged);
    if (result.verdict == Verdict::wrong)
      result.advice =
          claim_.question.because.empty()
              ? "The statement follows from what the function means: see where your own formula breaks it."
              : claim_.question.because;
    result.points = has_partial_credit(criterion) ? credit(criterion, result.accepted, judged) : Points(0);
  }

  static Counterexample example(std::size_t number, const Case& one) {
    Counterexample example;
    example.case_number = number;
    example.one = one;
    example.confirmed = true;
    return example;
  }

  Counterexample smallest(const Subject& subject, std::size_t number, Outcome outcome) const {
    Operations operations(ranks_, offers_, slack_);
    Session session = subject.start();
    operations.session = &session;
    const auto still_fails = [&](const Case& candidate) {
      if (!admits(candidate) ||
          properties::evaluate(test_.holds, candidate, properties::Numbers::exact) != Truth::yes)
        return false;
      try {
        return examine(operations, candidate) == outcome;
      } catch (const Bad& bad) {
        return bad.outcome == outcome;
      } catch (const Stopped&) {
        session = subject.start();
        return false;
      }
    };
    const auto small = generator_.shrink(instances_[number], still_fails, shrink_budget);
    Counterexample found = example(number, small.smallest);
    found.shrunk = small.changed;
    return found;
  }

  const fixtures::Property& settings_;
  std::string slack_;
  const properties::Claim& claim_;
  const properties::ForAll& test_;
  properties::Generator generator_;
  std::vector<Offer> offers_;
  double magnitude_;
  Ranks ranks_;
  std::vector<Case> instances_;
};

}  // namespace

PreparedJudge prepare_claim(const Prepared& prepared, const CaseGroup& group,
                            const PreparedCriterion& criterion) {
  return std::make_shared<const ClaimJudge>(prepared, group, criterion);
}

}  // namespace assay::graders
