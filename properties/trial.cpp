#include "properties/trial.hpp"

#include <stdexcept>

namespace assay::properties {

Verdict verdict_of_trial(const Question&, const Trial& test, const Effort&) {
  throw std::invalid_argument("no experiment \"" + test.experiment + "\"");
}

}  // namespace assay::properties
