/// What known mistakes would return on the cases of a group: computed when it is first asked for, and kept,
/// because the same mistakes are held against each submission of a class.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "graders/diagnosis/hypothesis.hpp"
#include "oracles/mistake.hpp"

namespace assay::graders::diagnosis {

/// All results of a function with a mistake in its program, on one case.
class MistakenCase {
 public:
  /// Of what must outlive it. Throws where the mistake makes no sense on the inputs.
  MistakenCase(const PreparedFunction& function, const properties::Case& one, const std::string& slack,
               std::shared_ptr<const oracles::Variation> variation);

  /// As Expected::judge; nothing where a first look already excludes that it would accept.
  std::optional<oracles::ResultJudgement> judge(std::size_t result, const Values& got) const;
  /// Whether it is worth while to judge a variation that has these relations besides.
  bool may_be(std::size_t result, const std::vector<oracles::Relation>& besides, const Values& got) const;

  /// Numbers of the results together.
  std::size_t size() const;

 private:
  const PreparedFunction& function_;
  const properties::Case& case_;
  const std::string& slack_;
  std::shared_ptr<const oracles::Variation> variation_;
  std::vector<oracles::RoughResult> rough_;  ///< by the function's results
  mutable std::once_flag once_;
  mutable std::optional<oracles::Expected> expected_;  ///< made when a first look does not exclude
};

/// Safe to share between threads.
class MistakeTable {
 public:
  /// Of a group's function, which must outlive the table, and slack.
  MistakeTable(const PreparedFunction& function, std::string slack);

  /// Every mistake of the catalogue at every place of the program.
  const std::vector<Hypothesis>& known() const { return known_; }

  /// The mistakes at these places, which replace these steps, on the sample: the right program where there
  /// are none. Null where they make no sense on its inputs.
  std::shared_ptr<const MistakenCase> at(const std::vector<std::size_t>& known,
                                         const std::vector<oracles::Replacement>& replaced,
                                         const Sample& sample) const;
  /// The same if it is there already; else null.
  std::shared_ptr<const MistakenCase> kept(const std::vector<std::size_t>& known, const Sample& sample) const;

 private:
  using Key = std::pair<std::vector<std::size_t>, const properties::Case*>;

  /// Null inside where the mistakes make no sense on the case.
  std::optional<std::shared_ptr<const MistakenCase>> find(const Key& key) const;

  const PreparedFunction& function_;
  const std::string slack_;
  std::vector<Hypothesis> known_;
  mutable std::mutex mutex_;
  mutable std::map<Key, std::shared_ptr<const MistakenCase>> kept_;
  mutable std::size_t size_ = 0;
};

}  // namespace assay::graders::diagnosis
