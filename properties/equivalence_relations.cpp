#include "properties/equivalence_relations.hpp"

#include <algorithm>
#include <cmath>

#include "oracles/numeric/precision.hpp"
#include "properties/equivalence_mutations.hpp"

namespace assay::properties::equivalence {
namespace {

constexpr std::size_t probe_count = 4;
constexpr std::uint64_t steps_of_mutants = 3'000'000, steps_of_one = 20'000;

/// A name of the setting with one value at each point, or 1.
struct Scale {
  std::string name;  ///< empty: 1
  std::vector<Rational> values;
};

/// Dimensions, and inputs and definitions that are numbers: exact at every entry.
std::vector<Scale> scales(const Key& key, const std::vector<Entry>& entries) {
  std::vector<Scale> found{{"", std::vector<Rational>(entries.size(), 1)}};
  for (const std::string& name : key.settled().vocabulary().names) {
    Scale scale{name, {}};
    for (const Entry& entry : entries) {
      const auto& at = entry.point->site.fractions;
      const auto real = at.real.find(name);
      const auto whole = at.index.find(name);
      if (real != at.real.end() && real->second.size() == 1)
        scale.values.push_back(real->second[0]);
      else if (whole != at.index.end() && whole->second.size() == 1)
        scale.values.push_back(static_cast<long long>(whole->second[0]));
      else
        break;
    }
    if (scale.values.size() == entries.size()) found.push_back(std::move(scale));
  }
  return found;
}

std::vector<Ball> balls_of(const Value& value) {
  return to_balls(value).data;
}

/// A fraction with a small denominator that a ball holds, if there is one.
std::optional<Rational> fraction_in(const Ball& ball) {
  const double size = std::abs(oracles::midpoint_double(ball));
  if (!oracles::is_finite(ball) || !(size < 1e9) || (size < 1e-9 && !oracles::contains_zero(ball)))
    return std::nullopt;
  const Rational middle = oracles::midpoint_rational(ball);
  const Rational slack = Rational(1) / boost::multiprecision::pow(boost::multiprecision::mpz_int(2), 100);
  const Rational simple = simplest_between(middle - slack, middle + slack);
  if (denominator(simple) > 1000 || abs(numerator(simple)) > 1000000) return std::nullopt;
  return oracles::contains(ball, simple) ? std::optional(simple) : std::nullopt;
}

/// What is asked of all elements at all entries: answer = c key s, answer s = c key, or answer - key = c s.
enum class Form { times, divided, offset };

class Proportion {
 public:
  explicit Proportion(const std::vector<Entry>& entries) : entries_(entries) {
    const oracles::PrecisionScope scope(base_bits);
    for (const Entry& entry : entries) {
      exact_ = exact_ && entry.point->key.is_exact() && entry.answer.is_exact();
      keys_.push_back(balls_of(entry.point->key));
      answers_.push_back(balls_of(entry.answer));
    }
  }

  /// The constant c, if there is one.
  std::optional<Rational> constant(Form form, const Scale& scale) const {
    const oracles::PrecisionScope scope(base_bits);
    std::optional<Rational> found;
    std::size_t witnesses = 0;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const Ball s = oracles::to_ball(scale.values[i]);
      for (std::size_t k = 0; k < keys_[i].size(); ++k) {
        const Ball& answer = answers_[i][answers_[i].size() == 1 ? 0 : k];
        const Ball left = form == Form::times     ? answer
                          : form == Form::divided ? Ball(answer * s)
                                                  : Ball(answer - keys_[i][k]);
        const Ball right = form == Form::times     ? Ball(keys_[i][k] * s)
                           : form == Form::divided ? keys_[i][k]
                                                   : s;
        if (!found && !oracles::contains_zero(right)) {
          found = fraction_in(Ball(left / right));
          if (!found || *found == 0) return std::nullopt;
        }
        if (!found && !oracles::contains_zero(left)) return std::nullopt;
        if (found && !oracles::overlaps(left, Ball(oracles::to_ball(*found) * right))) return std::nullopt;
        witnesses += !oracles::contains_zero(right);
      }
    }
    return witnesses >= 3 ? found : std::nullopt;
  }

 private:
  const std::vector<Entry>& entries_;
  std::vector<std::vector<Ball>> keys_, answers_;
  bool exact_ = true;
};

std::string factor_text(const Rational& constant, const std::string& name) {
  if (name.empty()) return oracles::to_text(constant);
  if (constant == 1) return name;
  return constant == -1 ? "-" + name : oracles::to_text(constant) + "*" + name;
}

std::string quotient_text(const Rational& constant, const std::string& name) {
  const std::string above = oracles::to_text(constant);
  return (above.find('/') == above.npos ? above : "(" + above + ")") + "/" + name;
}

}  // namespace

std::string proportion(const Key& key, const std::vector<Entry>& all) {
  std::vector<Entry> entries;
  for (const Entry& entry : all)
    if (entry.answer.exists() && !entry.answer.is_truth() &&
        entry.answer.shape() == entry.point->key.shape() && entry.answer.size() == entry.point->key.size())
      entries.push_back(entry);
  if (entries.size() < 4) return "";
  const Proportion proportion(entries);
  const std::vector<Scale> scales = equivalence::scales(key, entries);
  for (const Scale& scale : scales) {
    if (const auto c = proportion.constant(Form::times, scale))
      return factor_text(*c, scale.name) + " times the key";
    if (scale.name.empty()) continue;
    if (const auto c = proportion.constant(Form::divided, scale))
      return quotient_text(*c, scale.name) + " times the key";
  }
  for (const Scale& scale : scales)
    if (const auto c = proportion.constant(Form::offset, scale))
      return *c < 0 ? "the key minus " + factor_text(-*c, scale.name)
                    : "the key plus " + factor_text(*c, scale.name);
  return "";
}

void Mutants::add(std::string text, Settled settled, const Formula& formula) const {
  try {
    Side side = side_of(settled, formula);
    mutants_.push_back({std::move(text), std::move(settled), std::move(side), {}});
  } catch (const formula::FormulaError&) {
    // Too long once its definitions are written out.
  }
}

void Mutants::make() const {
  const Settled& settled = key_.settled();
  const Side& side = key_.side();
  for (Mutation& one : mutations_of(side.written)) add(std::move(one.text), settled, one.formula);
  for (const Definition& definition : settled.definitions()) {
    if (!side.needs.contains(definition.name)) continue;
    for (Mutation& one : mutations_of(definition.written)) {
      try {
        add(one.text + " in " + definition.name, settled.changed(definition.name, one.formula), side.written);
      } catch (const formula::FormulaError&) {
        // As above.
      }
    }
  }
  // Points at random tell formulas apart best.
  for (const Prepared& point : key_.prepared())
    if (point.random && probes_.size() < probe_count) probes_.push_back(&point);
  Budget budget{steps_of_mutants};
  for (Mutant& mutant : mutants_)
    for (const Prepared* probe : probes_) mutant.first.push_back(value(mutant, *probe, budget));
}

Value Mutants::value(const Mutant& mutant, const Prepared& point, Budget& budget) const {
  Prepared moved{mutant.settled.site(point.site.drawn, mutant.side.needs, budget), {}, {}};
  return value_at(mutant.settled, mutant.side, moved, budget);
}

std::vector<std::string> Mutants::equal_to(const std::vector<Entry>& entries, Budget& budget) const {
  std::call_once(made_, [this] { make(); });
  std::vector<std::string> found;
  constexpr std::size_t most = 3;
  for (const Mutant& mutant : mutants_) {
    if (found.size() == most || budget.steps < steps_of_one) break;
    const auto at = [&](const Prepared& point) {
      for (std::size_t i = 0; i < probes_.size(); ++i)
        if (probes_[i] == &point) return mutant.first[i];
      return value(mutant, point, budget);
    };
    const auto differs = [&](const Entry& entry) {
      const auto probe = std::ranges::find(probes_, entry.point);
      if (probe == probes_.end() || !entry.answer.exists()) return false;
      const Value& here = mutant.first[static_cast<std::size_t>(probe - probes_.begin())];
      if (!here.exists() || here.shape() != entry.answer.shape() ||
          here.is_truth() != entry.answer.is_truth())
        return true;
      return match(here, entry.answer).same == Truth::no;
    };
    if (std::ranges::any_of(entries, differs)) continue;
    if (same_everywhere(entries, at) && std::ranges::find(found, mutant.text) == found.end())
      found.push_back(mutant.text);
  }
  return found;
}

}  // namespace assay::properties::equivalence
