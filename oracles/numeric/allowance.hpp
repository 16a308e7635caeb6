/// The self-calibrating tolerance: how far a result may lie from the truth on this very input.
///
///   accepted  ⇔  |result − truth| ≤ slack · ρ + ½ ulp
///
/// ρ is the radius of the textbook algorithm evaluated on balls in a FormatScope of the result's format, and
/// ulp that of the format at the truth: the subnormal spacing near zero. With slack 2 acceptance of an honest
/// result is a theorem: result and truth both lie in the evaluation's ball, so |result − truth| ≤ 2 ρ.
#pragma once

#include "oracles/numeric/ball.hpp"

namespace assay::oracles {

/// An allowance wider than this share of the truth says nothing about the result: such a case is set aside.
inline constexpr double vacuous_width = 1e-3;

/// What a result may deviate by. Made by `allowance`.
struct Allowance {
  Ball bound;    ///< exact; +infinity where the evaluation knows nothing
  bool vacuous;  ///< too wide to tell right from wrong
  Format format;
};

/// The allowance for one result.
///
/// `evaluation` is the textbook algorithm in FormatScope(format), `truth` the same at a high precision. Where
/// the truth is a set (a kink: [0, 1]), both balls have its width, and only what the evaluation adds counts:
///
///   ρ = max(r − s, (|m − t| + r − s) / 2, 0)    for the balls [m ± r] of the evaluation and [t ± s] of the
///   truth
///
/// so that, with slack 2, each result in the evaluation's ball is within slack · ρ of the set. For a truth
/// known to many digits this is ρ = r.
///
/// The half ulp is left out where the evaluation is exact (radius 0, a number of the format): then the
/// result must be equal. Vacuous iff bound > vacuous_width · max(|truth|, scale, 2^min_exponent): in the
/// subnormal range a result is judged by the format's absolute spacing, which is what any implementation has
/// there. `scale` is 0, or the magnitude that the caller measures by (say, the largest element of the
/// tensor, for a sum whose true value is 0).
Allowance allowance(const Ball& evaluation, const Ball& truth, const Rational& slack, const Format& format,
                    double scale = 0);

/// How a result was judged.
struct Judgement {
  Truth accepted;     ///< unknown: the truth needs more bits
  double error_ulps;  ///< |result − truth| in ulps of the format at the truth; infinity for NaN
  double ratio;       ///< |result − truth| / bound: above 1 is rejected; 0 for an equal result
};

/// Judges a result against the one number that `truth` encloses.
///
/// NaN loses, always. An infinite truth is met by that infinity alone. An infinite result is accepted iff an
/// admitted value rounds to it: ±truth + bound ≥ 2^max_exponent − ½ ulp; a truth beyond the largest finite
/// number is therefore met by infinity of its sign. Truth::unknown iff the ball of the truth is too wide to
/// decide: compute it with more bits (decide.hpp), and if it stays open it is a kink: ask judge_set.
Judgement judge(double result, const Ball& truth, const Allowance& allowance);

/// Judges a result where every number of the ball `truth` is right (a subdifferential): accepted iff its
/// distance from the ball is at most the bound. A ball's radius has 30 bits, so the set itself is only
/// known to nine digits.
Judgement judge_set(double result, const Ball& truth, const Allowance& allowance);

/// An upper bound on the spacing of the format at every number of the ball.
Ball ulp_bound(const Ball& value, const Format& format);

}  // namespace assay::oracles
