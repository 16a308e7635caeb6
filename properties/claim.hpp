/// A claim about deep-learning mathematics: what is said, on which domain, how it is put to the test, and a
/// nearby claim with the opposite answer, which proves that the test can fail.
///
///   {.id = "cs231n-2019.tf.6",
///    .question = {.statement = "No gradient grows on its way back through tanh.",
///                 .test = ForAll{.space = {reals("x"), reals("g")}, .holds = on_reals([](...) {...})}},
///    .foil = {...}}
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "fixtures/inputs.hpp"
#include "properties/picture.hpp"
#include "properties/point.hpp"
#include "properties/subject.hpp"
#include "properties/verdict.hpp"

namespace assay::properties {

using oracles::Ball;
using oracles::Rational;
using oracles::Truth;

enum class Quantifier { universal, existential, statistical, structural, definitional };

/// Whether an instance does what is claimed, on each number type that the formula has.
struct Predicate {
  template <class T>
  using Holds = std::function<Truth(const Point<T>&, const Subject<T>&)>;

  Holds<Ball> ball = nullptr;
  Holds<Rational> rational = nullptr;  ///< null where the formula leaves the fractions
  Holds<double> float64 = nullptr;
  Holds<float> float32 = nullptr;
};

/// From a generic lambda `[]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth`.
template <class F>
Predicate on_reals(F holds) {
  return {holds, nullptr, holds, holds};
}
/// Decided in fractions; balls re-check.
template <class F>
Predicate on_fractions(F holds) {
  return {holds, holds, holds, holds};
}
/// The same where floats are no subject.
template <class F>
Predicate on_reals_only(F holds) {
  return {holds, nullptr, nullptr, nullptr};
}
template <class F>
Predicate on_fractions_only(F holds) {
  return {holds, holds, nullptr, nullptr};
}

/// What is drawn: named tensors, and the whole numbers that their extents refer to.
struct Space {
  std::vector<fixtures::InputSpec> variables;
  std::map<std::string, fixtures::Dimension> whole_numbers = {};
  std::string text = {};  ///< the domain in words; made from the variables if empty
  /// A premise: draws without it are no instances. `text` says it in words.
  std::function<bool(const Case&)> within = {};
};

/// A named switch: `impose` changes a drawn instance so that the assumption holds, or gives it up (false).
struct Assumption {
  std::string id;    ///< "no_bias"
  std::string text;  ///< "no layer has a bias"
  std::function<bool(Case&)> impose;
};

/// What an attempt to prove found. `method` says how, in numbers: "41 boxes, depth 6, on -4 <= x <= 4".
struct ProofOutcome {
  Truth proved = Truth::unknown;
  std::string method;
};

struct Proof {
  std::string domain;
  std::function<ProofOutcome()> attempt;
  std::vector<std::string> under = {};  ///< ids of the assumptions it needs
};

/// Every instance does it.
struct ForAll {
  Space space;
  Predicate holds;
  std::vector<Case> pinned = {};  ///< instances worth trying before any drawn one
  std::vector<Assumption> assumptions = {};
  std::vector<Proof> proofs = {};
  std::size_t cases = 1000;
  std::string frontier = {};   ///< a scalar: floats are asked for the smallest magnitude at which they fail
  std::string in_floats = {};  ///< why floats fail, a clause: "tanh' underflows to 0"
};

/// Some instance does it. `never` proves that none does.
struct Exists {
  Space space;
  Predicate holds;
  std::vector<Case> pinned = {};
  std::vector<Assumption> assumptions = {};
  std::vector<Proof> never = {};
  std::size_t cases = 2000;
};

/// What a count or an exact derivation found.
struct Derived {
  Truth holds = Truth::unknown;
  std::string evidence;
};

/// Counted or derived by a program, without draws.
struct Derivation {
  std::function<Derived()> derive;
  std::vector<Assumption> assumptions = {};                                 ///< `impose` is not used
  std::function<Derived(const std::string& assumption)> derive_under = {};  ///< for each of them
};

/// Many seeds of a paired experiment; holds if the difference lies above the region of irrelevance, fails if
/// it certainly does not.
struct Trial {
  std::string experiment;  ///< its id in properties/training
  /// Conditions, each with an experiment of its own, "ID.CONDITION": tried where the claim fails.
  std::vector<Condition> where = {};
  bool is_witness = false;  ///< the claim is that it happens: the runs that show it are witnesses
};

/// No experiment settles it; says why.
struct NotCheckable {
  std::string reason;
};

using Test = std::variant<ForAll, Exists, Derivation, Trial, NotCheckable>;

struct Question {
  std::string statement;
  Test test = NotCheckable{};
  std::string because = {};  ///< the reason in a sentence, shown beside the verdict
};

struct Claim {
  std::string id;
  std::string topic = {};  ///< set by the catalogue
  Quantifier quantifier = Quantifier::universal;
  std::string published = {};  ///< "true", "false", or empty where no key was published
  std::string source;
  Question question;
  Question foil = {};  ///< a nearby question with the opposite answer; none for what is not checkable
  std::function<Picture()> picture = {};  ///< for the page; absent where words say it all
};

/// Variables. Without bounds, `reals` reaches over the whole range of double: huge, tiny, subnormal and
/// signed zeros included.
fixtures::InputSpec reals(std::string name, std::vector<std::string> shape = {});
fixtures::InputSpec reals(std::string name, double low, double high, std::vector<std::string> shape = {});
/// Multiples of `step`: short fractions, whose sums and products stay short.
fixtures::InputSpec fractions(std::string name, double low, double high, double step,
                              std::vector<std::string> shape = {});
/// The variable meets these numbers often, exactly and within a few ulps.
fixtures::InputSpec with_kinks(fixtures::InputSpec variable, std::vector<double> kinks);
fixtures::InputSpec labels(std::string name, std::vector<std::string> shape, std::string classes);

/// An instance chosen by the author.
Case instance(std::vector<std::pair<std::string, double>> scalars, std::string note = {});
Case instance(std::vector<std::pair<std::string, oracles::Tensor<double>>> tensors, std::string note = {});

}  // namespace assay::properties
