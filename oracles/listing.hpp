/// The catalogue as plain text and data, for the command line. No package's header is needed to include it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "oracles/ask.hpp"

namespace assay::oracles {

/// What a program must know to call an operation.
struct OperationListing {
  struct Input {
    std::string name, shape;
    bool index = false, optional = false, differentiable = true;
    double low = 0, high = 0;          ///< where sensible values of a real input lie
    std::vector<std::int64_t> values;  ///< the allowed ones of an index input; empty: 0 .. classes - 1
  };
  struct Output {
    std::string name, shape;
  };
  struct Attribute {
    std::string name, kind, fallback, meaning;
    std::vector<std::string> choices;
  };
  std::string name, family, formula, domain, source;
  std::vector<Input> inputs;
  std::vector<Output> outputs;
  std::vector<Attribute> attributes;
  std::vector<std::string> numbers;  ///< "ball", "rational", "float64", "float32"
  bool gradient = false;
};

/// All operations, sorted by name.
std::vector<OperationListing> operation_listing();

/// Questions that the operation answers, gradients included where it has one: together they try every
/// attribute and every choice. Never empty. Throws AskError for a name that no operation has.
std::vector<Question> example_questions(const std::string& operation);

/// The first of them.
Question example_question(const std::string& operation);

struct MisconceptionListing {
  std::string id, operation, mistake;
  bool result = false, gradient = false;  ///< which of the two is mistaken
};

/// All misconceptions, sorted by id.
std::vector<MisconceptionListing> misconception_listing();

}  // namespace assay::oracles
