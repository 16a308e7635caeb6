#include <algorithm>
#include <stdexcept>

#include "graders/criteria/kind.hpp"

namespace assay::graders {
namespace {

constexpr Kind kinds[] = {
    {"oracle", judge_values, nullptr},
    {"shape", judge_shapes, nullptr},
    {"nonfinite", judge_finiteness, nullptr},
    {"gradcheck", nullptr, prepare_gradcheck},
    {"not-mutating", nullptr, prepare_not_mutating},
    {"warnings", nullptr, prepare_warnings, false},
    {"memory-safety", nullptr, prepare_memory_safety},
    {"property", nullptr, prepare_property},
    {"tests", nullptr, prepare_tests, false},
    {"training", nullptr, prepare_training},
    {"speed", nullptr, prepare_speed, false},
    {"memory", nullptr, prepare_memory, false},
    {"gtest", nullptr, prepare_suite, false},
};

}  // namespace

const Kind& kind_named(std::string_view name) {
  const auto found = std::ranges::find(kinds, name, &Kind::name);
  if (found == std::end(kinds))
    throw std::logic_error("no kind of criterion is called '" + std::string(name) + "'");
  return *found;
}

}  // namespace assay::graders
