#include <gtest/gtest.h>

#include <algorithm>
#include <cfenv>

#include "tests/oracles/ops/extremes.hpp"

namespace assay::oracles::testing {
namespace {

constexpr std::uint64_t seed = 1;

template <class F>
void expect_all_honest_admitted() {
  for (const auto& [operation, usage] : survey<F>(seed, 60, Magnitudes::wild))
    EXPECT_LE(usage.largest_ratio, 1) << operation << " by " << usage.style;
}

TEST(Allowance, AdmitsEveryHonestStyleInDouble) {
  expect_all_honest_admitted<double>();
}
TEST(Allowance, AdmitsEveryHonestStyleInFloat) {
  expect_all_honest_admitted<float>();
}

/// A design limit of the grader: more than a tenth of cases set aside is an authoring error.
TEST(Allowance, SaysSomethingOnOrdinaryInputs) {
  for (const auto& [operation, usage] : survey<float>(seed, 30, Magnitudes::ordinary)) {
    // Softmax ignores a shift, so the bias of the keys has gradient 0: no error is small beside that.
    if (operation == "multi_head_attention'") continue;
    EXPECT_LE(10 * usage.vacuous, usage.elements) << operation;
  }
}

TEST(Allowance, LeavesNoRoomWhereNothingIsRounded) {
  const Operation& relu = operation_named("relu");
  const Arguments<Ball> exact{{Tensor<Ball>::scalar(Ball(0.1))}, {}};
  const Judge judge([&] { return relu.ball.forward(exact, {}); }, binary64);
  Usage usage;
  EXPECT_EQ(judge.add(Tensors<double>{Tensor<double>::scalar(0.1)}, "", usage), 0);
  EXPECT_GT(judge.add(Tensors<double>{Tensor<double>::scalar(std::nextafter(0.1, 1))}, "", usage), 1);
}

TEST(UnstableForm, IsRejectedOnInputsThatExposeIt) {
  for (const UnstableForm& form : unstable_forms()) {
    double best = 0;
    for (const Extreme& extreme : extremes_of(form.operation))
      best = std::max(best, exposure(form, extreme, seed, 20).smallest);
    EXPECT_GT(best, 1) << form.id << " must be rejected in every case of some family of inputs";
  }
}

TEST(UnstableForm, OnePassVarianceIsRejectedAtAMeanOfAThousand) {
  std::mt19937_64 random(seed);
  double largest = 0;
  for (int i = 0; i < 20; ++i) largest = std::max(largest, one_pass_variance_ratio(1000, random));
  EXPECT_GT(largest, 1);
}

/// The forms must run in IEEE arithmetic at run time: the flags tell a person what went wrong.
TEST(UnstableForm, RaisesTheFloatingPointFlagOfItsFailure) {
  const auto flags = [](std::string_view id, double x) {
    const auto forms = unstable_forms();
    const auto form = std::ranges::find(forms, id, &UnstableForm::id);
    Arguments<double> arguments{{Tensor<double>({1, 2}, {x, 0.5})}, {}};
    if (form->operation == "softmax_cross_entropy") {
      arguments.index.push_back(IndexTensor({1}, {1}));
      arguments.real.push_back(Tensor<double>(absent));
    }
    std::feclearexcept(FE_ALL_EXCEPT);
    form->forward(arguments, {});
    return std::fetestexcept(FE_OVERFLOW | FE_UNDERFLOW | FE_INVALID | FE_DIVBYZERO);
  };
  EXPECT_TRUE(flags("softmax.without_shift", 1000) & FE_OVERFLOW);
  EXPECT_TRUE(flags("softmax.without_shift", 1000) & FE_INVALID) << "infinity / infinity";
  EXPECT_TRUE(flags("logsumexp.without_shift", 1000) & FE_OVERFLOW);
  EXPECT_TRUE(flags("softmax_cross_entropy.log_of_softmax", 1000) & FE_UNDERFLOW);
  EXPECT_TRUE(flags("softmax_cross_entropy.log_of_softmax", 1000) & FE_DIVBYZERO) << "log 0";
  EXPECT_TRUE(flags("sigmoid.one_branch", 1000) & FE_OVERFLOW);
  EXPECT_FALSE(flags("softmax.without_shift", 1));
}

}  // namespace
}  // namespace assay::oracles::testing
