/// One question to the oracles, and its answer, in text: the facade behind `assay oracle`. No package's
/// header is needed to include it.
#pragma once

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "oracles/attributes.hpp"
#include "oracles/tensor.hpp"

namespace assay::oracles {

/// Exact numbers: "0.1", "1/3", "0x1.8p+1"; whole numbers for labels and masks.
using TextTensor = Tensor<std::string>;
using TextTensors = std::map<std::string, TextTensor, std::less<>>;

struct Question {
  std::string operation;
  Attributes attributes = {};
  TextTensors inputs = {};
  TextTensors upstream = {};  ///< one per output; empty: no gradients are asked for
  /// The working precision. Absent: as many bits as it takes for `digits` to be certain, 8192 at most.
  std::optional<long> bits = {};
  int digits = 0;  ///< wanted; 0: as many as `bits` determine, or 20 where those are absent
};

/// The largest precision that is served.
inline constexpr long most_bits = 65536;

/// Parallel lists, one entry for each element, row-major.
struct AnswerTensor {
  std::string name;
  Shape shape;
  std::vector<std::string> digits;  ///< certain digits of the midpoint; "nan" where nothing is known
  std::vector<std::string> radius;  ///< of the enclosure, rounded up: the truth is within it of the midpoint
  std::vector<std::string>
      exact;                    ///< the number itself, as a fraction; empty where it was not computed exactly
  std::vector<double> nearest;  ///< the midpoint, to nearest
  std::vector<double> low, high;  ///< the ends of the enclosure, rounded outward
  /// The operation's own formula in float64 and float32, for the nearest inputs, and its error in units in
  /// the last place of the truth; infinity where it is not finite and the truth is, or the other way round.
  std::vector<double> float64, float32, float64_ulps, float32_ulps;
};

struct Answer {
  long bits = 0;
  std::vector<AnswerTensor> outputs, gradients;
};

/// Why a question has no answer: a stable code, a place ("inputs.labels", "op"), and a sentence.
struct AskError : std::invalid_argument {
  AskError(std::string what_kind, std::string place, const std::string& message)
      : std::invalid_argument(message), code(std::move(what_kind)), where(std::move(place)) {}
  std::string code;  ///< unknown_operation, missing_input, unknown_input, shape_mismatch, bad_number,
                     ///< bad_attribute, bad_precision, no_gradient, undefined
  std::string where;
};

/// What a well-known unstable form of an operation returns in float64 for the same inputs.
struct UnstableResult {
  std::string id, sentence;
  std::vector<double> values;  ///< of the first output
};

/// One for each form that the operation has. Throws AskError.
std::vector<UnstableResult> unstable_results(const Question& question);

/// Throws AskError.
Answer ask(const Question& question);

}  // namespace assay::oracles
