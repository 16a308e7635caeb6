#include "properties/equivalence_witness.hpp"

#include <algorithm>

namespace assay::properties::equivalence {
namespace {

Names united(Names a, const Names& b) {
  a.insert(b.begin(), b.end());
  return a;
}

}  // namespace

/// The next simpler points, the simplest first: smaller extents, unused names at rest, then each number.
std::vector<Drawn> Witness::simpler(const Drawn& drawn) const {
  std::vector<Drawn> found;
  const Points& points = key_.points();
  for (const auto& [name, extent] : drawn.extents)
    for (std::size_t less = points.least(name); less < extent; ++less)
      found.push_back(points.shrunk(drawn, name, less));
  const Names used = united(key_.side().needs, answer_.needs);
  Drawn rest = drawn;
  for (auto& [name, tensor] : rest.real)
    if (!used.contains(name))
      for (Rational& x : tensor.data) x = points.range(name).nearest(0);
  if (!(rest == drawn)) found.push_back(std::move(rest));
  for (const auto& [name, tensor] : drawn.real) {
    if (!used.contains(name)) continue;
    for (std::size_t i = 0; i < tensor.size(); ++i)
      for (const int wanted : {0, 1, 2, -1}) {
        Drawn moved = drawn;
        Rational& x = moved.real.at(name)[i];
        x = points.range(name).nearest(wanted);
        if (size_of(moved) < size_of(drawn)) found.push_back(std::move(moved));
      }
  }
  for (const auto& [name, tensor] : drawn.labels)
    for (std::size_t i = 0; i < tensor.size(); ++i)
      if (tensor[i] > 0) {
        found.push_back(drawn);
        --found.back().labels.at(name)[i];
      }
  return found;
}

/// Whether both have the same exact value: most points that are tried end here.
bool Witness::alike(const Drawn& drawn, const Names& needed) {
  const Settled& settled = key_.settled();
  const Site site = settled.site(drawn, needed, budget_);
  const auto ours = exact_value(key_.side().closed, site.fractions, budget_);
  const auto theirs = ours ? exact_value(answer_.closed, site.fractions, budget_) : std::nullopt;
  return ours && theirs && ours->exists() && theirs->exists() && ours->shape() == theirs->shape() &&
         ours->is_truth() == theirs->is_truth() && match(*ours, *theirs).same == Truth::yes;
}

std::optional<Wrong> Witness::tried(Drawn drawn, Trouble trouble, bool off_ties) {
  const Names needed = united(answer_.needs, key_.side().needs);
  if (trouble == Trouble::none && alike(drawn, needed)) return std::nullopt;
  std::optional<Prepared> point = key_.prepare(std::move(drawn), needed, budget_);
  if (!point) return std::nullopt;
  Value answer = value_at(key_.settled(), answer_, *point, budget_);
  if (answer.trouble != trouble) return std::nullopt;
  if (trouble == Trouble::none && (answer.shape() != point->key.shape() ||
                                   same_at(key_, answer_, *point, answer, budget_).same != Truth::no))
    return std::nullopt;
  Turns turns(key_.settled(), key_.points(), budget_);
  if (off_ties && !turns.ties(point->site.drawn, kinks_).empty()) return std::nullopt;
  return Wrong{std::move(*point), std::move(answer)};
}

Wrong Witness::smallest(Wrong wrong) {
  const Trouble trouble = wrong.answer.trouble;
  Turns turns(key_.settled(), key_.points(), budget_);
  const bool off_ties = turns.ties(wrong.point.site.drawn, kinks_).empty();
  std::size_t left = 120;  // points that are tried
  for (bool better = true; better && left > 0;) {
    better = false;
    for (Drawn& drawn : simpler(wrong.point.site.drawn)) {
      if (left-- == 0 || budget_.steps == 0) return wrong;
      std::optional<Wrong> next = tried(std::move(drawn), trouble, off_ties);
      if (!next) continue;
      wrong = std::move(*next);
      better = true;
      break;
    }
  }
  return wrong;
}

void Witness::show(const Wrong& wrong, Comparison& result) const {
  const Site& site = wrong.point.site;
  const Names& direct = answer_.names;
  const auto add = [&](const std::string& name, const std::string& text) {
    result.point.emplace_back(name, text);
  };
  const auto is_zero = [](const auto& tensor) {
    return std::ranges::all_of(tensor.data, [](const auto& x) { return x == 0; });
  };
  const Names used = united(key_.side().needs, direct);
  for (const auto& [name, extent] : site.drawn.extents)
    if (used.contains(name)) add(name, std::to_string(extent));
  for (const auto& [name, tensor] : site.drawn.labels)
    if (united(used, answer_.needs).contains(name)) {
      Tensor<Rational> numbers(tensor.shape);
      for (std::size_t i = 0; i < tensor.size(); ++i) numbers[i] = static_cast<long long>(tensor[i]);
      add(name, shown(Value{std::move(numbers)}));
    }
  for (const auto& [name, tensor] : site.drawn.real)
    if (direct.contains(name) || (used.contains(name) && !is_zero(tensor))) add(name, shown(Value{tensor}));
  for (const Definition& one : key_.settled().definitions()) {
    const auto found = site.fractions.real.find(one.name);
    if (direct.contains(one.name) && found != site.fractions.real.end())
      add(one.name, shown(Value{found->second}));
  }
  result.expected = shown(wrong.point.key);
  result.got = shown(wrong.answer);
}

}  // namespace assay::properties::equivalence
