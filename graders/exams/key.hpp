/// Derives the keys of a paper: from claims, networks, exact counts and formulas; never typed in.
#pragma once

#include <gmpxx.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "fixtures/exam.hpp"
#include "oracles/numeric/truth.hpp"

namespace assay::graders::exams {

/// Yes or no; unknown where the claim is undecided.
struct TruthKey {
  oracles::Truth holds = oracles::Truth::unknown;
};
/// A number. Exact if `radius` is 0; else an enclosure.
struct NumberKey {
  mpq_class value;
  mpq_class radius = 0;
};
struct ShapeKey {
  std::vector<mpz_class> extents;  ///< in the order that the item asks for
  std::string layout = {};         ///< "CHW" or "HWC"; empty where a shape has no channels
};
struct SetKey {
  std::vector<std::string> names;  ///< sorted
};
/// A formula has no value: it is compared at points (properties/equivalence.hpp). Also the word of a choice.
struct TextKey {
  std::string text;
};

using KeyValue = std::variant<std::monostate, TruthKey, NumberKey, ShapeKey, SetKey, TextKey>;

enum class KeyAgreement {
  agrees,
  disagrees,
  acknowledged,  ///< they differ, and the pack says why
  open,          ///< no key was derived: undecided
  no_published,
  not_derived,  ///< a rubric, a program: nothing to compare
};

/// "agrees", "no-published" ...
std::string_view to_text(KeyAgreement agreement);

/// The key of one item.
struct DerivedKey {
  std::string item;
  KeyValue value;
  std::string text;       ///< as a person would write it: "true", "32x32x10", "(5x5x1+1)x10 = 260"
  std::string product;    ///< of counts: the symbolic product; may be empty
  std::string how;        ///< "claim tf.1: proved", "network main, CONV5-10"
  std::string evidence;   ///< in a few words: the witness, the count
  std::string published;  ///< the paper's key in the item's language; empty if it prints none
  KeyAgreement agreement = KeyAgreement::no_published;
  std::string why_not;    ///< the counterexample where the published key is wrong
  std::string problem;    ///< why there is no key: unknown claim, a layer that does not fit ...
  fixtures::Place place;  ///< of the problem
};

struct DerivedKeys {
  std::vector<DerivedKey> keys;  ///< in the order of the exam's items
  const DerivedKey* find(std::string_view item) const;
};

/// How many of the claims that must be verified are done.
using KeyProgress = std::function<void(std::size_t done, std::size_t total)>;

/// Derives every key. `jobs` threads for claims. With `cache` (a folder; empty: none) the verdicts of claims
/// are kept from run to run, under a name that changes with the program and the seed.
DerivedKeys derive_keys(const fixtures::Exam& exam, std::uint64_t seed, unsigned jobs,
                        const std::filesystem::path& cache, const KeyProgress& progress = {});

using EarlierValues = std::map<std::string, KeyValue, std::less<>>;

/// One key again, with the student's own earlier answers in the place of keys: `earlier` maps items to what
/// the student wrote (numbers and shapes). Nothing if the item follows none of them, or where the student's
/// values fit no layer.
std::optional<DerivedKey> follow_through(const fixtures::Exam& exam, const fixtures::Item& item,
                                         const EarlierValues& earlier);

/// What the author of a pack should know: points that do not add up, unreachable points, missing bindings.
struct PackProblem {
  fixtures::Place place;
  std::string message;
  bool acknowledged = false;
};
std::vector<PackProblem> pack_problems(const fixtures::Exam& exam, const DerivedKeys& keys);

}  // namespace assay::graders::exams
