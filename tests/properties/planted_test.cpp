/// Planted mistakes are seen: a claim that the right operation upholds is refuted, from nearly every seed,
/// when a known mistake takes the operation's place.
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <string>

#include "properties/claims.hpp"
#include "properties/verify.hpp"

namespace assay::properties {
namespace {

constexpr int wanted = 99;  // of 100 seeds

const oracles::Misconception& mistake_named(std::string_view id) {
  const auto all = oracles::misconceptions();
  const auto found = std::ranges::find(all, id, &oracles::Misconception::id);
  if (found == all.end()) throw std::invalid_argument("there is no misconception " + std::string(id));
  return *found;
}

/// What is drawn must show the mistake: no instance that the author chose helps.
Question without_pins(Question question) {
  std::get<ForAll>(question.test).pinned.clear();
  return question;
}

int refutations(const Question& question, const oracles::Misconception& planted, int seeds = 100) {
  int refuted = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    const Effort effort{.seed = static_cast<std::uint64_t>(seed), .floats = false};
    refuted += verify_with_mistake(question, planted, effort).standing == Standing::refuted;
  }
  return refuted;
}

struct Planting {
  const char* claim;
  bool foil;  ///< the claim's foil: the half of the pair that is true
  const char* mistake;
};

class PlantedMistake : public ::testing::TestWithParam<Planting> {
 protected:
  Question question() const {
    const Claim& claim = *find_claim(GetParam().claim);
    return without_pins(GetParam().foil ? claim.foil : claim.question);
  }
};

TEST_P(PlantedMistake, IsRefutedFromNearlyEverySeed) {
  EXPECT_GE(refutations(question(), mistake_named(GetParam().mistake)), wanted);
}

TEST_P(PlantedMistake, SitsInAClaimThatTheRightOperationUpholds) {
  EXPECT_EQ(verify(question(), {.floats = false}).answer, Truth::yes);
}

INSTANTIATE_TEST_SUITE_P(
    In, PlantedMistake,
    ::testing::Values(Planting{"cs231n-2019.tf.6", false, "tanh.gradient.no_square"},
                      Planting{"cs230-2021.mc.b.i", true, "sigmoid.gradient.no_complement"},
                      Planting{"eecs498-2019.tf.1.6", false, "leaky_relu.gradient.dead_side"},
                      Planting{"eecs498-2019.tf.1.2", true, "softmax_cross_entropy.sign"},
                      Planting{"csc413-2020.7.a.incoming", false, "relu.gradient.sides_swapped"},
                      Planting{"csc413-2020.7.a.outgoing", false, "relu.absolute_value"},
                      Planting{"cs230-2021.gan.5.viii.premise", true, "wgan_critic.sign"}),
    [](const auto& instance) {
      std::string name = instance.param.mistake;
      std::ranges::replace(name, '.', '_');
      return name;
    });

/// A probability rises with its own logit and falls with every other.
Question own_logit_only() {
  constexpr auto holds = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
    oracles::Tensor<T> first(at["z"].shape);
    first[0] = T(1);
    const oracles::Tensor<T> back = subject.gradients("softmax", {at["z"]}, first)[0];
    Truth all = oracles::less(T(0), back[0]);
    for (std::size_t i = 1; i < back.size(); ++i) all = all && oracles::less(back[i], T(0));
    return all;
  };
  return {.statement = "A probability of softmax rises with its own logit and falls with every other.",
          .test = ForAll{.space = {.variables = {reals("z", -4, 4, {"C"})}, .whole_numbers = {{"C", {2, 4}}}},
                         .holds = on_reals(holds)}};
}

TEST(PlantedSoftmaxGradient, IsRefutedFromNearlyEverySeed) {
  EXPECT_EQ(verify(own_logit_only(), {.floats = false}).answer, Truth::yes);
  EXPECT_GE(refutations(own_logit_only(), mistake_named("softmax.gradient.diagonal_only")), wanted);
}

/// What a claim is not about, it does not see.
TEST(PlantedElsewhere, IsNotSeen) {
  EXPECT_EQ(refutations(find_claim("cs231n-2019.tf.6")->question, mistake_named("relu.absolute_value"), 3),
            0);
}

TEST(PlantedInAnExistentialClaim, IsRefusedAsAQuestion) {
  EXPECT_THROW(
      verify_with_mistake(find_claim("csc413-2020.7.c")->question, mistake_named("relu.absolute_value"), {}),
      std::invalid_argument);
}

}  // namespace
}  // namespace assay::properties
