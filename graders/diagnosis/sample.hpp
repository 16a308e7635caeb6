/// Cases that a submission has answered, chosen and judged for a diagnosis.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "graders/diagnosis/observation.hpp"
#include "graders/prepared.hpp"

namespace assay::graders::diagnosis {

using Outcome = oracles::ResultJudgement::Outcome;
using Values = oracles::Tensor<double>;

/// A result's leftovers (criteria/call.hpp) as numbers.
Values leftovers_of(const PreparedFunction& function, std::size_t result, const oracles::Shape& shape);

struct Sample {
  const properties::Case* one = nullptr;
  const oracles::Expected* truth = nullptr;
  std::vector<Values> got;        ///< by the function's results
  std::vector<Outcome> outcomes;  ///< against the truth, by the function's results
  std::uint64_t work = 0;         ///< of one evaluation of the program

  bool fails(std::size_t result) const;
};

/// Up to sixteen cases of different sizes: those on which one of `results` (places in the function's list)
/// fails first, smallest first, then others, smallest first.
std::vector<Sample> choose_samples(const CaseGroup& group, const Observations& observed,
                                   const std::vector<std::size_t>& results);

}  // namespace assay::graders::diagnosis
