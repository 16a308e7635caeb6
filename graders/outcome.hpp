/// What grading found: plain data, turned into JSON by results.hpp.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "graders/diagnosis/diagnosis.hpp"
#include "graders/diagnosis/observation.hpp"
#include "graders/points.hpp"
#include "graders/verdict.hpp"
#include "oracles/expected.hpp"
#include "properties/case.hpp"

namespace assay::graders {

/// The smallest failing case that was found.
struct Counterexample {
  std::size_t case_number = 0;  ///< the case it was shrunk from
  properties::Case one;
  bool shrunk = false;
  bool confirmed = false;  ///< it fails again, alone, in a fresh process
  std::string result;      ///< which result; empty where the call gave none
  oracles::Shape shape;    ///< of the truth
  oracles::Shape got_shape;
  std::optional<oracles::ResultJudgement> judgement;
};

/// Which elements of a wrong result are wrong: one matrix of one failing case, for a picture.
struct ErrorMap {
  std::size_t case_number = 0;
  std::string result;
  oracles::Shape shape;             ///< of the whole result
  std::vector<std::size_t> slice;   ///< where the matrix lies in it: all indices but the last two
  std::size_t row = 0, column = 0;  ///< the first ones shown
  /// One character for each element: '.' within its allowance, 'a' to 'z' an error of up to ten, a hundred
  /// ... times the allowance, 'X' one where nothing is allowed, '#' not finite, '?' not decided, '-' an
  /// allowance too wide to be evidence.
  std::vector<std::string> cells;
  std::size_t wrong = 0;  ///< elements of the whole result that certainly are
};

/// The loss on a training run that failed, beside that of the oracle's own steps, for a picture.
struct LossCurve {
  std::size_t case_number = 0;
  std::string loss;                ///< the result that should fall
  std::vector<std::size_t> steps;  ///< how many had been taken; some of them, evenly spread
  std::vector<double> got;         ///< up to where the program stopped
  std::vector<double> exact;       ///< as far as it is known
  std::string target;              ///< empty where there is none
  bool recomputed = false;         ///< `got` is the loss at the program's parameters, not what it returned
};

/// One of several things that a criterion counts: a test, or a variant that tests must catch.
struct Part {
  std::string name;
  Verdict verdict = Verdict::cannot_tell;
  std::string message;
};

/// What differs from run to run: kept out of the results, and told in the timing document.
struct Measurement {
  std::string criterion;
  double middle = 0, low = 0, high = 0;
  std::size_t cases = 0;
};

struct CriterionResult {
  Verdict verdict = Verdict::cannot_tell;
  std::optional<Points> points;  ///< absent where a person must look
  std::size_t total = 0, accepted = 0, set_aside = 0, undecided = 0;
  std::string message;
  std::string advice;  ///< what to look at next, in place of the standard sentence for the verdict
  std::string signal;
  std::string standard_error;  ///< raw bytes
  oracles::Instability instability = oracles::Instability::none;
  std::optional<double>
      worst_ratio;  ///< largest error / allowance among the cases; absent if one is not finite
  std::optional<Counterexample> counterexample;
  std::optional<ErrorMap> error_map;
  std::optional<LossCurve> loss_curve;
  std::optional<Measurement> measured;
  std::vector<Part> parts;                       ///< where it counts more than cases
  std::vector<Diagnosis> diagnoses;              ///< mistakes that it looks like, one for each set of results
  bool unexplained = false;                      ///< some result that failed looks like no mistake
  std::shared_ptr<const Observations> observed;  ///< what came back, until it is diagnosed
};

/// The same inputs gave other answers when everything was run once more.
struct Nondeterminism {
  enum class Cause {
    run,     ///< each run answers differently: a random number, the time, an address
    memory,  ///< answers change with what unused memory holds: memory is read that was never written
    order,   ///< answers change with the order of the calls: something is kept between them
  };
  Cause cause = Cause::run;
  std::string sentence;         ///< for the report
  std::optional<Points> other;  ///< the score of the run that does not count
};

/// A mistake that the rubric charges once for all criteria that show it.
struct Charge {
  struct Share {
    std::string criterion;
    Points lost;     ///< what the criterion alone would have taken
    Points charged;  ///< what it takes now
  };
  std::string id, sentence;
  Points penalty;             ///< as the rubric has it
  std::vector<Share> shares;  ///< in the assignment's order
};

/// A criterion on which the rubric's price of a mistake does not count, and why: for the course's staff.
struct Uncharged {
  std::string id, criterion, reason;
};

struct SubmissionResult {
  Verdict compile_verdict = Verdict::harness_error;
  std::string diagnostics;  ///< raw bytes
  std::string message;
  Verdict verdict = Verdict::harness_error;  ///< the worst of its criteria's
  std::optional<Points> score;               ///< absent after a harness error
  std::vector<CriterionResult> criteria;     ///< in the assignment's order
  std::optional<Nondeterminism> nondeterminism;
  std::vector<Charge> charges;
  std::vector<Uncharged> uncharged;
  std::chrono::microseconds compile_time{0};
  std::chrono::microseconds run_time{0};
};

}  // namespace assay::graders
