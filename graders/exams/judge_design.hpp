/// Networks that students design, put to the test: run on all orders of the inputs, in fractions; or counted.
#pragma once

#include <string>
#include <string_view>

#include "fixtures/exam.hpp"

namespace assay::graders::exams {

struct DesignFinding {
  enum class Outcome { works, fails, unreadable, cannot_tell };
  Outcome outcome = Outcome::unreadable;
  std::size_t offset = 0;  ///< of what is not understood
  /// The smallest input found where it fails, with what comes out and what should; or why it works.
  std::string message;
  std::string understood;  ///< "3 layers, 44 weights"
};

/// `text` is a list of layers with weights as TOML ("median", "sort"), or a network in the shorthand
/// ("fewer-parameters"); docs/exams.md describes both. Never throws for what a student wrote.
DesignFinding check_design(const fixtures::Exam& exam, const fixtures::DesignKey& key, std::string_view text);

}  // namespace assay::graders::exams
