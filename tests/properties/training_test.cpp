/// The trainer, its update rules and its data.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "oracles/catalogue.hpp"
#include "oracles/numeric/allowance.hpp"
#include "properties/training/landscape.hpp"
#include "properties/training/trainer.hpp"

namespace assay::properties::training {
namespace {

using oracles::Ball;

/// Exactly the double, as an attribute.
std::string exactly(double value) {
  char text[64];
  std::snprintf(text, sizeof text, "%a", value);
  return text;
}

using Balls = std::vector<oracles::Tensor<Ball>>;

/// Four steps of the catalogue's rule; a constant gradient field that differs from step to step.
std::vector<Ball> followed(const std::string& rule, oracles::Attributes attributes, std::size_t states) {
  const oracles::Operation& operation = oracles::operation_named(rule);
  Balls now(1, oracles::Tensor<Ball>({3}, {Ball(1), Ball(-2), Ball(0.5)}));
  Balls state(states, oracles::Tensor<Ball>(oracles::Shape{3}));
  for (int step = 1; step <= 4; ++step) {
    Balls inputs{now[0], oracles::Tensor<Ball>({3}, {Ball(step), Ball(-0.25), Ball(3 - step)})};
    inputs.insert(inputs.end(), state.begin(), state.end());
    if (std::ranges::find(operation.attributes, "step", &oracles::AttributeSpec::name) !=
        operation.attributes.end())
      attributes["step"] = std::to_string(step);
    const Balls result = operation.ball.forward({inputs, {}}, attributes);
    now = {result[0]};
    state.assign(result.begin() + 1, result.begin() + 1 + static_cast<std::ptrdiff_t>(states));
  }
  return now[0].data;
}

void expect_rule(const Optimizer& ours, const std::string& rule, const oracles::Attributes& attributes,
                 std::size_t states) {
  std::vector<double> got{1, -2, 0.5};
  Updater updater(ours, 3);
  for (int step = 1; step <= 4; ++step)
    updater.step(got, std::vector<double>{1.0 * step, -0.25, 3.0 - step}, ours.rate);
  std::vector<Ball> evaluation;
  {
    const oracles::FormatScope format(oracles::binary64);
    evaluation = followed(rule, attributes, states);
  }
  const oracles::PrecisionScope precision(200);
  const std::vector<Ball> truth = followed(rule, attributes, states);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto allowed = oracles::allowance(evaluation[i], truth[i], oracles::Rational(2), oracles::binary64);
    EXPECT_FALSE(allowed.vacuous) << rule;
    EXPECT_LE(oracles::judge(got[i], truth[i], allowed).ratio, 1) << rule << ", parameter " << i;
  }
}

TEST(Updater, FollowsTheOraclesOfTheUpdateRules) {
  const std::string rate = exactly(0.05), epsilon = exactly(1e-8);
  expect_rule({.rule = Rule::sgd, .rate = 0.05}, "sgd", {{"lr", rate}}, 0);
  expect_rule({.rule = Rule::momentum, .rate = 0.05, .momentum = 0.875}, "momentum",
              {{"lr", rate}, {"momentum", "0.875"}}, 1);
  expect_rule({.rule = Rule::momentum, .rate = 0.05, .momentum = 0.875, .dampening = 0.5}, "momentum",
              {{"lr", rate}, {"momentum", "0.875"}, {"dampening", "0.5"}, {"first_step", "damped"}}, 1);
  expect_rule({.rule = Rule::adagrad, .rate = 0.05}, "adagrad", {{"lr", rate}, {"eps", epsilon}}, 1);
  expect_rule({.rule = Rule::adam, .rate = 0.05, .momentum = 0.875, .second = 0.9375}, "adam",
              {{"lr", rate}, {"eps", epsilon}, {"betas", "0.875,0.9375"}}, 2);
}

TEST(Schedule, StartsAtTheRateAndFalls) {
  Optimizer optimizer{.rate = 0.8, .schedule = Schedule::halving};
  EXPECT_EQ(scheduled_rate(optimizer, 0, 300), 0.8);
  EXPECT_EQ(scheduled_rate(optimizer, 100, 300), 0.4);
  EXPECT_EQ(scheduled_rate(optimizer, 299, 300), 0.2);
  optimizer.schedule = Schedule::cosine;
  for (std::size_t t = 0; t <= 300; ++t) {
    const double real = 0.8 * (1 + std::cos(std::acos(-1) * static_cast<double>(t) / 300)) / 2;
    EXPECT_LE(std::abs(scheduled_rate(optimizer, t, 300) - real), 0.8 * 0.0017 / 2 + 1e-15) << t;
  }
}

TEST(Clipping, ShortensLongGradientsOnly) {
  std::vector<double> gradient{3, 4};
  EXPECT_EQ(clip_norm(gradient, 10), 5);
  EXPECT_EQ(gradient, (std::vector<double>{3, 4}));
  EXPECT_EQ(clip_norm(gradient, 2.5), 5);
  EXPECT_EQ(gradient, (std::vector<double>{1.5, 2}));
}

Dataset noisy_moons(std::size_t examples, std::uint64_t seed) {
  return moons(examples, 0.2, 0.1, seed);
}

Block with_everything() {
  return {.width = 8, .batch_norm = true, .activation = Activation::leaky_relu, .dropout = 0.2};
}

std::vector<double> trained(std::uint64_t seed, Training how) {
  const Dataset data = noisy_moons(40, seed), validation = noisy_moons(40, seed + 1);
  Network network(perceptron(data, 2, with_everything()), 16, seed);
  how.seed = seed;
  const auto run = train(network, data, validation, how);
  std::vector<double> all(network.parameters().begin(), network.parameters().end());
  for (const Record& record : run.curve) {
    all.insert(all.end(), {record.training.loss, record.validation.loss, record.gradient_norm});
  }
  return all;
}

TEST(Trainer, RepeatsItselfToTheLastBit) {
  Training how{.optimizer = {.rule = Rule::adam, .rate = 0.01}, .steps = 60, .record_every = 10};
  EXPECT_EQ(trained(3, how), trained(3, how));
  EXPECT_NE(trained(3, how), trained(4, how));
}

TEST(Trainer, LearnsWhatCanBeLearnt) {
  const Dataset data = exclusive_or(80, 0.1, 1), fresh = exclusive_or(200, 0.1, 2);
  Network network(perceptron(data, 1, {.width = 16}), 20, 1);
  const auto run = train(network, data, fresh, {.optimizer = {.rate = 0.2}, .batch = 20, .steps = 400});
  EXPECT_EQ(run.last().training.accuracy, 1);
  EXPECT_GE(run.last().validation.accuracy, 0.99);
  EXPECT_LT(run.last().training.loss, run.first().training.loss / 10);
}

/// One step on all data moves weights by −rate (g + λ w) and biases by −rate g.
TEST(Trainer, DecaysWeightsAndNotBiases) {
  const Dataset data = noisy_moons(16, 1);
  const auto moved = [&](double decay) {
    Network network(perceptron(data, 1, {.width = 4}), 16, 1);
    std::ranges::fill(network.parameters(), 0.5);
    train(network, data, {}, {.optimizer = {.rate = 0.25, .weight_decay = decay}, .batch = 0, .steps = 1});
    return std::vector<double>(network.parameters().begin(), network.parameters().end());
  };
  const std::vector<double> plain = moved(0), decayed = moved(0.5);
  const Network layout(perceptron(data, 1, {.width = 4}), 16, 1);
  std::vector<double> extra(plain.size());
  for (const Slice& slice : layout.weights())
    std::fill_n(extra.begin() + static_cast<std::ptrdiff_t>(slice.offset), slice.size, 0.25 * 0.5 * 0.5);
  for (std::size_t i = 0; i < plain.size(); ++i)
    EXPECT_LE(std::abs(plain[i] - decayed[i] - extra[i]), 4 * 0x1p-53) << i;
}

TEST(Trainer, StopsWhenPatienceEndsAndGoesBackToTheBest) {
  const Dataset data = noisy_moons(30, 1), validation = noisy_moons(60, 2);
  Network network(perceptron(data, 2, {.width = 32}), 32, 1);
  Training how{.optimizer = {.rule = Rule::momentum, .rate = 0.05}, .batch = 10, .steps = 2000};
  how.record_every = 10;
  how.patience = 6;
  const auto run = train(network, data, validation, how);
  ASSERT_LT(run.steps, how.steps);
  EXPECT_EQ(run.curve.size() - 1 - run.best, how.patience);
  for (const Record& record : run.curve)
    EXPECT_LE(run.curve[run.best].validation.loss, record.validation.loss);
  EXPECT_EQ(network.score(validation).loss, run.curve[run.best].validation.loss);
}

/// What clipping changes is the length of the step.
TEST(Trainer, ClipsTheStepToTheAskedLength) {
  const Dataset data = noisy_moons(16, 1);
  Network network(perceptron(data, 1, {.width = 4}), 16, 1);
  const std::vector<double> before(network.parameters().begin(), network.parameters().end());
  train(network, data, {}, {.optimizer = {.rate = 1, .clip = 0.01}, .batch = 0, .steps = 1});
  double squares = 0;
  for (std::size_t i = 0; i < before.size(); ++i)
    squares += (network.parameters()[i] - before[i]) * (network.parameters()[i] - before[i]);
  EXPECT_NEAR(std::sqrt(squares), 0.01, 1e-15);
}

TEST(Network, CountsDeadUnits) {
  const Dataset data = noisy_moons(20, 1);
  Network network(perceptron(data, 1, {.width = 4}), 8, 1);
  network.parameters()[network.biases()[0].offset + 2] = -100;
  EXPECT_TRUE(network.dead_units(data)[0][2]);
  EXPECT_GE(network.dead_share(data), 0.25);
  network.parameters()[network.biases()[0].offset + 2] = 100;
  EXPECT_FALSE(network.dead_units(data)[0][2]);
}

TEST(Network, RefusesBlocksThatDoNotFit) {
  const Extent image{8, 1};
  EXPECT_THROW(Network({image, {{.width = 4, .skip = true}}, 2}, 4, 1), std::invalid_argument);
  EXPECT_THROW(Network({{1, 3}, {{.width = 4, .pool = Pool::max}}, 2}, 4, 1), std::invalid_argument);
  EXPECT_THROW(Network({image, {{.width = 4, .dropout = 1}}, 2}, 4, 1), std::invalid_argument);
  EXPECT_THROW(Network({image, {{.width = 0}}, 2}, 4, 1), std::invalid_argument);
}

TEST(Dataset, RepeatsItselfAndHasTheAskedClasses) {
  EXPECT_EQ(noisy_moons(30, 5).features, noisy_moons(30, 5).features);
  EXPECT_NE(noisy_moons(30, 5).features, noisy_moons(30, 6).features);
  const Dataset uneven = imbalanced({.examples = 200, .classes = 3, .dimensions = 4}, 0.9, 1);
  EXPECT_EQ(std::ranges::count(uneven.labels, 0u), 180);
  EXPECT_EQ(std::ranges::count(uneven.labels, 2u), 10);
  const Dataset more = blobs({.examples = 60, .classes = 3}, 1),
                fewer = blobs({.examples = 30, .classes = 3}, 1);
  EXPECT_TRUE(std::ranges::equal(fewer.features, std::span(more.features).first(fewer.features.size())))
      << "a larger set contains the smaller one of the same seed";
  EXPECT_THROW(blobs({.classes = 5, .dimensions = 2}, 1), std::invalid_argument);
}

std::vector<double> image_of(char character) {
  return glyphs({.alphabet = std::string_view(&character, 1), .per_class = 1, .noise = 0, .reach = 0}, 1)
      .features;
}

/// Some augmentation of `from` looks exactly like `to`.
bool becomes(char from, char to, const Augmentation& how) {
  const std::vector<double> image = image_of(from), wanted = image_of(to);
  std::vector<double> changed(image.size());
  Random random(1);
  for (int i = 0; i < 400; ++i) {
    augment(how, {8, 1}, image, changed, random);
    if (changed == wanted) return true;
  }
  return false;
}

TEST(Augmentation, TurnsLettersIntoOtherLettersByFlipsAndNotByShifts) {
  // The dots stand off the middle of the grid by half a pixel, hence the shift.
  const Augmentation sideways{.horizontal = true, .shift = 1}, over{.vertical = true, .shift = 1},
      both{true, true, 1}, shifts{.shift = 1};
  EXPECT_TRUE(becomes('b', 'd', sideways));
  EXPECT_TRUE(becomes('b', 'p', over));
  EXPECT_TRUE(becomes('M', 'W', over));
  EXPECT_TRUE(becomes('6', '9', both));
  EXPECT_TRUE(becomes('A', 'A', sideways));
  for (const auto& [from, to] : {std::pair{'b', 'd'}, {'b', 'p'}, {'M', 'W'}, {'6', '9'}})
    EXPECT_FALSE(becomes(from, to, shifts)) << from << " to " << to;
  EXPECT_THROW(dots_of('?'), std::invalid_argument);
}

TEST(DoubleWell, HasItsBarrierBetweenAShallowAndADeepWell) {
  Random random(1);
  for (const double tilt : {0.1, 0.2, 0.35}) {
    const DoubleWell well{tilt};
    const Descent slowly{{.rate = 0.05}, 2000, 0};
    const double barrier = well.barrier(), shallow = descend(well, barrier + 0.1, slowly, random),
                 deep = descend(well, barrier - 0.1, slowly, random);
    EXPECT_LE(std::abs(well.slope(barrier)), 1e-15);
    EXPECT_GT(well.value(barrier), well.value(shallow));
    EXPECT_GT(well.value(shallow), well.value(deep));
    EXPECT_TRUE(well.is_deep(deep) && !well.is_deep(shallow));
  }
}

}  // namespace
}  // namespace assay::properties::training
