/// The parts of derive_keys. Internal.
#pragma once

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "fixtures/exam.hpp"
#include "fixtures/network.hpp"
#include "graders/exams/cache.hpp"
#include "graders/exams/key.hpp"
#include "properties/formula/formula.hpp"

namespace assay::graders::exams::keys {

/// Why there is no key, and where its author should look.
struct KeyError : std::runtime_error {
  KeyError(fixtures::Place where, const std::string& message) : std::runtime_error(message), place(where) {}
  fixtures::Place place;
};

using Earlier = EarlierValues;

/// Derives keys of one exam. With `earlier`, answers to earlier items take the place of their keys.
class Derivation {
 public:
  explicit Derivation(const fixtures::Exam& exam, const Earlier* earlier = nullptr,
                      const Verdicts* verdicts = nullptr)
      : exam_(exam), earlier_(earlier), verdicts_(verdicts) {}

  /// The value, and in words how it came about; agreement is not looked at. Throws nothing: see `problem`.
  DerivedKey key(const fixtures::Item& item) const;
  /// Whether one of the earlier answers has a part in the item's key.
  bool follows(const fixtures::Item& item, int depth = 0) const;
  /// A formula in the item's quantities, as a value of a number or shape. Throws KeyError.
  KeyValue value_of(const fixtures::WrittenFormula& formula, const fixtures::Quantities& where) const;

 private:
  void derive(const fixtures::Item& item, DerivedKey& key) const;
  void derive(const fixtures::Item& item, const fixtures::ClaimKey& from, DerivedKey& key) const;
  void derive(const fixtures::Item& item, const fixtures::HoldsKey& from, DerivedKey& key) const;
  void derive(const fixtures::Item& item, const fixtures::NetworkKey& from, DerivedKey& key) const;
  void derive(const fixtures::Item& item, const fixtures::CountKey& from, DerivedKey& key) const;
  void derive(const fixtures::Item& item, const fixtures::FormulaKey& from, DerivedKey& key) const;
  void derive(const fixtures::Item& item, const fixtures::NamesKey& from, DerivedKey& key) const;
  void derive(const fixtures::Item& item, const fixtures::WordKey& from, DerivedKey& key) const;
  void derive(const fixtures::Item& item, const fixtures::DesignKey& from, DerivedKey& key) const;
  void derive(const fixtures::Item& item, const fixtures::ProgramKey& from, DerivedKey& key) const;
  void derive(const fixtures::Item& item, const fixtures::RubricKey& from, DerivedKey& key) const;

  oracles::Truth holds(const fixtures::WrittenFormula& statement, const fixtures::Quantities& where) const;
  /// "a = 5, b = 4": the quantities that the formula names.
  std::string values(const fixtures::WrittenFormula& formula, const fixtures::Quantities& where) const;

  template <class T>
  oracles::Tensor<T> tensor(const fixtures::Quantity& quantity, const fixtures::Quantities& where,
                            int depth) const;
  template <class T>
  properties::formula::Environment<T> environment(const properties::formula::Formula& formula,
                                                  const fixtures::Quantities& where, int depth) const;
  KeyValue item_value(const std::string& item) const;
  KeyValue network_value(const fixtures::Item* item, const fixtures::NetworkValue& value,
                         std::string* product) const;

  const fixtures::Exam& exam_;
  const Earlier* earlier_;
  const Verdicts* verdicts_;
};

/// The formula, where only these names may stand. Throws KeyError with its place.
properties::formula::Formula parsed(const fixtures::WrittenFormula& formula,
                                    const fixtures::Quantities& where);

// ---- Networks (key_network.cpp). All throw KeyError.

fixtures::Network network_named(const fixtures::Exam& exam, const std::string& name, fixtures::Place place);

/// What a layer has, or the whole network. `input`, channels first, takes the place of the layer's own input.
struct NetworkFinding {
  KeyValue value;
  std::string product;  ///< of parameters: "(5x5x1+1)x10"
};
NetworkFinding look_up(const fixtures::Network& network, const fixtures::NetworkValue& wanted,
                       const std::vector<mpz_class>* input, fixtures::Place place);
/// The layout of shapes: as wanted, or as the network states its input.
fixtures::Layout layout_of(const fixtures::Network& network, const fixtures::NetworkValue& wanted);
/// Channels first, whatever the layout was.
std::vector<mpz_class> channels_first(std::vector<mpz_class> extents, fixtures::Layout layout);

// ---- In words (key_words.cpp).

/// "true", "260", "22/7", "0.3333333333..", "32x32x10", "b, k1".
std::string value_text(const KeyValue& value);
std::string number_text(const mpq_class& value, const mpq_class& radius = 0);

// ---- The paper's own key (key_published.cpp).

/// What the paper prints for an item: its own, or the part of its question's "A, D". Nothing if it prints
/// none. `problem` says why it cannot be read.
std::optional<std::string> published_for(const fixtures::Exam& exam, const fixtures::Item& item,
                                         std::string& problem);
/// Fills in agreement, `published` and `why_not`.
void compare_with_published(const fixtures::Exam& exam, const fixtures::Item& item, std::uint64_t seed,
                            DerivedKey& key);

}  // namespace assay::graders::exams::keys
