/// A setting ready for use: its formulas read, its definitions in order. Internal.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "properties/equivalence.hpp"
#include "properties/equivalence_text.hpp"
#include "properties/equivalence_value.hpp"
#include "properties/formula/node.hpp"

namespace assay::properties::equivalence {

using formula::Formula;
using Names = std::set<std::string, std::less<>>;

/// What was drawn: everything else follows from it.
struct Drawn {
  std::map<std::string, std::size_t> extents;
  std::map<std::string, Tensor<Rational>> real;
  std::map<std::string, oracles::IndexTensor> labels;

  bool operator==(const Drawn&) const = default;
};

struct Definition {
  std::string name;
  Formula written;
  Formula closed;  ///< derivatives by what other definitions hide, written out
  Names needs;     ///< inputs, dimensions and definitions, at any distance
};

/// A point: what was drawn, and the exact values of those definitions that have one.
struct Site {
  Drawn drawn;
  formula::Environment<Rational> fractions;
  std::string tie = {};  ///< "z1 = z2" where it lies on a kink
};

class Settled {
 public:
  /// Throws WrittenFormulaError.
  explicit Settled(const fixtures::Setting& setting);

  const fixtures::Setting& setting() const { return base_->setting; }
  const formula::Vocabulary& vocabulary() const { return base_->vocabulary; }
  const Symbols& symbols() const { return base_->symbols; }
  const std::vector<Definition>& definitions() const { return definitions_; }
  const Definition* definition(std::string_view name) const;
  const std::optional<Formula>& where() const { return where_; }
  const Names& where_needs() const { return where_needs_; }

  /// A formula of the pack, in the names of the setting and in any spelling.
  Formula read(const fixtures::WrittenFormula& text, bool statement) const;

  /// Derivatives see through definitions: in diff(f, x) every definition that depends on x is written out;
  /// what does not stays a name. Throws FormulaError.
  Formula closed(const Formula& formula) const;

  /// The inputs, dimensions and definitions that a formula depends on, at any distance.
  Names needs(const Formula& formula) const;

  /// The setting with another definition in the place of one.
  Settled changed(const std::string& name, const Formula& formula) const;

  /// A point; only `needed` definitions get values.
  Site site(Drawn drawn, const Names& needed, Budget& budget) const;
  /// Its values as balls of the working precision.
  formula::Environment<Ball> balls(const Site& site, const Names& needed, Budget& budget) const;
  /// In fractions, and where these have no answer on balls of 256 bits.
  Value value(const Formula& formula, const Site& site, const Names& needed, Budget& budget) const;
  /// Whether the point is inside of the setting's hypothesis.
  bool admits(const Site& site, Budget& budget) const;

 private:
  struct Base {
    fixtures::Setting setting;
    formula::Vocabulary vocabulary;
    Symbols symbols;
  };
  Settled() = default;
  void define(const std::string& name, const Formula& formula);
  Formula inlined(const Formula& formula, const std::string& variable) const;
  formula::NodePtr closed_node(const formula::NodePtr& node) const;

  std::shared_ptr<const Base> base_;
  std::vector<Definition> definitions_;
  std::optional<Formula> where_;
  Names where_needs_;
};

}  // namespace assay::properties::equivalence
