#include "graders/pricing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "fixtures/load.hpp"
#include "fixtures/nearest.hpp"
#include "oracles/listing.hpp"
#include "oracles/mistake.hpp"
#include "oracles/unstable.hpp"

namespace assay::graders {
namespace {

/// Relations that say what was computed, not only where it is wrong.
std::set<std::string> priceable_relations(const fixtures::Assignment& assignment) {
  std::set<std::string> ids;
  for (const char* const name : {"sign", "twice", "half", "constant_factor", "offset", "transposed",
                                 "stored_transposed", "added_to_leftovers", "float_arithmetic"})
    ids.insert(std::string("relation.") + name);
  for (const auto& [name, dimension] : assignment.dimensions) {
    ids.insert("relation.times_" + name);
    ids.insert("relation.divided_by_" + name);
  }
  for (const auto& [name, input] : assignment.inputs) {
    ids.insert("relation.times_" + name);
    ids.insert("relation.without_" + name);
  }
  return ids;
}

/// What a diagnosis of this assignment can name.
std::set<std::string> priceable(const Prepared& prepared) {
  std::set<std::string> ids = priceable_relations(prepared.assignment);
  for (const auto& function : prepared.functions)
    if (function->program)
      for (const oracles::ProgramMistake& known : oracles::mistakes_of(*function->program))
        ids.insert(known.id);
  for (const oracles::UnstableForm& form : oracles::unstable_forms()) ids.emplace(form.id);
  return ids;
}

std::string reason_against(const std::string& id, const std::set<std::string>& known) {
  for (const auto& listed : oracles::misconception_listing())
    if (listed.id == id) return "which is a mistake that no oracle of this assignment can show";
  const std::vector<std::string> names(known.begin(), known.end());
  const std::string near = nearest(id, names);
  if (!near.empty()) return fmt::format("which is no mistake known here; did you mean \"{}\"?", near);
  return id.starts_with("relation.")
             ? "which does not say what was computed, so that nothing can be priced by it"
             : "which is no mistake known here; see assay list misconceptions";
}

bool is_among(const std::vector<Explanation>& explanations, const std::string& id) {
  return std::ranges::find(explanations, id, &Explanation::id) != explanations.end();
}

bool fits(const Diagnosis& diagnosis, const std::string& id) {
  return diagnosis.id == id || is_among(diagnosis.alternatives, id);
}

/// Also as one of two mistakes that are made at once.
bool mentions(const Diagnosis& diagnosis, const std::string& id) {
  return fits(diagnosis, id) || diagnosis.id.starts_with(id + " + ") || diagnosis.id.ends_with(" + " + id);
}

bool is_certain(const Diagnosis& diagnosis) {
  return diagnosis.consistent_cases == diagnosis.looked_at;
}

/// Relations describe the same answers without the catalogue: beside one of its mistakes they are no other
/// one.
bool has_rival(const Diagnosis& diagnosis) {
  return std::ranges::any_of(diagnosis.alternatives, [&](const Explanation& other) {
    return diagnosis.id.starts_with("relation.") || !other.id.starts_with("relation.");
  });
}

/// True if somewhere no other mistake would explain what came back.
bool is_established(const SubmissionResult& result, const std::string& id) {
  return std::ranges::any_of(result.criteria, [&](const CriterionResult& criterion) {
    return std::ranges::any_of(criterion.diagnoses, [&](const Diagnosis& diagnosis) {
      return diagnosis.id == id && !has_rival(diagnosis) && is_certain(diagnosis);
    });
  });
}

/// Why the mistake, which is established, is not the only reason here; empty where it is.
std::string doubt(const CriterionResult& criterion, const std::string& id) {
  for (const Diagnosis& diagnosis : criterion.diagnoses) {
    if (!fits(diagnosis, id))
      return fmt::format("it looks like {}{}", diagnosis.id, mentions(diagnosis, id) ? "" : " too");
    if (!is_certain(diagnosis))
      return fmt::format("on {} of {} cases it cannot be told",
                         diagnosis.looked_at - diagnosis.consistent_cases, diagnosis.looked_at);
  }
  return criterion.unexplained ? "another of its results is wrong for a reason that has no name" : "";
}

std::string sentence_of(const CriterionResult& criterion, const std::string& id) {
  for (const Diagnosis& diagnosis : criterion.diagnoses) {
    if (diagnosis.id == id) return diagnosis.sentence;
    for (const Explanation& other : diagnosis.alternatives)
      if (other.id == id) return other.sentence;
  }
  return {};
}

/// What is to be shared out among criteria whose whole loss is the mistake's, and that bear no price yet.
Charge gather(const Prepared& prepared, const fixtures::PricedMistake& priced, SubmissionResult& result,
              const std::set<std::size_t>& charged) {
  Charge charge;
  charge.id = priced.id;
  charge.penalty = parse_points(priced.penalty);
  const bool established = is_established(result, priced.id);
  for (std::size_t i = 0; i < prepared.criteria.size(); ++i) {
    const CriterionResult& criterion = result.criteria[i];
    const bool named = std::ranges::any_of(
        criterion.diagnoses, [&](const Diagnosis& diagnosis) { return mentions(diagnosis, priced.id); });
    const bool loses = criterion.points && *criterion.points < prepared.criteria[i].points;
    if (!named || !loses || charged.contains(i)) continue;
    const std::string& id = prepared.criteria[i].spec->id;
    std::string why = established ? doubt(criterion, priced.id) : "nowhere is it the only explanation";
    if (!why.empty()) {
      result.uncharged.push_back({priced.id, id, std::move(why)});
      continue;
    }
    charge.sentence = sentence_of(criterion, priced.id);
    charge.shares.push_back({id, prepared.criteria[i].points - *criterion.points, Points(0)});
  }
  return charge;
}

/// The first criterion bears as much as it would have lost, the next one the rest.
void share_out(const Prepared& prepared, Charge& charge, SubmissionResult& result,
               std::set<std::size_t>& charged) {
  Points open = charge.penalty;
  for (Charge::Share& share : charge.shares) {
    share.charged = std::min(share.lost, open);
    open -= share.charged;
    for (std::size_t i = 0; i < prepared.criteria.size(); ++i)
      if (prepared.criteria[i].spec->id == share.criterion) {
        result.criteria[i].points = prepared.criteria[i].points - share.charged;
        charged.insert(i);
      }
  }
}

}  // namespace

void check_prices(const Prepared& prepared) {
  if (prepared.assignment.prices.empty()) return;
  const std::set<std::string> known = priceable(prepared);
  for (const fixtures::PricedMistake& priced : prepared.assignment.prices)
    if (!known.contains(priced.id))
      throw fixtures::LoadError(
          prepared.assignment.file, priced.place,
          fmt::format("a penalty is set for \"{}\", {}", priced.id, reason_against(priced.id, known)));
}

void price_mistakes(const Prepared& prepared, SubmissionResult& result) {
  std::set<std::size_t> charged;
  for (const fixtures::PricedMistake& priced : prepared.assignment.prices) {
    Charge charge = gather(prepared, priced, result, charged);
    if (charge.shares.empty()) continue;
    share_out(prepared, charge, result, charged);
    result.charges.push_back(std::move(charge));
  }
}

}  // namespace assay::graders
