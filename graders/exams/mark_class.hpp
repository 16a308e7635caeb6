/// Marks a class: in parallel, in order, with a few sheets in memory at a time.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "fixtures/sheet.hpp"
#include "graders/exams/mark.hpp"

namespace assay::graders::exams {

/// What is made of a marked sheet beside the marks, by the threads that mark.
using Texts = std::vector<std::string>;

struct ClassSteps {
  /// Hands over every sheet, one after the other; called once, in the caller's thread.
  std::function<void(const std::function<void(fixtures::Sheet&&)>&)> read;
  /// Called by many threads at once.
  std::function<Texts(const MarkedSheet&)> render;
  /// Called for one sheet at a time, in the order of reading.
  std::function<void(const MarkedSheet&, const Texts&)> take;
};

/// Rethrows what a step throws. The same calls of `take` at any number of `jobs`.
void mark_class(const Marker& marker, unsigned jobs, const ClassSteps& steps);

}  // namespace assay::graders::exams
