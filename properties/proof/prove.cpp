#include "properties/proof/prove.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace assay::properties {
namespace {

struct Box {
  std::vector<std::pair<double, double>> sides;
  std::size_t depth = 0;
};

Truth inside(const Predicate::Holds<Ball>& holds, const std::vector<Side>& names, const Box& box) {
  Point<Ball> point;
  for (std::size_t i = 0; i < names.size(); ++i)
    point.set(names[i].name, oracles::Tensor<Ball>::scalar(
                                 oracles::ball_between(Ball(box.sides[i].first), Ball(box.sides[i].second))));
  return holds(point, Subject<Ball>());
}

/// Halves along the widest side.
std::pair<Box, Box> halves(const Box& box) {
  const auto width = [](const auto& side) { return side.second - side.first; };
  const auto widest = std::ranges::max_element(box.sides, {}, width) - box.sides.begin();
  Box left = box, right = box;
  const auto i = static_cast<std::size_t>(widest);
  const double middle = box.sides[i].first + width(box.sides[i]) / 2;
  left.sides[i].second = right.sides[i].first = middle;
  left.depth = right.depth = box.depth + 1;
  return {left, right};
}

std::string text_of(const std::vector<Side>& box) {
  std::string text;
  for (const Side& side : box)
    text += fmt::format("{}{:g} <= {} <= {:g}", text.empty() ? "" : ", ", side.low, side.name, side.high);
  return text;
}

}  // namespace

ProofOutcome cover(const Predicate::Holds<Ball>& holds, const std::vector<Side>& box, std::size_t most) {
  const oracles::PrecisionScope scope(128);
  Box whole;
  for (const Side& side : box) whole.sides.emplace_back(side.low, side.high);
  std::vector<Box> open{whole};
  std::size_t boxes = 0, depth = 0;
  while (!open.empty()) {
    const Box current = open.back();
    open.pop_back();
    depth = std::max(depth, current.depth);
    const Truth answer = inside(holds, box, current);
    if (answer == Truth::no) return {Truth::no, "fails on a whole box"};
    if (++boxes == most)
      return {Truth::unknown, fmt::format("open after {} boxes on {}", most, text_of(box))};
    if (answer == Truth::yes) continue;
    auto [left, right] = halves(current);
    open.push_back(std::move(left));
    open.push_back(std::move(right));
  }
  return {Truth::yes, fmt::format("{} boxes, depth {}, on {}", boxes, depth, text_of(box))};
}

ProofOutcome exhaust(const std::vector<Span>& spans,
                     const std::function<bool(const std::vector<std::int64_t>&)>& holds) {
  std::vector<std::int64_t> numbers;
  std::string text;
  for (const Span& span : spans) {
    numbers.push_back(span.low);
    text += fmt::format("{}{} = {} .. {}", text.empty() ? "" : ", ", span.name, span.low, span.high);
  }
  for (std::size_t tried = 1;; ++tried) {
    if (!holds(numbers)) return {Truth::no, "fails in an exhaustive search of " + text};
    std::size_t i = 0;
    while (i < spans.size() && numbers[i] == spans[i].high) {
      numbers[i] = spans[i].low;
      ++i;
    }
    if (i == spans.size()) return {Truth::yes, fmt::format("all {} cases of {}", tried, text)};
    ++numbers[i];
  }
}

ProofOutcome detail::identity(std::size_t variables, const std::vector<unsigned>& degrees,
                              const std::function<Truth(const std::vector<Rational>&)>& equal_at) {
  std::vector<unsigned> steps(variables, 0);
  std::size_t tried = 0;
  for (;; ++tried) {
    std::vector<Rational> x;
    // 2, 3, 4 ...: a denominator that vanishes there throws, and nothing is claimed.
    for (const unsigned step : steps) x.emplace_back(step + 2);
    try {
      if (equal_at(x) != Truth::yes) return {Truth::no, "the two sides differ"};
    } catch (const std::overflow_error&) {  // Boost's division by zero
      return {Truth::unknown, "a denominator vanishes on the grid"};
    }
    std::size_t i = 0;
    while (i < variables && steps[i] == degrees[i]) steps[i++] = 0;
    if (i == variables) break;
    ++steps[i];
  }
  return {Truth::yes, fmt::format("identity of rational functions, equal at {} exact points", tried + 1)};
}

ProofOutcome together(std::vector<std::pair<std::string, ProofOutcome>> steps) {
  ProofOutcome whole{Truth::yes, {}};
  for (const auto& [text, step] : steps) {
    whole.proved = whole.proved && step.proved;
    whole.method +=
        (whole.method.empty() ? "" : "; ") + text + (step.method.empty() ? "" : " (" + step.method + ")");
  }
  return whole;
}

}  // namespace assay::properties
