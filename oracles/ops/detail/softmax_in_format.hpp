/// Softmax on balls in a FormatScope: every honest form, at the cost of the plainest.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "oracles/numeric/ball.hpp"

namespace assay::oracles::ops::detail {

/// What Exponentials (softmax_line.hpp) knows of a line.
struct ShiftedLine {
  std::span<const Ball> z, below, e;  ///< below_j = z_j − z_p, e_j = exp(below_j)
  const Ball &peak, &partition, &log_partition, &log_sum;
};

/// Balls with all honest results of pᵢ = exp(zᵢ) / Σⱼ exp(zⱼ):
///
///   eᵢ / partition,   exp(zᵢ − log_sum),   exp(belowᵢ − log_partition)
///
/// The exponentials are not computed anew. With M and P the midpoints of eᵢ and the partition, and mᵢ that of
/// belowᵢ, a result exp(t) is ρ exp(t − log ρ) for ρ = exp(mᵢ)/P, and ρ lies within the relative radius of eᵢ
/// of M/P. So all forms are balls around M/P, and their hull is the widest. Nothing where a number is not
/// finite, an element is below e^−80 of the largest, or a radius is not small: subnormal results need more
/// care.
std::optional<std::vector<Ball>> softmax_in_format(const ShiftedLine& line);

}  // namespace assay::oracles::ops::detail
