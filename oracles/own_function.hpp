/// A function of an assignment's own, of which no catalogue knows: what a step of a Program may call beside
/// the operations. Heavy header; program.hpp only names the class.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "oracles/numeric/ball.hpp"
#include "oracles/program.hpp"
#include "oracles/tensor.hpp"
#include "oracles/value.hpp"

namespace assay::oracles {

/// Raised where a function of one's own has no answer: it threw, or its arguments do not fit it. Starts with
/// the function's name.
struct OwnFunctionError : ShapeError {
  using ShapeError::ShapeError;
};

/// Made once and called by several threads: calls must not depend on each other.
class OwnFunction {
 public:
  using Argument = std::variant<Tensor<Ball>, IndexTensor>;
  using Arguments = std::vector<Argument>;
  using Values = std::vector<Tensor<Ball>>;

  OwnFunction() = default;
  OwnFunction(const OwnFunction&) = delete;
  OwnFunction& operator=(const OwnFunction&) = delete;
  virtual ~OwnFunction() = default;

  virtual std::string name() const = 0;
  virtual std::size_t inputs() const = 0;
  virtual std::size_t outputs() const = 0;

  /// The outputs at the thread's precision; in a FormatScope, with what that format may lose. There are as
  /// many arguments as inputs. Throws ShapeError.
  virtual Values values(const Arguments& arguments) const = 0;
  /// One cotangent for each argument, of shape (0) for labels; `upstream` has the shapes of the outputs.
  /// Throws ShapeError.
  virtual Values gradients(const Arguments& arguments, const Values& upstream) const = 0;

  /// Where the answers are doubles that nothing encloses: how far a result may lie from them.
  virtual std::optional<Tolerance> tolerance() const { return std::nullopt; }
};

/// A function that answers in doubles, and so has no gradient. `answer` gets doubles and labels, may be
/// called by several threads, and may throw ShapeError.
std::shared_ptr<const OwnFunction> own_doubles(
    std::string name, std::size_t inputs, std::size_t outputs, Tolerance tolerance,
    std::function<std::vector<Tensor<double>>(const std::vector<Value>&)> answer);

}  // namespace assay::oracles
