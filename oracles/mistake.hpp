/// What a submission may have computed in place of an assignment's program: steps replaced by misconceptions,
/// and changes of what comes out. Given to `Expected`, a variation is judged exactly as the truth is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "oracles/expected.hpp"

namespace assay::oracles {

struct Misconception;

/// One step of the program computed by a misconception's evaluators. Where only one of the two is taken, the
/// other is right: a mistaken result whose gradient is not, or the gradient that would belong to it.
struct Replacement {
  enum class Part { both, result, gradient };
  std::size_t step = 0;
  const Misconception* misconception = nullptr;
  Part part = Part::both;
};

/// A change of one result.
struct Relation {
  enum class Kind {
    factor,       ///< every element times numerator / denominator
    offset,       ///< every element plus numerator / denominator
    permutation,  ///< axes in another order; `axes` as for a transposition: result axis i is axis axes[i]
    relabelled,   ///< the numbers of that permutation, in the shape of the right result
    reversal,     ///< the order of the elements reversed along axes[0]
    addition,     ///< plus `added`, element by element
  };
  Kind kind = Kind::factor;
  double numerator = 1, denominator = 1;
  double radius = 0;  ///< of the factor or offset: it is only known to lie that near
  std::vector<std::size_t> axes = {};
  Tensor<double> added = {};
};

/// Applied in order; an empty one is the program itself.
struct Variation {
  std::vector<Replacement> replaced = {};
  std::vector<Relation> relations = {};
  bool inputs_rounded = false;  ///< to the format in which the allowance is computed
};

/// A misconception at one step of the program, or at all steps of its operation.
struct ProgramMistake {
  std::string id;        ///< the misconception's
  std::string sentence;  ///< continues "the submission ..."
  std::vector<Replacement> replaced;
};

/// Every way in which a misconception of the catalogue can enter the program; the simplest of each first.
std::vector<ProgramMistake> mistakes_of(const Program& program);

/// Whether a mistake changes any of its operation's samples when they are called as the program calls it: with
/// its attributes, and without the optional inputs that it leaves out. If not, the program leaves nothing to
/// be mistaken about: no weight of a class can be forgotten where no weights are passed.
bool can_be_made(const Program& program, const ProgramMistake& mistake);

/// Whether these results are the program's own on these inputs, as far as some hundred digits tell, or a
/// choice that a kink leaves open. Throws ShapeError where the variation does not fit the inputs.
bool changes_nothing(const Program& program, const Variation& variation,
                     const std::vector<std::string>& results, const Bindings& inputs);

/// One result of a variation, as doubles: every number that an `Expected` with this variation would not
/// certainly refuse lies within `reach` of `middle`, element by element.
struct RoughResult {
  struct Number {
    double middle = 0, reach = 0;  ///< a reach of infinity: nothing can be said
  };
  Tensor<Number> numbers;
  double radii = 0, ulp = 0, least = 0;  ///< of the bound behind each reach: slack, relative and absolute

  /// False only where that `Expected` would certainly not accept `got`.
  bool may_be(const Tensor<double>& got) const;
};

/// The same for a variation that has these relations besides. Throws ShapeError where they do not fit.
RoughResult changed(RoughResult result, const std::vector<Relation>& relations);

/// Of one evaluation, where an `Expected` takes two and more. `slack` is exact text.
std::vector<RoughResult> rough_results(const Program& program, const Variation& variation,
                                       const std::vector<std::string>& results, const Bindings& inputs,
                                       FloatFormat format, std::string_view slack);

/// How much arithmetic one evaluation of the program on these inputs is, in multiply-adds, roughly.
std::uint64_t work_of(const Program& program, const Bindings& inputs);

/// What a known unstable form of one of the program's operations returns in double.
struct UnstableValue {
  std::string id;        ///< "softmax.without_shift"
  std::string sentence;  ///< continues "the submission ..."
  Tensor<double> value;
};
std::vector<UnstableValue> unstable_values(const Program& program, const Bindings& inputs,
                                           std::string_view result);

}  // namespace assay::oracles
