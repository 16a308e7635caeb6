/// The kinds of criteria. A kind is one file in this folder and one line in kinds.cpp; what it has in
/// assignment.toml is read in fixtures/criterion_kinds.cpp.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graders/finding.hpp"
#include "graders/outcome.hpp"
#include "graders/prepared.hpp"
#include "graders/sandbox/box.hpp"
#include "graders/session.hpp"
#include "graders/toolchain.hpp"

namespace assay::graders {

/// One compiled submission.
struct Subject {
  const Prepared& prepared;
  const Toolchain& toolchain;
  const Sandbox& sandbox;
  const std::vector<SourceFile>& files;
  std::filesystem::path program;
  std::string folder_name;  ///< for further compilations: names under it are free
  unsigned slot = 0;
  std::vector<std::string> environment;  ///< of the program; see repetition.hpp
  bool backwards = false;                ///< the last case comes first

  Session start() const { return {sandbox, program, prepared.assignment.limits, slot, environment}; }
};

/// Grades the criteria of one group; made once for the class, and used by several threads.
class Judge {
 public:
  Judge() = default;
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;
  virtual ~Judge() = default;

  /// One result for each of the group's criteria, in their order.
  ///
  /// `warm` is a process that has answered other groups without a fault; a judge that uses it leaves it for
  /// the next group only if it still has. Nothing is ever lost in a process that is not fresh.
  virtual std::vector<CriterionResult> grade(const Subject& subject, const CaseGroup& group,
                                             std::optional<Session>& warm) const = 0;
};

struct Kind {
  std::string_view name;
  /// Kinds that judge each reply alone share their calls, and leave the rest to criteria/calls.hpp.
  Rule rule = nullptr;
  /// What other kinds prepare for the class.
  std::shared_ptr<const Judge> (*prepare)(const Prepared&, const CaseGroup&,
                                          const PreparedCriterion&) = nullptr;
  /// Whether what is judged depends on the cases that are drawn.
  bool draws = true;
};

/// Precondition: the loader has accepted the name.
const Kind& kind_named(std::string_view name);

// --- The kinds, one file each -----------------------------------------------------------------------------

/// Each element within its allowance of the exact value.
Finding judge_values(const PreparedFunction&, const PreparedCriterion&, const oracles::Expected&,
                     const Reply&);
Finding judge_shapes(const PreparedFunction&, const PreparedCriterion&, const oracles::Expected&,
                     const Reply&);
/// No NaN and no infinity where the exact value is a number.
Finding judge_finiteness(const PreparedFunction&, const PreparedCriterion&, const oracles::Expected&,
                         const Reply&);

using PreparedJudge = std::shared_ptr<const Judge>;
PreparedJudge prepare_gradcheck(const Prepared&, const CaseGroup&, const PreparedCriterion&);
PreparedJudge prepare_not_mutating(const Prepared&, const CaseGroup&, const PreparedCriterion&);
PreparedJudge prepare_warnings(const Prepared&, const CaseGroup&, const PreparedCriterion&);
PreparedJudge prepare_memory_safety(const Prepared&, const CaseGroup&, const PreparedCriterion&);
PreparedJudge prepare_tests(const Prepared&, const CaseGroup&, const PreparedCriterion&);
PreparedJudge prepare_suite(const Prepared&, const CaseGroup&, const PreparedCriterion&);
PreparedJudge prepare_training(const Prepared&, const CaseGroup&, const PreparedCriterion&);
PreparedJudge prepare_speed(const Prepared&, const CaseGroup&, const PreparedCriterion&);
PreparedJudge prepare_memory(const Prepared&, const CaseGroup&, const PreparedCriterion&);
PreparedJudge prepare_property(const Prepared&, const CaseGroup&, const PreparedCriterion&);

}  // namespace assay::graders
