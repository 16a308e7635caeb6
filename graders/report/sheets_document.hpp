/// The results document of a marked class (docs/results-schema.md), in parts: a class need not fit into
/// memory. Everything that is shown of it is rendered from these parts and from nothing else.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fixtures/exam.hpp"
#include "fixtures/sheet.hpp"
#include "graders/exams/item_analysis.hpp"
#include "graders/exams/key.hpp"
#include "graders/exams/mark.hpp"
#include "graders/report/fields.hpp"

namespace assay::graders::report {

struct SheetsContext {
  const fixtures::Exam& exam;
  const exams::DerivedKeys& keys;
  const std::vector<exams::Unit>& units;
  std::string version;  ///< of assay
  std::uint64_t seed = 1;
  bool anonymous = false;
};

/// The paper: `schema`, `kind`, `generator`, `exam`, `sections`, `questions`, `items`.
Json sheets_head(const SheetsContext& context);

/// One of `submissions`. Items stand in the paper's order.
Json sheet_json(const exams::MarkedSheet& sheet);

/// What is known at the end: `analysis`, `summary`, `problems`.
Json sheets_tail(const SheetsContext& context, const exams::ItemAnalysis& analysis,
                 const std::vector<fixtures::SheetProblem>& problems);

}  // namespace assay::graders::report
