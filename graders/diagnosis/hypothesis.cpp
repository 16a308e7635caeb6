#include "graders/diagnosis/hypothesis.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace assay::graders::diagnosis {
namespace {

using oracles::Relation;
using oracles::Variation;

bool same_step(const Variation& a, const Variation& b) {
  return std::ranges::any_of(a.replaced, [&](const oracles::Replacement& one) {
    return std::ranges::find(b.replaced, one.step, &oracles::Replacement::step) != b.replaced.end();
  });
}

std::optional<Variation> joined(std::optional<Variation> a, const std::optional<Variation>& b) {
  if (!a || !b || same_step(*a, *b)) return std::nullopt;
  a->replaced.insert(a->replaced.end(), b->replaced.begin(), b->replaced.end());
  a->relations.insert(a->relations.end(), b->relations.begin(), b->relations.end());
  return a;
}

}  // namespace

std::vector<Hypothesis> known_mistakes(const PreparedFunction& function) {
  std::vector<Hypothesis> all;
  for (oracles::ProgramMistake& mistake : oracles::mistakes_of(*function.program)) {
    const Variation variation{std::move(mistake.replaced), {}, false};
    all.push_back({{std::move(mistake.id), std::move(mistake.sentence)},
                   Kind::known,
                   [variation](const Sample&) { return std::optional(variation); }});
    all.back().known = {all.size() - 1};
  }
  return all;
}

Hypothesis float_arithmetic() {
  Hypothesis floats{{"relation.float_arithmetic",
                     "computes in float, or stores a number in one, where double is asked for"},
                    Kind::relation,
                    [](const Sample&) {
                      return std::optional(Variation{{}, {}, true});
                    }};
  floats.in_float = true;
  return floats;
}

std::optional<Hypothesis> combined(const Hypothesis& first, const Hypothesis& second) {
  if (first.id == second.id) return std::nullopt;
  std::vector<std::size_t> known = first.known;
  known.insert(known.end(), second.known.begin(), second.known.end());
  return Hypothesis{{first.id + " + " + second.id, first.sentence + ", and " + second.sentence},
                    Kind::combined,
                    [one = first.variation, other = second.variation](const Sample& sample) {
                      return joined(one(sample), other(sample));
                    },
                    false,
                    std::max<std::size_t>(2, std::max(first.least_telling, second.least_telling)),
                    std::move(known)};
}

}  // namespace assay::graders::diagnosis
