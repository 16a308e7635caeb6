#include "properties/equivalence.hpp"

#include <algorithm>
#include <mutex>
#include <unordered_map>

#include "properties/equivalence_relations.hpp"
#include "properties/equivalence_witness.hpp"

namespace assay::properties {
namespace {

using namespace equivalence;

constexpr std::uint64_t steps_of_a_comparison = 600'000, steps_of_relations = 600'000,
                        steps_of_shrinking = 600'000;
constexpr std::size_t most_kept = 4096, longest_kept = 400;

struct Mistake {
  std::string id;
  Side side;
};

/// What the points say, counted.
struct Tally {
  std::size_t same = 0, differs = 0, open = 0;
  std::size_t random = 0, random_same = 0, random_without = 0;  ///< without: the answer has no value there
  std::size_t shapes = 0, ranges = 0, without = 0;
  bool too_much = false;
  std::string why;  ///< the first trouble in words

  void count(const Entry& entry) {
    random += entry.point->random;
    random_same += entry.point->random && entry.same == Truth::yes;
    if (entry.answer.exists()) {
      same += entry.same == Truth::yes;
      differs += entry.same == Truth::no;
      open += entry.same == Truth::unknown;
      return;
    }
    const Trouble trouble = entry.answer.trouble;
    too_much = too_much || trouble == Trouble::work;
    shapes += trouble == Trouble::shape;
    ranges += trouble == Trouble::range;
    without += trouble == Trouble::pole;
    random_without += trouble == Trouble::pole && entry.point->random;
    if (why.empty()) why = entry.answer.why;
  }
};

std::string shape_text(const Value& value) {
  const oracles::Shape shape = value.shape();
  return shape.empty() ? "a number" : "of shape " + oracles::to_string(shape);
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : " or ") + part;
  return text;
}

}  // namespace

struct Equivalence::Parts {
  Parts(const fixtures::Setting& setting, const fixtures::WrittenFormula& text,
        const std::vector<fixtures::KnownMistake>& known, std::uint64_t seed)
      : settled(setting), key(settled, read_key(text), seed), mutants(key) {
    for (const fixtures::KnownMistake& one : known)
      if (!one.answer.text.empty()) mistakes.push_back({one.id, read_mistake(one.answer)});
  }

  Formula read_key(const fixtures::WrittenFormula& text) const {
    const Formula formula = equation_or_right_side(text);
    (void)closed(formula, text);
    return formula;
  }
  /// Read as a statement, "b = 2 a" keeps its sign of equality; "dL/da = 2 a" is none in the names of the
  /// setting.
  Formula equation_or_right_side(const fixtures::WrittenFormula& text) const {
    try {
      return settled.read(text, true);
    } catch (const WrittenFormulaError&) {
      if (right_side(text.text) == std::string::npos) throw;
      return settled.read(text, false);
    }
  }
  Side read_mistake(const fixtures::WrittenFormula& text) const {
    const Formula formula = settled.read(text, key.side().statement);
    (void)closed(formula, text);
    return side_of(settled, formula);
  }
  Formula closed(const Formula& formula, const fixtures::WrittenFormula& text) const {
    try {
      return settled.closed(formula);
    } catch (const formula::FormulaError& error) {
      throw WrittenFormulaError(error.what(), text.text, text.place, error.offset);
    }
  }

  Comparison compare(std::string_view text) const;
  Comparison compared(const Formula& written) const;
  std::vector<Entry> entries(const Side& answer, Tally& tally, int& digits, Budget& budget) const;
  Entry entry(const Side& answer, const Prepared& point, int& digits, Budget& budget) const;
  std::vector<Entry> on_own_kinks(const Side& answer, const std::vector<Kink>& own,
                                  std::vector<std::unique_ptr<Prepared>>& points, Tally& tally, int& digits,
                                  Budget& budget) const;
  void conclude(const Tally& tally, Comparison& result) const;
  void explain(const Side& answer, const std::vector<Entry>& entries, const std::vector<Kink>& kinks,
               Comparison& result) const;
  std::string related(const std::vector<Entry>& entries, const std::vector<Kink>& kinks) const;
  std::string only_at_ties(const std::vector<Entry>& entries, const std::vector<Kink>& kinks,
                           Budget& budget) const;
  std::string opposite(const std::vector<Entry>& entries) const;

  Settled settled;
  Key key;
  Mutants mutants;
  std::vector<Mistake> mistakes;
  mutable std::mutex kept_guard;
  mutable std::unordered_map<std::string, Comparison> kept;  ///< by the answer in one spelling
};

Entry Equivalence::Parts::entry(const Side& answer, const Prepared& point, int& digits,
                                Budget& budget) const {
  Entry entry{&point, value_at(settled, answer, point, budget)};
  if (!entry.answer.exists()) return entry;
  const bool fits = entry.answer.shape() == point.key.shape();
  // 0 for a vector of zeros.
  const bool repeats = !fits && entry.answer.size() == 1 && !entry.answer.is_truth();
  if (fits || repeats) {
    const Match found = same_at(key, answer, point, entry.answer, budget);
    if (fits || found.same == Truth::yes) {
      entry.same = found.same;
      if (found.same == Truth::yes) digits = std::min(digits, found.digits);
      return entry;
    }
  }
  entry.answer = {
      {}, Trouble::shape, "the answer is " + shape_text(entry.answer) + ", the key " + shape_text(point.key)};
  return entry;
}

std::vector<Entry> Equivalence::Parts::entries(const Side& answer, Tally& tally, int& digits,
                                               Budget& budget) const {
  std::vector<Entry> found;
  for (const Prepared& point : key.prepared()) {
    found.push_back(entry(answer, point, digits, budget));
    tally.count(found.back());
    if (tally.too_much) break;
  }
  return found;
}

/// Where the answer turns and the key does not.
std::vector<Entry> Equivalence::Parts::on_own_kinks(const Side& answer, const std::vector<Kink>& own,
                                                    std::vector<std::unique_ptr<Prepared>>& points,
                                                    Tally& tally, int& digits, Budget& budget) const {
  constexpr std::size_t most_bases = 3, most_points = 40;
  std::vector<Entry> found;
  if (own.empty()) return found;
  Turns turns(settled, key.points(), budget);
  for (std::size_t i = 0; i < std::min(most_bases, key.bases().size()); ++i) {
    const Key::Base& base = key.bases()[i];
    for (const Scalar& scalar : key.points().scalars(base.drawn, answer.needs)) {
      std::vector<Turns::Root> roots = turns.roots(base.drawn, scalar, own);
      if (roots.empty()) continue;
      for (const auto& [other, known] : base.lines)
        if (other.name == scalar.name && other.element == scalar.element)
          roots.insert(roots.end(), known.begin(), known.end());
      std::ranges::stable_sort(roots, {}, &Turns::Root::at);
      for (Turn& turn : turns.turns(base.drawn, scalar, roots)) {
        if (points.size() == most_points) return found;
        auto point = key.prepare(std::move(turn.drawn), answer.needs, budget);
        if (!point) continue;
        point->site.tie = turn.tie;
        points.push_back(std::make_unique<Prepared>(std::move(*point)));
        found.push_back(entry(answer, *points.back(), digits, budget));
        tally.count(found.back());
      }
    }
  }
  return found;
}

void Equivalence::Parts::conclude(const Tally& tally, Comparison& result) const {
  using Outcome = Comparison::Outcome;
  result.points = tally.same + tally.differs;
  result.redrawn = key.redrawn() + tally.without + tally.open;
  const std::size_t random = std::max<std::size_t>(tally.random, 1);
  const bool often_without = 4 * tally.random_without >= random && tally.random_without > 0;
  result.outcome = Outcome::cannot_tell;
  if (tally.too_much) {
    result.message = tally.why;
  } else if (tally.shapes > 0) {
    result.outcome = Outcome::not_comparable;
    result.message = tally.why;
  } else if (tally.ranges > 0 || tally.differs > 0 || (often_without && tally.same > 0)) {
    result.outcome = Outcome::different;
    if (tally.differs == 0) result.message = tally.why;
  } else if (key.prepared().empty()) {
    result.message = "the key has no value at any point of its setting";
  } else if (tally.same == 0 || 2 * tally.random_same < tally.random) {
    result.message = tally.why.empty() ? "too few points decide" : "too few points decide: " + tally.why;
  } else {
    result.outcome = Outcome::equal;
  }
}

/// Differences that all lie on kinks, by the kink they share.
std::string Equivalence::Parts::only_at_ties(const std::vector<Entry>& entries,
                                             const std::vector<Kink>& kinks, Budget& budget) const {
  Turns turns(settled, key.points(), budget);
  std::optional<Names> common;
  for (const Entry& entry : entries) {
    if (entry.same != Truth::no) continue;
    const Names ties = turns.ties(entry.point->site.drawn, kinks);
    if (ties.empty()) return "";
    if (!common) common = ties;
    std::erase_if(*common, [&](const std::string& tie) { return !ties.contains(tie); });
  }
  if (!common) return "";
  if (common->empty()) return "differs only at ties and kinks";
  const auto shorter = [](const std::string& a, const std::string& b) { return a.size() < b.size(); };
  return "differs only where " + *std::ranges::min_element(*common, shorter);
}

std::string Equivalence::Parts::opposite(const std::vector<Entry>& entries) const {
  const auto turned = [](const Entry& entry) { return entry.same == Truth::no; };
  return key.side().statement && std::ranges::all_of(entries, turned) ? "the opposite of the key" : "";
}

std::string Equivalence::Parts::related(const std::vector<Entry>& entries,
                                        const std::vector<Kink>& kinks) const {
  Budget budget{steps_of_relations};
  std::vector<std::string> found;
  const auto take = [&](const std::string& text) {
    if (!text.empty()) found.push_back(text);
  };
  take(only_at_ties(entries, kinks, budget));
  if (!found.empty()) return found[0];
  take(opposite(entries));
  if (!key.side().statement) take(proportion(key, entries));
  for (const std::string& text : mutants.equal_to(entries, budget)) take("the key " + text);
  constexpr std::size_t most = 3;
  if (found.size() > most) found.resize(most);
  return joined(found);
}

void Equivalence::Parts::explain(const Side& answer, const std::vector<Entry>& entries,
                                 const std::vector<Kink>& kinks, Comparison& result) const {
  Budget mistakes_budget{steps_of_relations};
  for (const Mistake& mistake : mistakes) {
    const auto at = [&](const Prepared& point) {
      return value_at(settled, mistake.side, point, mistakes_budget);
    };
    if (mistake.side.statement == answer.statement && same_everywhere(entries, at)) {
      result.mistake = mistake.id;
      break;
    }
  }
  const bool valued = std::ranges::any_of(entries, [](const Entry& one) { return one.same == Truth::no; });
  if (valued) result.relation = related(entries, kinks);
  // Points that lie on no kink convince more.
  const Entry* first = nullptr;
  bool first_ties = false;
  Budget budget{steps_of_shrinking};
  Turns turns(settled, key.points(), budget);
  for (const Entry& entry : entries) {
    const bool wrong = valued
                           ? entry.same == Truth::no
                           : entry.answer.trouble == Trouble::range || entry.answer.trouble == Trouble::pole;
    if (!wrong) continue;
    const bool ties = !turns.ties(entry.point->site.drawn, kinks).empty();
    if (first && (ties || !first_ties)) continue;
    first = &entry;
    first_ties = ties;
    if (!ties) break;
  }
  if (!first) return;
  Witness witness(key, answer, kinks, budget);
  witness.show(witness.smallest({*first->point, first->answer}), result);
}

Comparison Equivalence::Parts::compare(std::string_view text) const {
  Comparison result;
  const bool statement = key.side().statement;
  const Formula written = read_answer(text, statement, settled.symbols(), settled.vocabulary());
  if (formula::is_statement(written) != statement) {
    result.outcome = Comparison::Outcome::not_comparable;
    result.message = statement ? "a statement such as x > 0 is needed, not a number"
                               : "a number or a vector is needed, not a statement";
    return result;
  }
  // A class makes the same mistakes over and over.
  const std::string spelling = formula::to_text(written);
  {
    const std::lock_guard lock(kept_guard);
    const auto found = kept.find(spelling);
    if (found != kept.end()) return found->second;
  }
  result = compared(written);
  const std::lock_guard lock(kept_guard);
  if (kept.size() < most_kept && spelling.size() < longest_kept) kept.emplace(spelling, result);
  return result;
}

Comparison Equivalence::Parts::compared(const Formula& written) const {
  Comparison result;
  const Side answer = side_of(settled, written);
  Budget budget{steps_of_a_comparison};
  Tally tally;
  int digits = 1000;
  std::vector<Entry> all = entries(answer, tally, digits, budget);
  std::vector<Kink> own;
  std::vector<std::unique_ptr<Prepared>> further;
  conclude(tally, result);
  const bool open =
      result.outcome == Comparison::Outcome::equal || result.outcome == Comparison::Outcome::different;
  if (open) {
    for (Kink& kink : kinks_of(written))
      if (std::ranges::find(key.kinks(), kink.text, &Kink::text) == key.kinks().end())
        own.push_back(std::move(kink));
    for (Entry& entry : on_own_kinks(answer, own, further, tally, digits, budget))
      all.push_back(std::move(entry));
    conclude(tally, result);
  }
  if (result.outcome == Comparison::Outcome::equal && digits < 1000) result.digits = digits;
  if (result.outcome == Comparison::Outcome::different) {
    std::vector<Kink> kinks = key.rare(own, budget);
    kinks.insert(kinks.begin(), key.rare_kinks().begin(), key.rare_kinks().end());
    explain(answer, all, kinks, result);
  }
  return result;
}

Equivalence::Equivalence(const fixtures::Setting& setting, const fixtures::WrittenFormula& key,
                         const std::vector<fixtures::KnownMistake>& mistakes, std::uint64_t seed)
    : parts_(std::make_unique<Parts>(setting, key, mistakes, seed)) {}

Equivalence::~Equivalence() = default;

Comparison Equivalence::compare(std::string_view answer) const {
  return parts_->compare(answer);
}

std::string Equivalence::key_text() const {
  return formula::to_text(parts_->key.side().written);
}

}  // namespace assay::properties
