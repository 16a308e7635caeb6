#include "properties/equivalence_key.hpp"

#include <algorithm>

#include "oracles/numeric/precision.hpp"

namespace assay::properties::equivalence {
namespace {

using formula::Node;
using formula::NodePtr;

constexpr std::size_t random_points = 24, small_points = 14, extreme_points = 6, turning_points = 60;
constexpr std::uint64_t steps_of_a_point = 300'000;

bool derives(const Node& node) {
  if (node.kind == formula::Kind::derivative) return true;
  return std::ranges::any_of(node.children, [](const NodePtr& child) { return child && derives(*child); });
}

Names united(Names a, const Names& b) {
  a.insert(b.begin(), b.end());
  return a;
}

}  // namespace

Side side_of(const Settled& settled, const Formula& written) {
  const Formula closed = settled.closed(written);
  Side side{written,
            closed,
            formula::free_names(written),
            settled.needs(written),
            formula::is_statement(written),
            derives(closed.root())};
  for (const Definition& one : settled.definitions())
    if (side.needs.contains(one.name)) side.derives = side.derives || derives(one.closed.root());
  return side;
}

Key::Key(const Settled& settled, const Formula& written, std::uint64_t seed)
    : settled_(settled), points_(settled.setting()), side_(side_of(settled, written)) {
  kinks_ = kinks_of(written);
  for (const Definition& one : settled.definitions()) {
    everything_.insert(one.name);
    if (!side_.needs.contains(one.name)) continue;
    for (Kink& kink : kinks_of(one.written))
      if (std::ranges::find(kinks_, kink.text, &Kink::text) == kinks_.end())
        kinks_.push_back(std::move(kink));
  }
  for (const auto& [name, input] : settled.setting().inputs) everything_.insert(name);
  Random random(seed);
  constexpr std::size_t patience = 40;
  for (std::size_t tries = 0; prepared_.size() < random_points && tries < patience * random_points; ++tries)
    add(points_.random(random), "", true);
  if (prepared_.size() < random_points / 4 && settled.where()) add_where_it_holds(random);
  add_kinks();
  for (std::size_t i = 0; i < small_points; ++i) add(points_.small(random, i), "", false);
  for (std::size_t i = 0; i < extreme_points; ++i) add(points_.extreme(random), "", false);
  std::ranges::stable_sort(prepared_, {}, [](const Prepared& one) { return size_of(one.site.drawn); });
  Budget budget{steps_of_a_point};
  rare_kinks_ = rare(kinks_, budget);
}

std::vector<Kink> Key::rare(const std::vector<Kink>& kinks, Budget& budget) const {
  constexpr std::size_t enough = 8;
  Turns turns(settled_, points_, budget);
  std::map<std::string, std::size_t> met;
  std::size_t asked = 0;
  for (const Prepared& point : prepared_) {
    if (!point.random || asked == enough) continue;
    ++asked;
    for (const std::string& tie : turns.ties(point.site.drawn, kinks)) ++met[tie];
  }
  std::vector<Kink> found;
  for (const Kink& kink : kinks)
    if (2 * met[kink.text] <= asked && !(side_.statement && kink.equality)) found.push_back(kink);
  return found;
}

std::optional<Prepared> Key::prepare(Drawn drawn, const Names& needed, Budget& budget) const {
  Prepared point{
      settled_.site(std::move(drawn), united(united(needed, settled_.where_needs()), side_.needs), budget),
      {},
      {}};
  if (!settled_.admits(point.site, budget)) return std::nullopt;
  point.key = value_at(settled_, side_, point, budget);
  if (!point.key.exists()) return std::nullopt;
  return point;
}

bool Key::add(Drawn drawn, const std::string& tie, bool random) {
  const auto same = [&](const Prepared& one) { return one.site.drawn == drawn; };
  if (std::ranges::any_of(prepared_, same)) return false;
  Budget budget{steps_of_a_point};
  std::optional<Prepared> point = prepare(std::move(drawn), everything_, budget);
  if (!point) {
    ++redrawn_;
    return false;
  }
  if (point->key.is_ball()) {
    const oracles::PrecisionScope scope(base_bits);
    point->balls = settled_.balls(point->site, everything_, budget);
  }
  point->site.tie = tie;
  point->random = random;
  prepared_.push_back(std::move(*point));
  return true;
}

/// Of a hypothesis that chance never meets, such as b = 2 a, points on its own ties.
void Key::add_where_it_holds(Random& random) {
  const std::vector<Kink> ties = kinks_of(*settled_.where());
  for (std::size_t tries = 0; tries < 4 * random_points && prepared_.size() < random_points; ++tries) {
    const Drawn base = points_.random(random);
    Budget budget{steps_of_a_point};
    Turns turns(settled_, points_, budget);
    for (const Scalar& scalar : points_.scalars(base, settled_.where_needs()))
      for (const Turn& turn : turns.turns(base, scalar, turns.roots(base, scalar, ties)))
        if (prepared_.size() < random_points) add(turn.drawn, "", true);
  }
}

void Key::add_kinks() {
  constexpr std::size_t most_bases = 6, most_scalars = 10;
  Budget budget{2 * steps_of_a_point};
  Turns turns(settled_, points_, budget);
  const std::size_t before = prepared_.size();
  for (std::size_t i = 0; i < std::min(most_bases, before); ++i) {
    Base base{prepared_[i].site.drawn, {}};
    std::vector<Scalar> scalars = points_.scalars(base.drawn, side_.needs);
    if (scalars.size() > most_scalars) scalars.resize(most_scalars);
    for (const Scalar& scalar : scalars) {
      base.lines.emplace_back(scalar, turns.roots(base.drawn, scalar, kinks_));
      for (const Turn& turn : turns.turns(base.drawn, scalar, base.lines.back().second))
        if (prepared_.size() < before + turning_points) add(turn.drawn, turn.tie, false);
    }
    bases_.push_back(std::move(base));
  }
}

Value value_at(const Settled& settled, const Side& side, const Prepared& point, Budget& budget) {
  std::optional<Value> exact = exact_value(side.closed, point.site.fractions, budget);
  const bool doubtful = exact && exact->exists() && side.derives && !side.statement;
  if (exact && !doubtful) return std::move(*exact);
  const oracles::PrecisionScope scope(base_bits);
  Value balls = point.balls ? ball_value(side.closed, *point.balls, budget)
                            : ball_value(side.closed, settled.balls(point.site, side.needs, budget), budget);
  if (!exact) return balls;
  if (balls.is_ball() && !is_tight(balls.ball())) return {{}, Trouble::undecided, "a kink: several slopes"};
  return std::move(*exact);
}

Match same_at(const Key& key, const Side& answer, const Prepared& point, const Value& value, Budget& budget) {
  Match result = match(point.key, value);
  const Names needed = united(key.side().needs, answer.needs);
  for (long bits = 2 * base_bits; result.same == Truth::unknown && bits <= most_bits; bits *= 2) {
    const oracles::PrecisionScope scope(bits);
    const formula::Environment<Ball> balls = key.settled().balls(point.site, needed, budget);
    const Value ours = ball_value(key.side().closed, balls, budget);
    const Value theirs = ball_value(answer.closed, balls, budget);
    if (!ours.exists() || !theirs.exists() || ours.is_truth() || theirs.is_truth()) break;
    result = match(ours, theirs);
  }
  return result;
}

}  // namespace assay::properties::equivalence
