#include "graders/grade.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

#include "graders/criteria/kind.hpp"
#include "graders/diagnosis/diagnose.hpp"
#include "graders/error_map.hpp"
#include "graders/pricing.hpp"
#include "graders/repetition.hpp"
#include "graders/sandbox/interrupt.hpp"

namespace assay::graders {
namespace {

using Clock = std::chrono::steady_clock;

std::chrono::microseconds since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
}

/// The same verdict for every criterion: nothing was run.
void fill(SubmissionResult& result, const Prepared& prepared, Verdict verdict, const std::string& message) {
  for (const CaseGroup& group : prepared.groups)
    for (const std::size_t place : group.criteria) {
      CriterionResult& criterion = result.criteria[place];
      criterion.verdict = verdict;
      criterion.message = message;
      criterion.total = group.cases.size();
      if (!needs_a_person(verdict)) criterion.points = Points(0);
    }
}

std::string instability_message(oracles::Instability kind) {
  switch (kind) {
    case oracles::Instability::overflow:
      return "overflow: an intermediate value, such as exp of a large number, is beyond the largest double; "
             "rearrange so "
             "that no large number is exponentiated";
    case oracles::Instability::underflow:
      return "underflow: an intermediate value, such as exp of a very negative number, becomes 0, and its "
             "logarithm or "
             "reciprocal infinite; rearrange so that no logarithm is taken of what may have vanished";
    case oracles::Instability::cancellation:
    case oracles::Instability::none:
      break;
  }
  return "cancellation: digits are lost where nearly equal numbers are subtracted or rounded away; rearrange "
         "the formula";
}

/// True if every ordinary criterion that judges one of the same results of the same function was accepted,
/// and there is one.
bool ordinary_inputs_pass(const Prepared& prepared, const SubmissionResult& result,
                          const fixtures::Criterion& extreme) {
  bool any = false;
  for (std::size_t i = 0; i < prepared.criteria.size(); ++i) {
    const fixtures::Criterion& other = *prepared.criteria[i].spec;
    const bool shares = std::ranges::any_of(other.results, [&](const std::string& name) {
      return std::ranges::find(extreme.results, name) != extreme.results.end();
    });
    if (!kind_named(other.kind).rule || other.extreme || other.function != extreme.function || !shares)
      continue;
    if (result.criteria[i].verdict != Verdict::accepted) return false;
    any = true;
  }
  return any;
}

/// Wrong only where the input is extreme and a stable form is not: unstable, with the reason.
void recognise_instability(const Prepared& prepared, SubmissionResult& result) {
  for (const CaseGroup& group : prepared.groups)
    for (const std::size_t place : group.criteria) {
      CriterionResult& criterion = result.criteria[place];
      const fixtures::Criterion& spec = *prepared.criteria[place].spec;
      const bool numeric = criterion.verdict == Verdict::wrong || criterion.verdict == Verdict::not_finite;
      if (!spec.extreme || !numeric || !criterion.counterexample ||
          !ordinary_inputs_pass(prepared, result, spec))
        continue;
      criterion.instability = oracles::instability(
          *group.function->program, criterion.counterexample->one.inputs, criterion.counterexample->result);
      if (criterion.instability == oracles::Instability::none)
        criterion.instability = criterion.verdict == Verdict::not_finite ? oracles::Instability::overflow
                                                                         : oracles::Instability::cancellation;
      criterion.verdict = Verdict::unstable;
      criterion.message = instability_message(criterion.instability);
    }
}

/// A criterion that judges the manner, not the result, may ask for a result first: a stub is free of
/// warnings.
void withhold_what_is_required(const Prepared& prepared, SubmissionResult& result) {
  for (std::size_t i = 0; i < prepared.criteria.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const auto& required = prepared.criteria[i].spec->required;
      const std::string& id = prepared.criteria[j].spec->id;
      CriterionResult& criterion = result.criteria[i];
      const CriterionResult& other = result.criteria[j];
      const bool asked = std::ranges::find(required, id) != required.end();
      if (!asked || criterion.verdict != Verdict::accepted || (other.points && *other.points > 0)) continue;
      criterion.verdict = other.verdict;
      criterion.points = other.points;
      criterion.message = fmt::format("earns points only where '{}' does", id);
      criterion.advice = fmt::format("Nothing is wrong here: see '{}'.", id);
    }
}

void add_up(SubmissionResult& result) {
  Points score;
  result.verdict = Verdict::accepted;
  for (const CriterionResult& criterion : result.criteria) {
    result.verdict = std::max(result.verdict, criterion.verdict);
    if (criterion.points) score += *criterion.points;
  }
  // A harness error anywhere leaves no score: an incomplete sum would pass for a low mark.
  if (result.verdict != Verdict::harness_error) result.score = score;
}

/// Everything after the compilation, of which `result` tells.
SubmissionResult run_and_judge(const Subject& subject, SubmissionResult result) {
  std::optional<Session> warm;
  for (const CaseGroup& group : subject.prepared.groups) {
    auto graded = group.judge->grade(subject, group, warm);
    for (std::size_t i = 0; i < graded.size(); ++i) result.criteria[group.criteria[i]] = std::move(graded[i]);
    if (interrupted()) break;
  }
  recognise_instability(subject.prepared, result);
  map_errors(subject.prepared, result);
  diagnose(subject.prepared, result);
  price_mistakes(subject.prepared, result);
  withhold_what_is_required(subject.prepared, result);
  add_up(result);
  return result;
}

}  // namespace

SubmissionResult grade_submission(const Prepared& prepared, const Toolchain& toolchain,
                                  const Sandbox& sandbox, const Work& work, const std::string& folder_name,
                                  unsigned slot) {
  SubmissionResult result;
  result.criteria.resize(prepared.criteria.size());
  const auto stop = [&](Verdict verdict, const std::string& message) {
    result.compile_verdict = verdict;
    result.message = message;
    fill(result, prepared, verdict, message);
    add_up(result);
    return result;
  };
  if (!work.problem.empty()) return stop(Verdict::did_not_compile, work.problem);

  const auto start = Clock::now();
  auto compiled = toolchain.compile(folder_name, work.files, slot);
  if (compiled.verdict == Verdict::harness_error)
    compiled = toolchain.compile(folder_name + "-again", work.files, slot);
  result.compile_time = since(start);
  result.diagnostics = std::move(compiled.diagnostics);
  if (compiled.verdict != Verdict::accepted) return stop(compiled.verdict, compiled.message);

  result.compile_verdict = Verdict::accepted;
  return grade_compiled(
      {prepared, toolchain, sandbox, work.files, compiled.program, folder_name, slot, {}, false},
      std::move(result));
}

SubmissionResult grade_compiled(const Subject& subject, SubmissionResult result) {
  const auto start = Clock::now();
  result.criteria.resize(subject.prepared.criteria.size());
  const auto graded = [&](const Subject& one) { return run_and_judge(one, result); };
  SubmissionResult judged = graded(subject);
  auto differs = interrupted() ? std::nullopt : find_nondeterminism(subject);
  if (differs) judged = which_counts(subject, std::move(*differs), std::move(judged), graded);
  judged.run_time = since(start);
  return judged;
}

namespace {

/// Whatever happens is a result.
SubmissionResult grade_surely(const Prepared& prepared, const Toolchain& toolchain, const Sandbox& sandbox,
                              const Work& work, const std::string& folder_name, unsigned slot) {
  try {
    return grade_submission(prepared, toolchain, sandbox, work, folder_name, slot);
  } catch (const std::exception& error) {
    SubmissionResult result;
    result.criteria.resize(prepared.criteria.size());
    result.message = std::string("the grader failed: ") + error.what();
    fill(result, prepared, Verdict::harness_error, result.message);
    return result;
  }
}

}  // namespace

void grade_each(const Prepared& prepared, const Toolchain& toolchain, const Sandbox& sandbox,
                const std::vector<const Work*>& submissions, unsigned jobs, const Take& take) {
  const auto grade = [&](std::size_t i, unsigned slot) {
    const std::string folder_name = fmt::format("s{:04}", i);
    auto result = grade_surely(prepared, toolchain, sandbox, *submissions[i], folder_name, slot);
    toolchain.forget(folder_name);
    return result;
  };
  grade_in_turn(submissions.size(), jobs, grade, take);
}

ClassRun grade_class(const Prepared& prepared, const Toolchain& toolchain, const Sandbox& sandbox,
                     const std::vector<Work>& submissions, unsigned jobs, const Progress& progress) {
  ClassRun run;
  run.results.resize(submissions.size());
  run.finished.assign(submissions.size(), false);
  std::vector<const Work*> all;
  for (const Work& one : submissions) all.push_back(&one);
  std::size_t done = 0;
  grade_each(prepared, toolchain, sandbox, all, jobs, [&](std::size_t i, SubmissionResult&& result) {
    run.results[i] = std::move(result);
    run.finished[i] = true;
    if (progress) progress(++done, submissions.size(), submissions[i].id, run.results[i]);
  });
  return run;
}

}  // namespace assay::graders
