/// Simulated submissions: what comes back is what a mistaken program would return, and no process runs.
#include "graders/diagnosis/diagnose.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "fixtures/load.hpp"
#include "graders/criteria/call.hpp"
#include "graders/finding.hpp"
#include "oracles/mistake.hpp"

namespace assay::graders {
namespace {

using oracles::Relation;
using oracles::Tensor;
using oracles::Variation;
using Outcome = oracles::ResultJudgement::Outcome;

/// What a submission returns for one result of a function on a case; `right` is the right answer.
using Answer = std::function<Tensor<double>(const PreparedFunction&, const std::string& result,
                                            const properties::Case&, const Tensor<double>& right)>;

const Prepared& classifier() {
  static const Prepared prepared =
      prepare(fixtures::load_assignment(ASSAY_SOURCE_DIR "/fixtures/assignments/softmax-classifier"));
  return prepared;
}
const Prepared& net() {
  static const Prepared prepared =
      prepare(fixtures::load_assignment(ASSAY_SOURCE_DIR "/fixtures/assignments/two-layer-net"));
  return prepared;
}

/// Observes and judges every case of the oracle criteria, as a run would.
SubmissionResult simulate(const Prepared& prepared, const Answer& answer) {
  SubmissionResult result;
  result.criteria.resize(prepared.criteria.size());
  for (const CaseGroup& group : prepared.groups) {
    if (!group.function || group.expected.empty()) continue;
    const auto& names = group.function->spec->results;
    auto observed = std::make_shared<Observations>();
    for (std::size_t i = 0; i < group.cases.size(); ++i) {
      Observation observation{i, {}};
      for (const std::string& name : names)
        observation.results.push_back(
            answer(*group.function, name, group.cases[i], group.expected[i].nearest(name)));
      observed->push_back(std::move(observation));
    }
    for (const std::size_t place : group.criteria) {
      CriterionResult& criterion = result.criteria[place];
      criterion.verdict = Verdict::accepted;
      criterion.observed = observed;
      for (const Observation& one : *observed)
        for (std::size_t r = 0; r < names.size(); ++r) {
          const auto& judged = prepared.criteria[place].spec->results;
          if (std::ranges::find(judged, names[r]) == judged.end()) continue;
          const auto outcome = group.expected[one.case_number].judge(names[r], one.results[r]).outcome;
          if (oracles::is_failure(outcome)) criterion.verdict = verdict_of(outcome);
        }
    }
  }
  return result;
}

/// The nearest doubles to what the variation gives.
Tensor<double> varied(const PreparedFunction& function, const std::string& result,
                      const properties::Case& one, Variation variation) {
  return oracles::Expected(function.program, {result}, one.inputs, oracles::FloatFormat::binary64, "2",
                           std::make_shared<const Variation>(std::move(variation)))
      .nearest(result);
}

/// A submission with these mistakes of the catalogue wherever their operations occur.
Answer mistaken(std::vector<std::string> ids) {
  return [ids](const PreparedFunction& function, const std::string& result, const properties::Case& one,
               const Tensor<double>&) {
    Variation variation;
    const auto all = oracles::mistakes_of(*function.program);
    for (const std::string& id : ids)
      if (const auto found = std::ranges::find(all, id, &oracles::ProgramMistake::id); found != all.end())
        variation.replaced.insert(variation.replaced.end(), found->replaced.begin(), found->replaced.end());
    return varied(function, result, one, variation);
  };
}

const CriterionResult& criterion(const Prepared& prepared, const SubmissionResult& result,
                                 const std::string& id) {
  for (std::size_t i = 0; i < prepared.criteria.size(); ++i)
    if (prepared.criteria[i].spec->id == id) return result.criteria[i];
  throw std::invalid_argument(id);
}

SubmissionResult diagnosed(const Prepared& prepared, const Answer& answer) {
  SubmissionResult result = simulate(prepared, answer);
  diagnose(prepared, result);
  return result;
}

/// Ids of the diagnoses of a criterion, joined.
std::string named(const Prepared& prepared, const SubmissionResult& result, const std::string& id) {
  std::string ids;
  for (const Diagnosis& diagnosis : criterion(prepared, result, id).diagnoses)
    ids += (ids.empty() ? "" : ", ") + diagnosis.id;
  return ids;
}

struct Planted {
  const Prepared& (*assignment)();
  const char* mistake;
  const char* criterion;
};

class EachPlanted : public ::testing::TestWithParam<Planted> {};

TEST_P(EachPlanted, IsNamedFirst) {
  const auto& [assignment, mistake, where] = GetParam();
  const auto result = diagnosed(assignment(), mistaken({mistake}));
  EXPECT_NE(criterion(assignment(), result, where).verdict, Verdict::accepted);
  EXPECT_EQ(named(assignment(), result, where), mistake);
  for (const Diagnosis& diagnosis : criterion(assignment(), result, where).diagnoses) {
    EXPECT_GE(diagnosis.telling_cases, 1u);
    EXPECT_LE(diagnosis.telling_cases, diagnosis.consistent_cases);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Of, EachPlanted,
    ::testing::Values(Planted{classifier, "affine.bias_forgotten", "scores"},
                      Planted{classifier, "affine.bias_forgotten", "grad-X"},
                      Planted{classifier, "affine.gradient.bias_of_first_row", "grad-b"},
                      Planted{classifier, "affine.gradient.bias_of_last_row", "grad-b"},
                      Planted{classifier, "affine.gradient.weights_transposed", "grad-W"},
                      Planted{classifier, "softmax_cross_entropy.mean_is_sum", "grad-W"},
                      Planted{classifier, "softmax_cross_entropy.gradient.no_mean", "grad-X"},
                      Planted{classifier, "softmax_cross_entropy.gradient.no_one_hot", "grad-b"},
                      Planted{classifier, "softmax_cross_entropy.softmax_twice", "loss"},
                      Planted{classifier, "softmax_cross_entropy.over_the_batch", "grad-W"},
                      Planted{classifier, "softmax_cross_entropy.labels_from_one_but_the_first", "loss"},
                      Planted{classifier, "l2_penalty.gradient.no_two", "grad-W"},
                      Planted{classifier, "l2_penalty.length", "loss"},
                      Planted{classifier, "logsumexp.peak_not_added_back", "lse"},
                      Planted{net, "relu.absolute_value", "relu"},
                      Planted{net, "relu.gradient.sides_swapped", "relu-backward"},
                      Planted{net, "relu.gradient.passes_everywhere", "backward-hidden"},
                      Planted{net, "affine.gradient.averaged_over_rows", "backward-output"}),
    [](const auto& instance) {
      std::string name = std::string(instance.param.mistake) + "_in_" + instance.param.criterion;
      std::ranges::replace_if(
          name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
      return name;
    });

TEST(Diagnosis, NamesTwoMistakesAtOnce) {
  const auto result = diagnosed(
      classifier(), mistaken({"l2_penalty.gradient.no_two", "softmax_cross_entropy.gradient.no_mean"}));
  EXPECT_EQ(named(classifier(), result, "grad-W"),
            "l2_penalty.gradient.no_two + softmax_cross_entropy.gradient.no_mean");
  EXPECT_EQ(named(classifier(), result, "grad-b"), "softmax_cross_entropy.gradient.no_mean")
      << "the penalty does not reach the bias";
}

TEST(Diagnosis, NamesNothingInAnHonestSubmission) {
  auto result = simulate(classifier(),
                         [](const auto&, const auto&, const auto&, Tensor<double> right) { return right; });
  for (CriterionResult& criterion : result.criteria) {
    EXPECT_EQ(criterion.verdict, Verdict::accepted);
    criterion.verdict = Verdict::wrong;  // even if somebody asks
  }
  diagnose(classifier(), result);
  for (const CriterionResult& criterion : result.criteria) {
    EXPECT_TRUE(criterion.diagnoses.empty());
    EXPECT_EQ(criterion.observed, nullptr) << "what was observed is dropped";
  }
}

TEST(Diagnosis, NamesNothingThatOneCaseSpeaksAgainst) {
  std::size_t calls = 0;
  const auto result = diagnosed(classifier(), [&](const PreparedFunction& function, const std::string& name,
                                                  const properties::Case& one, const Tensor<double>& right) {
    if (name != "dW" || ++calls % 2) return right;  // wrong on every other case alone
    return mistaken({"l2_penalty.gradient.no_two"})(function, name, one, right);
  });
  EXPECT_EQ(criterion(classifier(), result, "grad-W").verdict, Verdict::wrong);
  EXPECT_EQ(named(classifier(), result, "grad-W"), "");
}

TEST(Diagnosis, ListsWhatFitsAsWell) {
  const auto result = diagnosed(classifier(), mistaken({"softmax_cross_entropy.gradient.sign"}));
  const auto& diagnoses = criterion(classifier(), result, "grad-b").diagnoses;
  ASSERT_EQ(diagnoses.size(), 1u);
  EXPECT_EQ(diagnoses[0].id, "softmax_cross_entropy.gradient.sign");
  std::vector<std::string> others;
  for (const Explanation& other : diagnoses[0].alternatives) others.push_back(other.id);
  EXPECT_NE(std::ranges::find(others, "relation.sign"), others.end());
  EXPECT_NE(std::ranges::find(others, "softmax_cross_entropy.sign"), others.end());
}

/// The whole submission decides between a sum in the loss and a gradient alone without its 1/N.
TEST(Diagnosis, PrefersWhatExplainsMoreOfTheSubmission) {
  const auto both = diagnosed(classifier(), mistaken({"softmax_cross_entropy.mean_is_sum"}));
  EXPECT_EQ(named(classifier(), both, "grad-b"), "softmax_cross_entropy.mean_is_sum");
  const auto gradient = diagnosed(classifier(), mistaken({"softmax_cross_entropy.gradient.no_mean"}));
  EXPECT_EQ(named(classifier(), gradient, "grad-b"), "softmax_cross_entropy.gradient.no_mean");
}

/// A submission whose answers are changed in one way.
std::string seen_in(const std::string& where, const std::function<Tensor<double>(Tensor<double>)>& change) {
  const auto result = diagnosed(
      classifier(), [&](const auto&, const auto&, const auto&, const auto& right) { return change(right); });
  return named(classifier(), result, where);
}

Tensor<double> each(Tensor<double> tensor, const std::function<double(double)>& f) {
  std::ranges::transform(tensor.data, tensor.data.begin(), f);
  return tensor;
}

TEST(Relations, AreFoundWithoutTheCatalogue) {
  EXPECT_EQ(seen_in("scores", [](auto right) { return each(right, [](double) { return 0.0; }); }),
            "relation.zeros");
  EXPECT_EQ(
      seen_in("grad-W",
              [](auto right) {
                return std::get<Tensor<double>>(leftovers(right.shape, fixtures::NumberFormat::float64));
              }),
      "relation.not_written");
  EXPECT_EQ(seen_in("scores", [](auto right) { return each(right, [](double x) { return -x; }); }),
            "relation.sign");
  EXPECT_EQ(seen_in("scores", [](auto right) { return each(right, [](double x) { return x / 2; }); }),
            "relation.half");
  EXPECT_EQ(seen_in("scores", [](auto right) { return each(right, [](double x) { return 0.75 * x; }); }),
            "relation.constant_factor");
  EXPECT_EQ(seen_in("loss", [](auto right) { return each(right, [](double x) { return x + 0.375; }); }),
            "relation.offset");
  EXPECT_EQ(seen_in("loss",
                    [](auto right) {
                      return each(right, [](double x) { return static_cast<double>(static_cast<float>(x)); });
                    }),
            "relation.float_arithmetic");
  EXPECT_EQ(seen_in("scores",
                    [](auto right) {
                      if (right.shape.size() < 2) return right;
                      Tensor<double> turned({right.shape[1], right.shape[0]});
                      for (std::size_t i = 0; i < right.shape[0]; ++i)
                        for (std::size_t j = 0; j < right.shape[1]; ++j) turned(j, i) = right(i, j);
                      return turned;
                    }),
            "relation.transposed");
}

TEST(Relations, SayWhereAnAnswerIsWrongThatNothingElseExplains) {
  EXPECT_EQ(seen_in("scores",
                    [](auto right) {
                      if (right.shape.size() < 2) return right;
                      for (std::size_t i = right.shape[1]; i < right.size(); ++i)
                        right[i] = std::sin(right[i] + 3);
                      return right;
                    }),
            "relation.first_of_axis_0_only");
}

TEST(Relations, KnowScalarInputsAndExtents) {
  const auto by = [](const char* name) {
    return [name](const auto&, const auto& result, const properties::Case& one, Tensor<double> right) {
      const auto upstream = one.inputs.find(name);
      if (result == "dX" && upstream != one.inputs.end())
        for (double& x : right.data) x /= std::get<Tensor<double>>(upstream->second)[0];
      return right;
    };
  };
  EXPECT_EQ(named(classifier(), diagnosed(classifier(), by("upstream")), "grad-X"),
            "relation.without_upstream");
  const auto times_d = [](const auto&, const auto& result, const properties::Case& one,
                          Tensor<double> right) {
    for (double& x : right.data) x *= result == "scores" ? static_cast<double>(one.extents.at("D")) : 1;
    return right;
  };
  EXPECT_EQ(named(classifier(), diagnosed(classifier(), times_d), "scores"), "relation.times_D");
}

TEST(Unstable, FormsAreNamedByWhereTheyFail) {
  const auto form = [](const PreparedFunction& function, const std::string& name, const properties::Case& one,
                       const Tensor<double>& right) {
    for (const auto& value : oracles::unstable_values(*function.program, one.inputs, name))
      if (value.id == "softmax_cross_entropy.log_of_softmax") return value.value;
    return right;
  };
  EXPECT_EQ(named(classifier(), diagnosed(classifier(), form), "loss-extreme"),
            "softmax_cross_entropy.log_of_softmax");
}

TEST(State, IsNamedWhereNoFailureComesBack) {
  auto result = simulate(classifier(), [](const auto&, const auto&, const auto&, const auto& right) {
    return each(right, [](double x) { return std::cos(x) + 7; });
  });
  for (CriterionResult& criterion : result.criteria) criterion.counterexample.emplace();
  diagnose(classifier(), result);
  EXPECT_EQ(named(classifier(), result, "scores"), "relation.state_between_calls");
}

}  // namespace
}  // namespace assay::graders
