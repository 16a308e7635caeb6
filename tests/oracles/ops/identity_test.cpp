#include <gtest/gtest.h>

#include <span>

#include "oracles/unstable.hpp"
#include "tests/oracles/ops/gradient_checks.hpp"

namespace assay::oracles::testing {
namespace {

constexpr int cases = 60;

class Identity : public ::testing::Test {
 protected:
  PrecisionScope scope{256};
  CaseGenerator generator{7};

  Tensor<Ball> vector() { return as<Ball>(generator.tensor({generator.integer(1, 6)})); }
};

Tensor<Ball> forward(std::string_view operation, Tensors<Ball> inputs, const Attributes& attributes = {}) {
  return operation_named(operation).ball.forward({std::move(inputs), {}}, attributes)[0];
}

Ball total(const Tensor<Ball>& tensor) {
  return sum(std::span<const Ball>(tensor.data));
}

template <class F>
Tensor<Ball> mapped(Tensor<Ball> tensor, const F& f) {
  for (Ball& element : tensor.data) element = f(element);
  return tensor;
}

void expect_same(const Tensor<Ball>& a, const Tensor<Ball>& b) {
  EXPECT_EQ(difference<Ball>({a}, {b}), "");
}

TEST_F(Identity, SoftmaxSumsToOneAlongItsAxis) {
  for (int i = 0; i < cases; ++i) EXPECT_TRUE(contains(total(forward("softmax", {vector()})), 1.0));
}

TEST_F(Identity, SoftmaxIgnoresAShift) {
  for (int i = 0; i < cases; ++i) {
    const auto z = vector();
    expect_same(forward("softmax", {z}),
                forward("softmax", {mapped(z, [](const Ball& x) { return x + 1000; })}));
  }
}

TEST_F(Identity, LogSoftmaxIsTheLogarithmOfSoftmax) {
  for (int i = 0; i < cases; ++i) {
    const auto z = vector();
    expect_same(forward("log_softmax", {z}),
                mapped(forward("softmax", {z}), [](const Ball& p) { return log(p); }));
  }
}

TEST_F(Identity, LogSumExpMovesWithAShift) {
  for (int i = 0; i < cases; ++i) {
    const auto z = vector();
    expect_same(mapped(forward("logsumexp", {z}), [](const Ball& y) { return y - 40; }),
                forward("logsumexp", {mapped(z, [](const Ball& x) { return x - 40; })}));
  }
}

TEST_F(Identity, TheGradientOfLogSumExpIsSoftmax) {
  for (int i = 0; i < cases; ++i) {
    const auto z = vector();
    const auto gradient = operation_named("logsumexp").ball.vjp({{z}, {}}, {Tensor<Ball>::scalar(1)}, {})[0];
    expect_same(gradient, forward("softmax", {z}));
  }
}

TEST_F(Identity, AnAxisIsTheLastAxisOfTheTransposedMatrix) {
  const auto z = as<Ball>(generator.tensor({3, 4}));
  Tensor<Ball> turned({4, 3});
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t c = 0; c < 4; ++c) turned(c, r) = z(r, c);
  const auto down = forward("softmax", {z}, {{"axis", "0"}}), along = forward("softmax", {turned});
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t c = 0; c < 4; ++c) EXPECT_TRUE(overlaps(down(r, c), along(c, r)));
  expect_same(forward("logsumexp", {z}, {{"axis", "0"}}), forward("logsumexp", {turned}));
}

TEST_F(Identity, CrossEntropyIsMinusTheLogSoftmaxOfTheLabel) {
  for (int i = 0; i < cases; ++i) {
    const auto z = as<Ball>(generator.tensor({1, 5}));
    const auto label = generator.integer(0, 4);
    const Arguments<Ball> arguments{{z, Tensor<Ball>(absent)},
                                    {IndexTensor({1}, {static_cast<std::int64_t>(label)})}};
    const Ball loss = operation_named("softmax_cross_entropy").ball.forward(arguments, {})[0][0];
    EXPECT_TRUE(overlaps(loss, Ball(-forward("log_softmax", {z})[label])));
  }
}

TEST_F(Identity, TanhIsASteepAndCentredSigmoid) {
  for (int i = 0; i < cases; ++i) {
    const auto x = vector();
    const auto twice = mapped(x, [](const Ball& element) { return 2 * element; });
    expect_same(forward("tanh", {x}),
                mapped(forward("sigmoid", {twice}), [](const Ball& s) { return 2 * s - 1; }));
  }
}

TEST_F(Identity, LeakyReluLiesBetweenReluAndTheIdentity) {
  const auto x = vector();
  expect_same(forward("leaky_relu", {x}, {{"alpha", "0"}}), forward("relu", {x}));
  expect_same(forward("leaky_relu", {x}, {{"alpha", "1"}}), x);
}

TEST_F(Identity, TheHalvedPenaltyIsHalfThePenalty) {
  const auto w = vector(), strength = Tensor<Ball>::scalar(3);
  expect_same(forward("l2_penalty", {w, strength}, {{"scale", "1/2"}}),
              mapped(forward("l2_penalty", {w, strength}), [](const Ball& y) { return y / 2; }));
}

/// Where balls of logits overlap, the shift is an element chosen by midpoints; every point must stay inside.
TEST_F(Identity, AnEnclosureOverOverlappingLogitsContainsEveryPoint) {
  for (const char* const name : {"softmax", "log_softmax", "logsumexp"})
    for (int i = 0; i < cases; ++i) {
      const auto centre = vector();
      const Ball quarter = Ball(1) / 4;
      const auto wide =
          forward(name, {mapped(centre, [&](const Ball& z) { return ball_around(z, quarter); })});
      const auto point = forward(name, {mapped(centre, [&](const Ball& z) {
                                   return z + quarter * (static_cast<int>(generator.integer(0, 2)) - 1);
                                 })});
      for (std::size_t k = 0; k < wide.size(); ++k) {
        EXPECT_TRUE(overlaps(wide[k], point[k])) << name;
        EXPECT_TRUE(is_finite(wide[k])) << name;
      }
    }
}

/// The maximum of n overlapping balls is not taken: log Σ exp grows by no more than the widest logit.
TEST_F(Identity, TheEnclosureOfLogSumExpIsHardlyWiderThanItsInputs) {
  const Ball wide = ball_around(Ball(0), Ball(1) / 64);
  const auto y = forward("logsumexp", {Tensor<Ball>({3}, {wide, wide, wide})});
  EXPECT_LE(radius_double(y[0]), 3.0 / 64) << "a difference of two logits has twice the radius of one";
}

/// Without rounding, an unstable form computes the same thing: on small inputs it agrees to most digits.
TEST_F(Identity, UnstableFormsAreRightOnHarmlessInputs) {
  for (const UnstableForm& form : unstable_forms()) {
    const Operation& operation = operation_named(form.operation);
    for (int i = 0; i < cases; ++i) {
      const Case c = generator.call(operation, static_cast<std::size_t>(i));
      const auto close = [&](const Tensor<double>& got, const Tensor<Ball>& truth) {
        for (std::size_t k = 0; k < got.size(); ++k) {
          const double wanted = midpoint_double(truth[k]);
          const double half_the_digits = std::ldexp(1.0, -26);
          EXPECT_LE(std::fabs(got[k] - wanted), half_the_digits * std::max(1.0, std::fabs(wanted)))
              << form.id;
        }
      };
      close(form.forward(as<double>(c.arguments), c.attributes)[0],
            operation.ball.forward(as<Ball>(c.arguments), c.attributes)[0]);
      if (form.vjp)
        close(form.vjp(as<double>(c.arguments), as<double>(c.upstream), c.attributes)[0],
              operation.ball.vjp(as<Ball>(c.arguments), as<Ball>(c.upstream), c.attributes)[0]);
    }
  }
}

}  // namespace
}  // namespace assay::oracles::testing
