/// Straight-line programs over catalogue operations: how an assignment says what is true.
///
///   scores = affine(X, W, b)
///   loss = softmax_cross_entropy(scores, y, reduction=mean) + l2_penalty(W, lambda)
///   dW, db, dX = gradient(loss, [W, b, X], upstream)
///
/// `gradient` composes the operations' vector-Jacobian products backwards; without an upstream gradient the
/// target must be a scalar and the upstream gradient is 1. It stops at what it is taken with respect to, so
/// that statements may make a step with one gradient and take the next there. Numbers are exact scalars; `+`
/// is the operation `add`. Besides the catalogue's operations a program may call functions of its author's own
/// (own_function.hpp).
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "oracles/attributes.hpp"
#include "oracles/tensor.hpp"

namespace assay::oracles {

struct Operation;
class OwnFunction;
using OwnFunctions = std::vector<std::shared_ptr<const OwnFunction>>;

/// How far a result may lie from a truth that is known in doubles only: max(absolute, relative |truth|).
/// Exact text.
struct Tolerance {
  std::string absolute = "0";
  std::string relative = "0";
};

/// What does not read as a program, and where: `statement` counts from 0, `column` from 1.
struct ProgramError : std::invalid_argument {
  ProgramError(std::size_t at_statement, std::size_t at_column, const std::string& message)
      : std::invalid_argument(message), statement(at_statement), column(at_column) {}
  std::size_t statement;
  std::size_t column;
};

class Program {
 public:
  using Slot = std::size_t;  ///< the number of a value, in the order of their definition

  struct Input {
    std::string name;
  };
  struct Constant {
    std::string text;
  };
  /// An optional input that a call leaves out.
  struct Absent {
    bool index;
  };
  struct Call {
    const Operation* operation;
    std::vector<Slot> arguments;
    Attributes attributes;
  };
  struct Own {
    std::shared_ptr<const OwnFunction> function;
    std::vector<Slot> arguments;
  };
  struct Gradient {
    Slot target;
    std::vector<Slot> with_respect_to;
    std::optional<Slot> upstream;
  };
  /// One step defines the slots first .. first + outputs - 1.
  struct Step {
    std::variant<Input, Constant, Absent, Call, Own, Gradient> what;
    Slot first;
    std::size_t outputs;
  };

  /// Reads the statements; `inputs` are the names they may use undefined, `own` functions that they may call
  /// beside the catalogue's operations. Throws ProgramError.
  static Program parse(std::span<const std::string> statements, std::span<const std::string> inputs,
                       const OwnFunctions& own = {});

  const std::vector<Step>& steps() const { return steps_; }
  std::size_t slots() const { return slots_; }
  /// The slot of a name; nothing if no statement or input defines it.
  std::optional<Slot> find(std::string_view name) const;
  /// Whether a step calls a function of the author's own.
  bool has_own_functions() const;
  /// Of a function of the author's own that answers in doubles; nothing where the truth is enclosed.
  std::optional<Tolerance> tolerance() const;
  /// For each slot whether it is one of these, or computed from one.
  std::vector<bool> depending_on(const std::vector<Slot>& slots) const;
  /// The step that defines a slot.
  const Step& definition(Slot slot) const { return steps_[step_of_slot_[slot]]; }

 private:
  friend class ProgramParser;
  std::vector<Step> steps_;
  std::vector<std::size_t> step_of_slot_;
  std::vector<std::pair<std::string, Slot>> names_;
  std::size_t slots_ = 0;
};

}  // namespace assay::oracles
