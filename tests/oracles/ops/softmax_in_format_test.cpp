// Softmax in a FormatScope: one exponential an element, and still every honest form inside.
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "oracles/ops/detail/softmax_line.hpp"

namespace assay::oracles {
namespace {

using ops::detail::Exponentials;

struct Line {
  std::vector<double> z;
  std::vector<Ball> balls;
};

/// Two to twelve logits, their spread from 1/4 to 64.
template <class F>
Line draw(std::mt19937_64& random) {
  std::uniform_int_distribution<std::size_t> classes(2, 12);
  std::uniform_real_distribution<double> unit(-1, 1);
  const double spread = std::ldexp(1.0, std::uniform_int_distribution(-2, 5)(random)),
               shift = 16 * unit(random);
  Line line;
  for (std::size_t j = classes(random); j > 0; --j) {
    line.z.push_back(static_cast<F>(shift + spread * unit(random)));
    line.balls.emplace_back(line.z.back());
  }
  return line;
}

/// The three forms as a program in F computes them.
template <class F>
std::vector<std::vector<F>> honest(const std::vector<double>& numbers) {
  const std::vector<F> z(numbers.begin(), numbers.end());
  F peak = z[0], partition = 0;
  for (const F x : z) peak = std::max(peak, x);
  for (const F x : z) partition += std::exp(x - peak);
  const F log_partition = std::log(partition), log_sum = peak + log_partition;
  std::vector<std::vector<F>> forms(3);
  for (const F x : z) {
    forms[0].push_back(std::exp(x - peak) / partition);
    forms[1].push_back(std::exp(x - log_sum));
    forms[2].push_back(std::exp(x - peak - log_partition));
  }
  return forms;
}

std::optional<std::vector<Ball>> fast(const Line& line) {
  const Exponentials<Ball> x(std::span<const Ball>(line.balls));
  return ops::detail::softmax_in_format(
      {line.balls, x.kept_below, x.e, line.balls[x.peak], x.partition, x.log_partition(), x.log_sum()});
}

/// The same from the forms themselves, an exponential for each.
std::vector<Ball> by_forms(const Line& line) {
  const Exponentials<Ball> x(std::span<const Ball>(line.balls));
  std::vector<Ball> p;
  for (std::size_t i = 0; i < line.balls.size(); ++i)
    p.push_back(hull(hull(Ball(x.e[i] / x.partition), exp(Ball(line.balls[i] - x.log_sum()))),
                     exp(Ball(x.below(i) - x.log_partition()))));
  return p;
}

double radius_of(const Ball& x) {
  return midpoint_double(radius(x));
}

template <class F>
void holds_every_honest_result(const Format& format) {
  std::mt19937_64 random(7);
  const FormatScope scope(format);
  double nearest = 0;
  for (int i = 0; i < 3000; ++i) {
    const Line line = draw<F>(random);
    const auto p = fast(line);
    ASSERT_TRUE(p) << i;
    for (const auto& form : honest<F>(line.z))
      for (std::size_t j = 0; j < form.size(); ++j) {
        ASSERT_TRUE(contains((*p)[j], static_cast<double>(form[j]))) << "line " << i << ", element " << j;
        const Ball off = abs(Ball(Ball(static_cast<double>(form[j])) - midpoint((*p)[j])));
        nearest = std::max(nearest, midpoint_double(off) / radius_of((*p)[j]));
      }
  }
  EXPECT_GT(nearest, 0.3) << "so wide that anything would be inside";
}

TEST(SoftmaxInFormat, HoldsEveryHonestResultOfDoubles) {
  holds_every_honest_result<double>(binary64);
}
TEST(SoftmaxInFormat, HoldsEveryHonestResultOfFloats) {
  holds_every_honest_result<float>(binary32);
}

TEST(SoftmaxInFormat, IsAboutAsNarrowAsTheFormsThemselves) {
  std::mt19937_64 random(8);
  double total = 0;
  int elements = 0;
  for (const Format& format : {binary64, binary32}) {
    const FormatScope scope(format);
    for (int i = 0; i < 500; ++i) {
      const Line line = draw<float>(random);
      const auto p = fast(line);
      ASSERT_TRUE(p);
      const std::vector<Ball> slow = by_forms(line);
      for (std::size_t j = 0; j < slow.size(); ++j, ++elements) {
        const double ratio = radius_of((*p)[j]) / radius_of(slow[j]);
        EXPECT_LT(ratio, 2) << "line " << i << ", element " << j;
        EXPECT_GT(ratio, 0.7) << "line " << i << ", element " << j;
        EXPECT_TRUE(overlaps((*p)[j], slow[j]));
        total += ratio;
      }
    }
  }
  EXPECT_LT(total / elements, 1.15);
}

TEST(SoftmaxInFormat, LeavesExtremeLinesToTheForms) {
  const FormatScope scope(binary64);
  const auto of = [](std::vector<double> z) {
    Line line{z, {}};
    for (const double x : z) line.balls.emplace_back(x);
    return fast(line);
  };
  EXPECT_TRUE(of({0, -79}));
  EXPECT_FALSE(of({0, -81}));
  EXPECT_FALSE(of({3}));
  EXPECT_FALSE(of({0, INFINITY}));
  EXPECT_FALSE(of({0, NAN}));
  const PrecisionScope plain(128);
  EXPECT_FALSE(of({0, 1}));
}

}  // namespace
}  // namespace assay::oracles
