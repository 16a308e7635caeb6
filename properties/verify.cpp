#include "properties/verify.hpp"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "oracles/value.hpp"
#include "properties/exhibit.hpp"
#include "properties/proof/prove.hpp"
#include "properties/search.hpp"
#include "properties/trial.hpp"

namespace assay::properties {
namespace {

using Imposed = std::vector<const Assumption*>;

std::size_t cases_of(std::size_t own, const Effort& effort) {
  const std::size_t wanted = effort.cases.value_or(own);
  return effort.quick && !effort.cases ? std::max<std::size_t>(wanted / 10, 20) : wanted;
}

/// At 95 %: more failures than this would have shown.
double failure_bound(std::size_t cases) {
  return cases ? 1 - std::pow(0.05, 1.0 / static_cast<double>(cases)) : 1;
}

const ProofOutcome* proved(const std::vector<Proof>& proofs, const std::vector<std::string>& under,
                           Verdict& verdict, ProofOutcome& outcome) {
  for (const Proof& proof : proofs) {
    if (proof.under != under) continue;
    outcome = proof.attempt();
    if (outcome.proved != Truth::yes) continue;
    verdict.domain = proof.domain;
    return &outcome;
  }
  return nullptr;
}

Hunt hunt_of(const ForAll& test, const Effort& effort, Imposed imposed = {}) {
  return {test.space,
          test.holds,
          test.pinned,
          std::move(imposed),
          Numbers::exact,
          Truth::no,
          cases_of(test.cases, effort),
          effort.seed,
          nullptr,
          effort.seconds};
}

void add_search(Verdict& verdict, const Catch& found) {
  verdict.cases += found.cases;
  verdict.set_aside += found.set_aside;
  verdict.shrinks += found.shrinks;
}

/// True where no drawn instance fails under the assumptions, and enough were drawn to say so.
bool upheld_under(const ForAll& test, const Imposed& imposed, const Effort& effort, Verdict& verdict) {
  const Catch under = search(hunt_of(test, effort, imposed));
  verdict.cases += under.cases;
  return !under.found && under.cases - under.set_aside >= 20;
}

/// Switches the assumptions on one by one, and at last all together. Returns the first that suffice.
Imposed find_conditions(const ForAll& test, const Effort& effort, Verdict& verdict) {
  Imposed all, first;
  for (const Assumption& assumption : test.assumptions) {
    all.push_back(&assumption);
    if (!upheld_under(test, {&assumption}, effort, verdict)) continue;
    verdict.conditions.push_back({assumption.id, assumption.text});
    if (first.empty()) first = {&assumption};
  }
  if (!first.empty() || all.size() < 2 || !upheld_under(test, all, effort, verdict)) return first;
  verdict.jointly = true;
  for (const Assumption* assumption : all) verdict.conditions.push_back({assumption->id, assumption->text});
  return all;
}

std::string joined(const std::vector<Condition>& conditions, const std::string& between) {
  std::string text;
  for (const Condition& condition : conditions) text += (text.empty() ? "" : between) + condition.text;
  return text;
}

std::string_view name_of(Numbers numbers) {
  return numbers == Numbers::float64 ? "float64" : "float32";
}

void ask_floats(const ForAll& test, const Effort& effort, Verdict& verdict, const Imposed& imposed = {}) {
  for (const Numbers numbers : {Numbers::float64, Numbers::float32}) {
    if (!speaks_of(test.holds, numbers)) continue;
    Hunt hunt = hunt_of(test, effort, imposed);
    hunt.numbers = numbers;
    const Catch caught = search(hunt);
    FloatFinding finding{name_of(numbers), oracles::truth(!caught.found), {}, caught.cases};
    if (caught.found) {
      const bool bisects = !test.frontier.empty();
      finding.failure = exhibit_of(bisects ? first_failure(test.holds, *caught.found, test.frontier, numbers)
                                           : *caught.found);
    }
    verdict.floats.push_back(std::move(finding));
  }
}

double scalar_of(const Exhibit& exhibit, const std::string& name) {
  return std::get<oracles::Tensor<double>>(exhibit.instance.inputs.at(name))[0];
}

/// " In float64 it fails first at x = 19.06...: tanh' underflows to 0."
std::string float_sentence(const ForAll& test, const Verdict& verdict, const char* where = "In") {
  for (const FloatFinding& finding : verdict.floats) {
    if (finding.holds == Truth::yes) continue;
    std::string text = fmt::format(" {} {} it fails", where, finding.format);
    text += test.frontier.empty() ? " for " + brief(*finding.failure, test.space)
                                  : fmt::format(" first at {} = {:.17g}", test.frontier,
                                                scalar_of(*finding.failure, test.frontier));
    return text + (test.in_floats.empty() ? "" : ": " + test.in_floats) + ".";
  }
  return {};
}

/// What is known where the assumptions hold: a proof that needs no more, and the fate of floats.
std::string found_under(const ForAll& test, const Imposed& imposed, const Effort& effort, Verdict& verdict) {
  std::vector<std::string> ids;
  for (const Assumption* assumption : imposed) ids.push_back(assumption->id);
  std::string text;
  if (ProofOutcome outcome; proved(test.proofs, ids, verdict, outcome)) {
    text = ", proved for " + verdict.domain;
    verdict.evidence += " (proved: " + outcome.method + ")";
  }
  if (effort.floats) ask_floats(test, effort, verdict, imposed);
  return text + "." + float_sentence(test, verdict, "Even so, in");
}

void refute(const Question& question, const ForAll& test, const Case& found, const Effort& effort,
            Verdict& verdict) {
  if (evaluate_again(test.holds, found) != Truth::no) {
    verdict.standing = Standing::undecided;
    verdict.summary = "An instance failed, and the second evaluation did not confirm it.";
    verdict.evidence = "not confirmed: " + brief(exhibit_of(found), test.space);
    return;
  }
  verdict.exhibit = exhibit_of(found);
  verdict.answer = Truth::no;
  verdict.standing = Standing::refuted;
  const std::string shown = brief(*verdict.exhibit, test.space);
  const Imposed imposed = find_conditions(test, effort, verdict);
  if (imposed.empty()) {
    verdict.summary = "False: it fails for " + shown + "." + sentence(question.because);
    verdict.evidence = shown;
    return;
  }
  verdict.standing = Standing::conditional;
  const std::string where = joined(verdict.conditions, verdict.jointly ? " and " : ", or where ");
  verdict.evidence = "true where " + where;
  verdict.summary = "False as stated: it fails for " + shown + ". True where " + where +
                    found_under(test, imposed, effort, verdict) + sentence(question.because);
}

/// The box of all variables, where each is a number between bounds.
std::vector<Side> box_of(const Space& space) {
  std::vector<Side> box;
  for (const auto& variable : space.variables) {
    const auto* real = std::get_if<fixtures::RealValues>(&variable.values);
    if (!real || real->wide || !variable.shape.empty()) return {};
    box.push_back({variable.name, oracles::nearest_double(real->low), oracles::nearest_double(real->high)});
  }
  return box;
}

/// A cover of the whole domain by balls, where there is no better proof.
void prove_on_box(const ForAll& test, Verdict& verdict) {
  const std::vector<Side> box = box_of(test.space);
  if (verdict.standing != Standing::supported || box.empty() || !test.holds.ball) return;
  const ProofOutcome outcome = cover(test.holds.ball, box);
  verdict.evidence += "; " + outcome.method;
  if (outcome.proved != Truth::yes) return;
  verdict.standing = Standing::proved;
  verdict.evidence = verdict.domain = outcome.method;
  verdict.summary = "True, proved by " + outcome.method + ".";
}

/// The same question, asked of a float format: what it cannot tell does not hold there.
Verdict judge_in_floats(const Question& question, const Space& space, const Predicate& holds, Hunt hunt,
                        const std::string& frontier, const Effort& effort) {
  Verdict verdict;
  const bool universal = hunt.wanted == Truth::no;
  if (!speaks_of(holds, effort.subject)) {
    verdict.standing = Standing::not_checkable;
    verdict.summary =
        fmt::format("Not checkable: the claim is about real numbers, not {}.", name_of(effort.subject));
    verdict.evidence = "a claim about real numbers only";
    return verdict;
  }
  hunt.numbers = effort.subject;
  const Catch caught = search(hunt);
  add_search(verdict, caught);
  verdict.domain = name_of(effort.subject);
  if (!caught.found) {
    verdict.standing = universal ? Standing::supported : Standing::undecided;
    verdict.answer = universal ? Truth::yes : Truth::unknown;
    verdict.evidence =
        fmt::format("{} instances, {}", verdict.cases, universal ? "none fails" : "no witness");
    verdict.summary = fmt::format("In {}: {}.", name_of(effort.subject), verdict.evidence);
    return verdict;
  }
  verdict.exhibit = exhibit_of(universal && !frontier.empty()
                                   ? first_failure(holds, *caught.found, frontier, effort.subject)
                                   : *caught.found);
  verdict.standing = universal ? Standing::refuted : Standing::witnessed;
  verdict.answer = oracles::truth(!universal);
  verdict.evidence = brief(*verdict.exhibit, space);
  verdict.summary =
      fmt::format("In {} it {} for {}.{}", name_of(effort.subject), universal ? "fails" : "happens",
                  verdict.evidence, sentence(question.because));
  return verdict;
}

Verdict judge(const Question& question, const ForAll& test, const Effort& effort) {
  if (effort.subject != Numbers::exact)
    return judge_in_floats(question, test.space, test.holds, hunt_of(test, effort), test.frontier, effort);
  Verdict verdict;
  const Catch caught = search(hunt_of(test, effort));
  add_search(verdict, caught);
  if (caught.found) {
    refute(question, test, *caught.found, effort, verdict);
    return verdict;
  }
  if (effort.floats) ask_floats(test, effort, verdict);
  verdict.answer = Truth::yes;
  ProofOutcome outcome;
  const std::string inexact = float_sentence(test, verdict);
  const std::string opening = inexact.empty() ? "True" : "True in the reals";
  if (proved(test.proofs, {}, verdict, outcome)) {
    verdict.standing = Standing::proved;
    verdict.summary = opening + ", proved for " + verdict.domain + "." + inexact + sentence(question.because);
    verdict.evidence = outcome.method;
  } else if (verdict.cases == verdict.set_aside) {
    verdict.answer = Truth::unknown;
    verdict.summary = "No drawn instance could be decided.";
    verdict.evidence = fmt::format("{} instances set aside", verdict.set_aside);
  } else {
    const std::size_t decided = verdict.cases - verdict.set_aside;
    verdict.standing = Standing::supported;
    verdict.summary = fmt::format("{}: {} instances, none fails.{}{}", opening, decided, inexact,
                                  sentence(question.because));
    verdict.evidence =
        fmt::format("{} instances, failure rate below {:.2g} %", decided, 100 * failure_bound(decided));
    if (effort.prove) prove_on_box(test, verdict);
  }
  return verdict;
}

Verdict judge(const Question& question, const Exists& test, const Effort& effort) {
  if (effort.subject != Numbers::exact)
    return judge_in_floats(question, test.space, test.holds,
                           {test.space,
                            test.holds,
                            test.pinned,
                            {},
                            Numbers::exact,
                            Truth::yes,
                            cases_of(test.cases, effort),
                            effort.seed,
                            nullptr,
                            effort.seconds},
                           {}, effort);
  Verdict verdict;
  const Catch caught = search({test.space,
                               test.holds,
                               test.pinned,
                               {},
                               Numbers::exact,
                               Truth::yes,
                               cases_of(test.cases, effort),
                               effort.seed});
  add_search(verdict, caught);
  ProofOutcome outcome;
  if (caught.found && evaluate_again(test.holds, *caught.found) == Truth::yes) {
    verdict.exhibit = exhibit_of(*caught.found);
    const std::string shown = brief(*verdict.exhibit, test.space);
    verdict.standing = Standing::witnessed;
    verdict.answer = Truth::yes;
    verdict.summary = "True: it happens for " + shown + "." + sentence(question.because);
    verdict.evidence = shown;
  } else if (proved(test.never, {}, verdict, outcome)) {
    verdict.standing = Standing::refuted;
    verdict.answer = Truth::no;
    verdict.summary = "False: never, for " + verdict.domain + "." + sentence(question.because);
    verdict.evidence = outcome.method;
  } else {
    verdict.summary =
        fmt::format("No witness among {} instances; that none exists is not proved.", verdict.cases);
    verdict.evidence = fmt::format("no witness in {} instances", verdict.cases);
  }
  return verdict;
}

Verdict judge(const Question& question, const Derivation& test, const Effort&) {
  Verdict verdict;
  const Derived derived = test.derive();
  verdict.answer = derived.holds;
  verdict.evidence = derived.evidence;
  verdict.standing = derived.holds == Truth::yes  ? Standing::proved
                     : derived.holds == Truth::no ? Standing::refuted
                                                  : Standing::undecided;
  if (derived.holds == Truth::no)
    for (const Assumption& assumption : test.assumptions)
      if (test.derive_under(assumption.id).holds == Truth::yes)
        verdict.conditions.push_back({assumption.id, assumption.text});
  if (!verdict.conditions.empty()) verdict.standing = Standing::conditional;
  const char* const answer = derived.holds == Truth::yes ? "True"
                             : derived.holds == Truth::no
                                 ? verdict.conditions.empty() ? "False" : "False as stated"
                                 : "Not decided";
  verdict.summary = fmt::format("{}: {}.", answer, derived.evidence);
  if (!verdict.conditions.empty())
    verdict.summary += " True where " + joined(verdict.conditions, ", or where ") + ".";
  verdict.summary += sentence(question.because);
  return verdict;
}

Verdict judge(const Question& question, const Trial& test, const Effort& effort) {
  return verdict_of_trial(question, test, effort);
}

Verdict judge(const Question&, const NotCheckable& test, const Effort&) {
  Verdict verdict;
  verdict.standing = Standing::not_checkable;
  verdict.summary = "Not checkable: " + test.reason + ".";
  verdict.evidence = test.reason;
  return verdict;
}

}  // namespace

std::string_view to_text(Standing standing) {
  switch (standing) {
    case Standing::proved:
      return "proved";
    case Standing::witnessed:
      return "witnessed";
    case Standing::supported:
      return "supported";
    case Standing::estimated:
      return "estimated";
    case Standing::conditional:
      return "conditional";
    case Standing::refuted:
      return "refuted";
    case Standing::undecided:
      return "undecided";
    case Standing::not_checkable:
      return "not-checkable";
  }
  throw std::logic_error("no such standing");
}

Verdict verify(const Question& question, const Effort& effort) {
  Verdict verdict =
      std::visit([&](const auto& test) { return judge(question, test, effort); }, question.test);
  verdict.seed = effort.seed;
  return verdict;
}

Verdict verify_with_mistake(const Question& question, const oracles::Misconception& planted,
                            const Effort& effort) {
  const auto* test = std::get_if<ForAll>(&question.test);
  if (!test || !test->holds.ball)
    throw std::invalid_argument("mistakes are planted in universal claims on balls");
  Hunt hunt = hunt_of(*test, effort);
  hunt.planted = &planted;
  const Catch caught = search(hunt);
  Verdict verdict;
  add_search(verdict, caught);
  verdict.seed = effort.seed;
  verdict.standing = caught.found ? Standing::refuted : Standing::supported;
  verdict.answer = oracles::truth(!caught.found);
  if (caught.found) verdict.exhibit = exhibit_of(*caught.found);
  return verdict;
}

Agreement agreement(const Verdict& verdict, std::string_view published) {
  if (published.empty()) return Agreement::no_key;
  if (verdict.answer == Truth::unknown) return Agreement::open;
  const bool says_true = published == "true", is_true = verdict.answer == Truth::yes;
  if (says_true == is_true) return Agreement::agrees;
  return verdict.standing == Standing::conditional ? Agreement::conditionally : Agreement::contradicts;
}

}  // namespace assay::properties
