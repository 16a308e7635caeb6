/// What a call must return, and whether a returned value is that: the facade that graders use. No package's
/// header is needed to include it.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oracles/program.hpp"
#include "oracles/value.hpp"

namespace assay::oracles {

enum class FloatFormat { binary32, binary64 };

/// How one returned result compares with the truth.
struct ResultJudgement {
  enum class Outcome {
    accepted,    ///< every element lies within its allowance
    set_aside,   ///< nothing wrong, but every allowance is too wide to be evidence
    wrong,       ///< some element certainly lies outside its allowance
    not_finite,  ///< NaN or an infinity where the truth is a number
    wrong_shape,
    cannot_tell,  ///< undecided at the highest precision
  };
  Outcome outcome = Outcome::cannot_tell;

  std::size_t element = 0;  ///< the worst element, row-major; of the first that decided the outcome
  double got = 0;
  std::optional<double> error_ulps;  ///< |got - truth| in ulps of the truth; absent if not finite
  std::optional<double> ratio;       ///< error / allowance; absent if not finite

  // For people, who see few of many judgements: from Expected::write_out.
  std::string expected;                  ///< digits of the truth that are certain
  std::string expected_radius;           ///< of the enclosure these digits come from
  std::optional<double> allowance_ulps;  ///< what an honest implementation may lose on this input
};

/// How one element compares with the truth.
struct ElementJudgement {
  ResultJudgement::Outcome outcome = ResultJudgement::Outcome::cannot_tell;
  double ratio = 0;  ///< error / allowance; not finite where the element is not, or nothing is allowed
};

/// Which outcome decides when several are joined, the higher the stronger: a certain failure, then doubt,
/// then evidence, then none.
int rank(ResultJudgement::Outcome outcome);
/// Certainly not what it should be.
inline bool is_failure(ResultJudgement::Outcome outcome) {
  return rank(outcome) >= rank(ResultJudgement::Outcome::wrong);
}

struct Variation;

/// The truth about some results of one case, as enclosures, with the allowance each element has. Or what
/// would be true if the program were another one: a `Variation` (oracles/mistake.hpp), judged in the same
/// way. Immutable and safe to share between threads.
class Expected {
 public:
  /// Evaluates `program` twice: at high precision for the truth, and rounded to `format` for the allowance.
  /// `slack` is exact text; the theorem behind the allowance needs at least 2. Where the program's truth is
  /// known in doubles only, its tolerance is the allowance. Throws ShapeError where inputs do not fit.
  Expected(std::shared_ptr<const Program> program, std::vector<std::string> results, Bindings inputs,
           FloatFormat format, std::string_view slack, std::shared_ptr<const Variation> variation = nullptr);
  /// As above, each result in a format of its own.
  Expected(std::shared_ptr<const Program> program, std::vector<std::string> results, Bindings inputs,
           const std::vector<FloatFormat>& formats, std::string_view slack,
           std::shared_ptr<const Variation> variation = nullptr);
  ~Expected();
  Expected(Expected&&) noexcept;
  Expected& operator=(Expected&&) noexcept;

  /// Throws std::out_of_range for a name that is not one of the results.
  const Shape& shape(std::string_view result) const;
  ResultJudgement judge(std::string_view result, const Tensor<double>& got) const;
  /// Adds what a person reads to a judgement of a result.
  void write_out(std::string_view result, ResultJudgement& judgement) const;
  /// Each element by itself, row-major. The shape must be that of the result.
  std::vector<ElementJudgement> elements(std::string_view result, const Tensor<double>& got) const;
  /// The outcome of each element, row-major. The shape must be that of the result.
  std::vector<ResultJudgement::Outcome> outcomes(std::string_view result, const Tensor<double>& got) const;
  /// The doubles in the middle of the enclosures.
  Tensor<double> nearest(std::string_view result) const;
  /// Whether each element's truth is a set of numbers: a kink, or a tie.
  std::vector<bool> kinks(std::string_view result) const;
  /// Upper bounds on what each element may deviate by, row-major.
  std::vector<double> allowances(std::string_view result) const;
  /// The largest magnitude among the exact values of a result.
  double magnitude(std::string_view result) const;
  /// The first element of which nothing is known in any precision (NaN), row-major.
  std::optional<std::size_t> unknown_element(std::string_view result) const;
  /// True if every element's allowance is too wide to be evidence.
  bool vacuous(std::string_view result) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// How the well-known unstable forms of the program's operations fail in double on these inputs.
enum class Instability { none, overflow, underflow, cancellation };

/// Runs the unstable forms under the floating-point exception flags: which exception they raise on the way to
/// `result`. `none`: no operation of the program has a known unstable form that fails here.
Instability instability(const Program& program, const Bindings& inputs, std::string_view result);

/// To be called at the end of each thread that evaluated anything: frees the number library's caches.
void release_thread_caches();

}  // namespace assay::oracles
