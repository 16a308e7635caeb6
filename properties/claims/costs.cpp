/// Costs: what a layer, a gradient or a step of an optimiser takes to compute.
#include <fmt/format.h>

#include <array>

#include "properties/claims/sizes.hpp"
#include "properties/training/pictures.hpp"

namespace assay::properties::topics {
namespace {

// ---- Layers against a 3x3 convolution of C maps into C --------------------------------------------------

/// How arithmetic is counted: a multiplication that feeds an addition is one operation, or two, without the
/// additions of biases or with them.
using Operations = std::array<std::uint64_t, 3>;

Operations convolution(std::size_t height, std::size_t width, std::size_t channels, std::size_t filters,
                       std::size_t kernel, std::size_t stride, std::size_t padding) {
  const oracles::Shapes inputs = {{1, channels, height, width}, {filters, channels, kernel, kernel}, {0}};
  const Attributes attributes = {{"stride", std::to_string(stride)}, {"padding", std::to_string(padding)}};
  const std::uint64_t fused = oracles::operation_named("conv2d").cost(inputs, attributes).multiply_adds;
  const std::uint64_t outputs = oracles::element_count(shape_after("conv2d", inputs, attributes));
  return {fused, 2 * fused - outputs, 2 * fused};
}

/// One comparison fewer than the window has numbers, for each output.
Operations pooling(std::size_t height, std::size_t width, std::size_t channels, std::size_t kernel,
                   std::size_t stride) {
  const std::uint64_t outputs = oracles::element_count(
      shape_after("max_pool2d", {{1, channels, height, width}},
                  {{"kernel_size", std::to_string(kernel)}, {"stride", std::to_string(stride)}}));
  const std::uint64_t comparisons = outputs * (kernel * kernel - 1);
  return {comparisons, comparisons, comparisons};
}

using CountOf = Operations (*)(std::size_t height, std::size_t width, std::size_t channels);

Operations reference(std::size_t h, std::size_t w, std::size_t c) {
  return convolution(h, w, c, c, 3, 1, 1);
}
Operations small_pooling(std::size_t h, std::size_t w, std::size_t c) {
  return pooling(h, w, c, 2, 2);
}
Operations five_by_five(std::size_t h, std::size_t w, std::size_t c) {
  return convolution(h, w, c, c / 2, 5, 1, 2);
}
Operations five_by_five_to_a_quarter(std::size_t h, std::size_t w, std::size_t c) {
  return convolution(h, w, c, c / 4, 5, 1, 2);
}
Operations wide_stride(std::size_t h, std::size_t w, std::size_t c) {
  return convolution(h, w, c, 4 * c, 4, 4, 0);
}
Operations stride_two(std::size_t h, std::size_t w, std::size_t c) {
  return convolution(h, w, c, 4 * c, 4, 2, 1);
}
template <std::size_t factor>
Operations through_many_maps(std::size_t h, std::size_t w, std::size_t c) {
  Operations wide = convolution(h, w, c, factor * c, 1, 1, 0);
  const Operations back = convolution(h, w, factor * c, c, 1, 1, 0);
  for (std::size_t i = 0; i < wide.size(); ++i) wide[i] += back[i];
  return wide;
}
Operations convolution_and_pooling(std::size_t h, std::size_t w, std::size_t c) {
  const Operations one = convolution(h, w, c, c, 3, 1, 1), pooled = pooling(h, w, c, 2, 2);
  return {one[0] + pooled[0], one[1] + pooled[1], one[2] + pooled[2]};
}

/// Whichever way operations are counted.
template <CountOf layer>
bool takes_more(std::size_t h, std::size_t w, std::size_t c) {
  const Operations own = layer(h, w, c), other = reference(h, w, c);
  bool all = true;
  for (std::size_t i = 0; i < own.size(); ++i) all = all && own[i] > other[i];
  return all;
}

/// Both counts are polynomials: HW times at most a quadratic in C. Three values of each variable fix them, so
/// the counts at H, W, C = 4, 8, 12 say that the layer's multiply-adds are `share` H W C^2 everywhere.
template <CountOf layer>
ProofOutcome multiply_adds_are(const Rational& share) {
  return exhaust({{"H/4", 1, 3}, {"W/4", 1, 3}, {"C/4", 1, 3}}, [&](const std::vector<std::int64_t>& n) {
    const auto h = static_cast<std::size_t>(4 * n[0]), w = static_cast<std::size_t>(4 * n[1]),
               c = static_cast<std::size_t>(4 * n[2]);
    return Rational(layer(h, w, c)[0]) == share * Rational(h * w) * Rational(c * c);
  });
}

/// `share` H W C^2 against 9 H W C^2, in multiply-adds and in single operations. Without biases these are
/// 2 share C^2 - `maps` C and 18 C^2 - C for each position: for C = 4 + c their difference is
/// 2 (share - 9)(4 + c)^2 - (maps - 1)(4 + c), all coefficients positive.
template <CountOf layer>
ProofOutcome always_more(const Rational& share, const Rational& maps) {
  const Rational lead = 2 * (share - 9), linear = 8 * lead - (maps - 1), least = 16 * lead - 4 * (maps - 1);
  const auto difference = [=]<class T>(const std::vector<T>& v) {
    const T channels = v[0] + T(4);
    if constexpr (std::same_as<T, Degree>)
      return T(channels * channels);
    else
      return T(lead * channels * channels - (maps - 1) * channels);
  };
  const auto sum_of_positive = [=]<class T>(const std::vector<T>& v) {
    if constexpr (std::same_as<T, Degree>)
      return T(v[0] * v[0]);
    else
      return T(lead * v[0] * v[0] + linear * v[0] + least);
  };
  const bool positive = lead > 0 && linear > 0 && least > 0;
  return together({{fmt::format("{} H W C^2 multiply-adds against 9 H W C^2", oracles::to_decimal(share, 4)),
                    multiply_adds_are<layer>(share)},
                   {"the same for multiplications and additions", identity(1, difference, sum_of_positive)},
                   {"positive coefficients", {oracles::truth(positive), ""}}});
}

template <CountOf layer>
Question more_than_three_by_three(std::string what, std::string because, std::vector<Proof> proofs = {}) {
  constexpr std::size_t h = 32, w = 32, c = 64;
  return {.statement = what + " takes more operations than a 3x3 convolution of C maps into C.",
          .test = ForAll{.space = {.variables = {},
                                   .whole_numbers = {{"h", {1, 16}}, {"w", {1, 16}}, {"c", {1, 16}}},
                                   .text = "H = 4h, W = 4w, C = 4c, up to 64"},
                         .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>&) {
                           return oracles::truth(
                               takes_more<layer>(4 * at.extent("h"), 4 * at.extent("w"), 4 * at.extent("c")));
                         }),
                         .pinned = {sizes({{"h", h / 4}, {"w", w / 4}, {"c", c / 4}},
                                          fmt::format("{} maps of {}x{}: {} operations against {} "
                                                      "multiply-adds",
                                                      c, h, w, layer(h, w, c)[0], reference(h, w, c)[0]))},
                         .proofs = std::move(proofs),
                         .cases = 400},
          .because = std::move(because)};
}

template <CountOf layer>
std::vector<Proof> for_all_sizes(const Rational& share, const Rational& maps) {
  return {{"all H, W and C divisible by 4", [=] { return always_more<layer>(share, maps); }}};
}

// ---- Max pooling against a convolution ------------------------------------------------------------------

struct Both {
  std::uint64_t forward = 0, backward = 0;
};

/// Backwards a convolution computes two gradients, each at the price of the forward pass; a pooling adds each
/// number that arrives to one entry.
Both of_convolution(std::size_t kernel, std::size_t channels) {
  const std::uint64_t once = convolution(32, 32, channels, channels, kernel, kernel, 0)[0];
  return {once, 2 * once};
}
Both of_pooling(std::size_t kernel, std::size_t channels) {
  const std::uint64_t outputs = oracles::element_count(
      shape_after("max_pool2d", {{1, channels, 32, 32}}, {{"kernel_size", std::to_string(kernel)}}));
  return {pooling(32, 32, channels, kernel, kernel)[0], outputs};
}

Question pooling_costs_as_much() {
  const Both pooled = of_pooling(3, 64), convolved = of_convolution(3, 64);
  return {
      .statement =
          "Max pooling is about as expensive as a convolution with the same windows: within a "
          "factor 2, forwards and backwards.",
      .test = ForAll{.space = {.variables = {},
                               .whole_numbers = {{"kernel", {2, 5}}, {"channels", {1, 64}}},
                               .text = "windows of 2x2 to 5x5 on up to 64 maps of 32x32"},
                     .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>&) {
                       const Both a = of_pooling(at.extent("kernel"), at.extent("channels"));
                       const Both b = of_convolution(at.extent("kernel"), at.extent("channels"));
                       return oracles::truth(b.forward <= 2 * a.forward && b.backward <= 2 * a.backward);
                     }),
                     .pinned = {sizes({{"kernel", 3}, {"channels", 64}},
                                      fmt::format("3x3 windows on 64 maps of 32x32: {} comparisons and {} "
                                                  "additions against {} and {} multiply-adds",
                                                  pooled.forward, pooled.backward, convolved.forward,
                                                  convolved.backward))}},
      .because = "A pooled number looks at one map, a convolved one at all of them."};
}

/// k^2 - 1 comparisons for each output against k^2 C multiply-adds: with C = 1 + c, c >= 0, the difference is
/// k^2 c + 1; and one addition against 2 k^2 C.
ProofOutcome pooling_is_cheaper() {
  const auto difference = []<class T>(const std::vector<T>& v) {
    const T k = v[0], c = v[1];
    return T(k * k * (T(1) + c) - (k * k - T(1)));
  };
  const auto positive = []<class T>(const std::vector<T>& v) { return T(v[0] * v[0] * v[1] + T(1)); };
  const auto counted = [](const std::vector<std::int64_t>& n) {
    const auto k = static_cast<std::size_t>(n[0]), c = static_cast<std::size_t>(n[1]);
    const Both a = of_pooling(k, c), b = of_convolution(k, c);
    const std::size_t outputs = a.backward;
    return a.forward == outputs * (k * k - 1) && b.forward == outputs * k * k * c && a.backward < b.backward;
  };
  return together({{"k^2 C - (k^2 - 1) = k^2 (C - 1) + 1", identity(2, difference, positive)},
                   {"counted", exhaust({{"k", 1, 5}, {"C", 1, 16}}, counted)}});
}

Question pooling_costs_less() {
  return {.statement =
              "Max pooling takes fewer operations than a convolution with the same windows, forwards "
              "and backwards.",
          .test = ForAll{.space = {.variables = {},
                                   .whole_numbers = {{"kernel", {2, 5}}, {"channels", {1, 64}}},
                                   .text = "windows of 2x2 to 5x5 on up to 64 maps of 32x32"},
                         .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>&) {
                           const Both a = of_pooling(at.extent("kernel"), at.extent("channels"));
                           const Both b = of_convolution(at.extent("kernel"), at.extent("channels"));
                           return oracles::truth(a.forward < b.forward && a.backward < b.backward);
                         }),
                         .proofs = {{"all windows and numbers of maps", pooling_is_cheaper}}}};
}

// ---- Backpropagation ------------------------------------------------------------------------------------

struct Count {
  std::uint64_t parameters = 0, backward = 0;
};

/// A fully connected network on one example. dW = X^T dY and dX = dY W^T, the latter not for the first layer.
Count backpropagation(const std::vector<std::size_t>& widths) {
  const oracles::Operation& product = oracles::operation_named("matmul");
  Count all;
  for (std::size_t l = 0; l + 1 < widths.size(); ++l) {
    const std::size_t in = widths[l], out = widths[l + 1];
    all.parameters += oracles::operation_named("affine").cost({{1, in}, {in, out}, {out}}, {}).parameters;
    all.backward += product.cost({{in, 1}, {1, out}}, {}).multiply_adds;
    if (l > 0) all.backward += product.cost({{1, out}, {out, in}}, {}).multiply_adds;
  }
  return all;
}

ProofOutcome in_every_network(const std::function<bool(const Count&)>& holds) {
  return exhaust({{"inputs", 1, 8}, {"hidden", 1, 8}, {"hidden'", 1, 8}, {"outputs", 1, 8}},
                 [&](const std::vector<std::int64_t>& n) {
                   return holds(backpropagation({n.begin(), n.end()}));
                 });
}

/// Each layer has (d + 1) m parameters, and 2 d m multiply-adds at most: never twice the parameters.
Derived at_most_twice() {
  const ProofOutcome outcome =
      in_every_network([](const Count& count) { return count.backward < 2 * count.parameters; });
  return {outcome.proved, "below 2 multiply-adds for each parameter and example in " + outcome.method};
}

Derived grows_as_the_square() {
  const Count small = backpropagation({64, 64, 64, 64}), large = backpropagation({256, 256, 256, 256});
  const Rational more = Rational(large.backward) / Rational(small.backward);
  const Rational parameters = Rational(large.parameters) / Rational(small.parameters);
  return {oracles::truth(more >= parameters * parameters / 2),
          fmt::format("{} times the parameters take {} times the multiply-adds, and {}",
                      oracles::to_decimal(parameters, 4), oracles::to_decimal(more, 4),
                      at_most_twice().evidence)};
}

Derived is_bounded_by_the_square() {
  const ProofOutcome outcome = in_every_network(
      [](const Count& count) { return count.backward <= count.parameters * count.parameters; });
  return {outcome.proved, "at most n^2 in " + outcome.method};
}

Question backpropagation_is_quadratic() {
  return {.statement =
              "Backpropagation through a fully connected network of n parameters costs n^2: the cost "
              "grows with the square.",
          .test = Derivation{.derive = grows_as_the_square,
                             .assumptions = {{"bound",
                                              "O(n^2) is read as an upper bound only, which a linear cost "
                                              "meets too",
                                              {}}},
                             .derive_under = [](const std::string&) { return is_bounded_by_the_square(); }},
          .because =
              "Going backwards, each weight is multiplied twice: once for its own gradient and once to "
              "pass the gradient on."};
}

Question backpropagation_is_linear() {
  return {.statement =
              "Backpropagation through a fully connected network takes less than 2 multiply-adds for "
              "each parameter and example.",
          .test = Derivation{at_most_twice}};
}

// ---- Newton's method ------------------------------------------------------------------------------------

/// Gaussian elimination on a symmetric n x n system, counted as it would run: half of the matrix, and one
/// right-hand side there and back.
std::uint64_t newton_multiply_adds(std::size_t n) {
  std::uint64_t count = 0;
  for (std::size_t pivot = 0; pivot < n; ++pivot) {
    for (std::size_t row = pivot + 1; row < n; ++row) count += row - pivot;  // up to the diagonal
    count += 2 * (n - pivot - 1);                                            // right-hand side
  }
  return count + n;  // divisions by the pivots
}

/// The two loops of L-BFGS over one remembered pair: two inner products and two updates.
std::uint64_t lbfgs_multiply_adds(std::size_t n) {
  return 4 * n;
}

Derived newton_is_dearer(bool asks_for_less) {
  bool dearer = true;
  for (std::size_t n = 2; n <= 64; ++n)
    dearer = dearer && newton_multiply_adds(n) > n && lbfgs_multiply_adds(n) > n && n * (n + 1) / 2 > n;
  const std::string evidence = fmt::format(
      "for 64 parameters a gradient step takes 64 multiply-adds, one of L-BFGS at least {}, one of "
      "Newton {} and {} stored second derivatives; more for every number from 2 to 64",
      lbfgs_multiply_adds(64), newton_multiply_adds(64), 64 * 65 / 2);
  return {oracles::truth(dearer != asks_for_less), evidence};
}

Question newton_is_cheap() {
  return {.statement =
              "Second-order methods such as Newton's or L-BFGS cost less for each step than "
              "first-order ones, and do well on random batches.",
          .test = Derivation{[] { return newton_is_dearer(true); }},
          .because =
              "A gradient step touches each parameter once; curvature has a number for each pair of "
              "them, and a small batch gives a poor estimate of it."};
}

Question newton_is_expensive() {
  return {.statement =
              "From two parameters on, a step of Newton's method or L-BFGS costs more than a gradient "
              "step.",
          .test = Derivation{[] { return newton_is_dearer(false); }}};
}

// ---- The papers -----------------------------------------------------------------------------------------

Claim eecs498(const std::string& option, Question question, Question foil) {
  return {.id = "eecs498-2019.mc.2.6." + option,
          .quantifier = Quantifier::universal,
          .source = "EECS 498 midterm, fall 2019, multiple choice 2.6 " + option,
          .question = std::move(question),
          .foil = std::move(foil)};
}

std::vector<Claim> against_three_by_three() {
  return {
      eecs498("A",
              more_than_three_by_three<small_pooling>("2x2 max pooling with stride 2",
                                                      "3 comparisons for 4 numbers, against 9C for each."),
              more_than_three_by_three<convolution_and_pooling>(
                  "A 3x3 convolution of C maps into C before 2x2 max "
                  "pooling",
                  "")),
      eecs498(
          "B",
          more_than_three_by_three<five_by_five>(
              "A 5x5 convolution of C maps into C/2", "25/2 H W C^2 is more than 9 H W C^2.",
              for_all_sizes<five_by_five>(Rational(25) / 2, Rational(1) / 2)),
          more_than_three_by_three<five_by_five_to_a_quarter>("A 5x5 convolution of C maps into C/4", "")),
      eecs498("C",
              more_than_three_by_three<wide_stride>("A 4x4 convolution of C maps into 4C with stride 4",
                                                    "A sixteenth of the positions, 4 times the filters of 16 "
                                                    "positions each: 4 H W C^2."),
              more_than_three_by_three<stride_two>("A 4x4 convolution of C maps into 4C with stride 2 and "
                                                   "padding 1",
                                                   "")),
      eecs498("D",
              more_than_three_by_three<through_many_maps<5>>("A 1x1 convolution into 5C maps and one back "
                                                             "into C",
                                                             "5 C^2 there and 5 C^2 back, at each position.",
                                                             for_all_sizes<through_many_maps<5>>(10, 6)),
              more_than_three_by_three<through_many_maps<4>>("A 1x1 convolution into 4C maps and one back "
                                                             "into C",
                                                             "")),
  };
}

}  // namespace

std::vector<Claim> costs() {
  std::vector<Claim> all = against_three_by_three();
  all.push_back({.id = "cs231n-2019.mc.3.A",
                 .quantifier = Quantifier::universal,
                 .published = "false",
                 .source = "CS231n midterm, spring 2019, multiple choice 3 A",
                 .question = pooling_costs_as_much(),
                 .foil = pooling_costs_less()});
  all.push_back({.id = "cs230-2021.mc.h.i",
                 .quantifier = Quantifier::structural,
                 .source = "CS230 midterm, spring 2021, multiple choice (h)(i)",
                 .question = backpropagation_is_quadratic(),
                 .foil = backpropagation_is_linear()});
  all.push_back({.id = "eecs498-2019.mc.2.3.D",
                 .quantifier = Quantifier::structural,
                 .source = "EECS 498 midterm, fall 2019, multiple choice 2.3 D",
                 .question = newton_is_cheap(),
                 .foil = newton_is_expensive(),
                 .picture = training::noise_over_batch_size});
  return all;
}

}  // namespace assay::properties::topics
