/// Everything about an assignment that does not depend on a submission, computed once for the class: the
/// cases and the exact truth about each, and the driver's object file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "fixtures/assignment.hpp"
#include "graders/points.hpp"
#include "oracles/expected.hpp"
#include "oracles/program.hpp"
#include "properties/case.hpp"
#include "properties/generator.hpp"

namespace assay::graders {

class Judge;
class Sandbox;
namespace diagnosis {
class MistakeTable;
}

/// The names of what a call gives back: the returned values, then the parameters that come back, in their
/// order.
std::vector<std::string> replies_of(const fixtures::FunctionSpec& function);

/// A function of the assignment with its oracle program.
struct PreparedFunction {
  const fixtures::FunctionSpec* spec = nullptr;
  std::shared_ptr<const oracles::Program> program;
  std::vector<std::string> replies;  ///< what comes back, in order: results, and inputs passed by reference
  std::string evidence;  ///< what the truth rests on where that is less than an enclosure; else empty

  fixtures::NumberFormat format(const std::string& result) const;
  /// In which a result is judged; whole numbers are doubles.
  oracles::FloatFormat float_format(const std::string& result) const;

  /// The truth about one case; pure, so a shrinking search may call it from any thread.
  /// Or what would be true if the program were the variation.
  oracles::Expected expect(const properties::Case& one, std::string_view slack,
                           std::shared_ptr<const oracles::Variation> variation = nullptr) const;
};

struct PreparedCriterion {
  const fixtures::Criterion* spec = nullptr;
  Points points;
  std::size_t set_aside = 0;  ///< cases whose allowance is too wide to be evidence
};

/// Criteria that ask for the same calls share them: the same function on the same cases with the same slack,
/// in one process. A criterion whose kind judges more than single replies is a group of its own.
struct CaseGroup {
  const PreparedFunction* function = nullptr;  ///< null where the kind calls none, or several
  properties::Generator generator;
  std::string slack;
  std::vector<properties::Case> cases;
  std::vector<oracles::Expected> expected;  ///< one per case, of the function
  std::vector<std::size_t> criteria;        ///< places in Prepared::criteria
  std::shared_ptr<const Judge> judge;
  std::shared_ptr<const diagnosis::MistakeTable> mistakes;  ///< null without a function
};

struct Prepared {
  fixtures::Assignment assignment;
  std::vector<std::unique_ptr<PreparedFunction>> functions;
  std::vector<PreparedCriterion> criteria;
  std::vector<CaseGroup> groups;
  Points total;
  std::vector<std::string> warnings;  ///< for the author, e.g. too many cases set aside

  const PreparedFunction& function(const std::string& name) const;
};

/// Draws the cases and computes the truths. Throws fixtures::LoadError where an oracle's statement does not
/// read, does not define a result, does not fit the inputs' shapes, or gives no number. Functions whose truth
/// is the reference solution need a sandbox to run it in, which outlives what is prepared.
Prepared prepare(fixtures::Assignment assignment, const Sandbox* sandbox = nullptr);

/// The same assignment with cases of another seed, and only those of its criteria that are judged by cases
/// drawn from it: the others would be judged alike. May be called from several threads.
Prepared redrawn(const Prepared& prepared, std::uint64_t seed);

}  // namespace assay::graders
