/// Formulas of one item: the key with its points, further right answers. Internal to the judge.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>

#include "fixtures/exam.hpp"
#include "graders/exams/judge.hpp"
#include "properties/equivalence.hpp"

namespace assay::graders::exams {

/// Built when the first answer comes, so that a class without formulas pays nothing. Safe to share.
class FormulaJudge {
 public:
  FormulaJudge(const fixtures::Item& item, const fixtures::Setting& setting, std::uint64_t seed)
      : item_(item), setting_(setting), seed_(seed) {}

  /// Throws nothing for what a student wrote. The same text is compared once.
  Judgement operator()(const std::string& text) const;

 private:
  Judgement compare(const std::string& text) const;
  void build() const;

  const fixtures::Item& item_;
  const fixtures::Setting& setting_;
  std::uint64_t seed_;
  mutable std::once_flag built_;
  mutable std::deque<properties::Equivalence> keys_;  ///< the item's own first, then those accepted
  mutable std::string obstacle_;
  mutable std::mutex guard_;
  mutable std::map<std::string, Judgement> known_;
};

}  // namespace assay::graders::exams
