#include <algorithm>
#include <utility>

#include "oracles/network/step.hpp"

namespace assay::oracles {
namespace {

Whole floor_div(const Whole& a, const Whole& b) {
  Whole result;
  mpz_fdiv_q(result.get_mpz_t(), a.get_mpz_t(), b.get_mpz_t());
  return result;
}

Whole ceil_div(const Whole& a, const Whole& b) {
  Whole result;
  mpz_cdiv_q(result.get_mpz_t(), a.get_mpz_t(), b.get_mpz_t());
  return result;
}

struct Interval {
  Whole first, last;
};

/// Some outputs of such a transposed convolution depend on no input, or skip some in between.
bool has_holes(const Step& step) {
  return step.kind == Step::Kind::transposed && (step.dilation > 1 || step.kernel < step.stride);
}

/// The inputs from the first to the last that the outputs of an interval depend on, as if the map went on
/// for ever in both directions. Without holes, both ends move up with the output, so the ends of an interval
/// come from its ends.
Interval before(const Step& step, const Interval& output) {
  switch (step.kind) {
    case Step::Kind::window:
      return {output.first * step.stride - step.before,
              output.last * step.stride - step.before + step.span() - 1};
    case Step::Kind::upsample:
      return {floor_div(output.first, step.stride), floor_div(output.last, step.stride)};
    case Step::Kind::transposed:
      return {ceil_div(output.first + step.before - step.kernel + 1, step.stride),
              floor_div(output.last + step.before, step.stride)};
  }
  return output;
}

Whole width(const Steps& steps, Interval interval) {
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) interval = before(*step, interval);
  return interval.last - interval.first + 1;
}

}  // namespace

FieldTrace::FieldTrace(std::size_t dimensions) : dimensions_(dimensions) {}

bool FieldTrace::is_long(const Dimension& dimension) {
  constexpr unsigned long most_steps = 1u << 14;
  return !dimension.gathered && dimension.period > 1 &&
         dimension.period * static_cast<unsigned long>(dimension.steps.size()) > most_steps;
}

std::string_view FieldTrace::obstacle() const {
  if (has_holes_)
    return "a transposed convolution leaves holes (dilation, or a stride larger than the kernel)";
  return std::ranges::any_of(dimensions_, is_long) ? "its pattern is too long" : "";
}

void FieldTrace::append(const Steps& steps) {
  for (std::size_t i = 0; i < dimensions_.size(); ++i) {
    Dimension& dimension = dimensions_[i];
    if (dimension.gathered) continue;
    const Step& step = steps[i];
    dimension.steps.push_back(step);
    if (step.kind == Step::Kind::window) {
      dimension.jump *= step.stride;
      dimension.period /= gcd(dimension.period, step.stride);
    } else {
      dimension.jump /= step.stride;
      dimension.period *= step.stride;
    }
    has_holes_ = has_holes_ || has_holes(step);
  }
}

void FieldTrace::gather(const Extents& sizes) {
  for (std::size_t i = 0; i < dimensions_.size(); ++i)
    if (!dimensions_[i].gathered) dimensions_[i].gathered = width(dimensions_[i].steps, {0, sizes[i] - 1});
}

std::optional<ReceptiveField> FieldTrace::field() const {
  if (dimensions_.empty() || !obstacle().empty()) return std::nullopt;
  ReceptiveField result;
  for (const Dimension& dimension : dimensions_) {
    if (dimension.gathered) {
      result.size.push_back(*dimension.gathered);
      continue;
    }
    Whole largest;
    for (Whole position = 0; position < dimension.period; ++position)
      largest = std::max(largest, width(dimension.steps, {position, position}));
    result.size.push_back(largest);
    result.jump.push_back(dimension.jump);
  }
  return result;
}

}  // namespace assay::oracles
