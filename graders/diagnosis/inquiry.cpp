#include "graders/diagnosis/inquiry.hpp"

#include <algorithm>
#include <optional>

#include "graders/diagnosis/direct.hpp"
#include "graders/diagnosis/mistake_table.hpp"

namespace assay::graders::diagnosis {
namespace {

/// Work for all pairs together, in the units of oracles::work_of: about a fifth of a second.
constexpr std::uint64_t work_for_pairs = 1'500'000;
/// What an evaluation costs beside its multiply-adds.
constexpr std::uint64_t work_of_a_try = 50;
/// Errors of float arithmetic fill more of their allowance than this; those of a poor double formula do not.
constexpr double least_share_of_float = 0.01;

class Trial {
 public:
  Trial(const CaseGroup& group, std::size_t result, const std::vector<Sample>& samples)
      : group_(group),
        function_(*group.function),
        result_(result),
        name_(function_.spec->results[result]),
        samples_(samples),
        format_(function_.float_format(name_)) {}

  /// The samples that speak for the hypothesis, if none speaks against it.
  std::optional<Candidate> test(const Hypothesis& hypothesis) const {
    Candidate candidate{{hypothesis.id, hypothesis.sentence}, hypothesis.kind, {}, 0};
    double share = 0;
    for (std::size_t i = 0; i < samples_.size(); ++i) {
      const auto judgement = judge(hypothesis, samples_[i]);
      const auto outcome = judgement ? judgement->outcome : Outcome::wrong;
      if (oracles::is_failure(outcome)) return std::nullopt;
      candidate.undecided += outcome == Outcome::cannot_tell;
      // Two mistakes fit too much already; and what is undecided takes the most precision to find out.
      const std::size_t bearable = hypothesis.kind == Kind::combined ? 0 : samples_.size() / 2;
      if (candidate.undecided > bearable) return std::nullopt;
      if (outcome != Outcome::accepted || !samples_[i].fails(result_)) continue;
      candidate.telling.insert(i);
      share = std::max(share, judgement->ratio.value_or(0));
    }
    // What cannot be told speaks neither for nor against, as long as more than that speaks for it.
    if (candidate.telling.size() < std::max(hypothesis.least_telling, candidate.undecided + 1) ||
        (hypothesis.in_float && share < least_share_of_float))
      return std::nullopt;
    return candidate;
  }

  /// The samples on which the result is wrong.
  std::set<std::size_t> failing() const {
    std::set<std::size_t> places;
    for (std::size_t i = 0; i < samples_.size(); ++i)
      if (samples_[i].fails(result_)) places.insert(i);
    return places;
  }

  bool travels_as_double() const { return function_.format(name_) == fixtures::NumberFormat::float64; }

  std::uint64_t work_of_first() const { return samples_.front().work + work_of_a_try; }

 private:
  /// Nothing where the hypothesis cannot be held against the sample.
  std::optional<oracles::ResultJudgement> judge(const Hypothesis& hypothesis, const Sample& sample) const {
    const Values& got = sample.got[result_];
    try {
      if (hypothesis.kind == Kind::known)
        if (const auto kept = group_.mistakes->kept(hypothesis.known, sample))
          return kept->judge(result_, got);
      const auto variation = hypothesis.variation(sample);
      if (!variation) return std::nullopt;
      const auto& inputs = sample.one->inputs;
      const auto format = hypothesis.in_float ? oracles::FloatFormat::binary32 : format_;
      if (hypothesis.in_float) {
        const auto rough =
            oracles::rough_results(*function_.program, *variation, {name_}, inputs, format, group_.slack);
        if (!rough.front().may_be(got)) return std::nullopt;
      } else {
        const auto mistaken = group_.mistakes->at(hypothesis.known, variation->replaced, sample);
        if (!mistaken) return std::nullopt;
        if (variation->relations.empty()) return mistaken->judge(result_, got);
        if (!mistaken->may_be(result_, variation->relations, got)) return std::nullopt;
      }
      const oracles::Expected expected(function_.program, {name_}, inputs, format, group_.slack,
                                       std::make_shared<const oracles::Variation>(*variation));
      return expected.judge(name_, got);
    } catch (const std::exception&) {
      return std::nullopt;  // a mistake that makes no sense on these inputs
    }
  }

  const CaseGroup& group_;
  const PreparedFunction& function_;
  std::size_t result_;
  const std::string& name_;
  const std::vector<Sample>& samples_;
  oracles::FloatFormat format_;
};

void add_seen(std::vector<Seen> seen, const Trial& trial, std::vector<Candidate>& candidates) {
  for (Seen& one : seen) candidates.push_back({one, one.kind, trial.failing(), 0});
}

/// The same mistake in another place, or in the result alone, says nothing new.
void add_tested(const std::vector<Hypothesis>& hypotheses, const Trial& trial,
                std::vector<Candidate>& candidates) {
  for (const Hypothesis& hypothesis : hypotheses) {
    if (std::ranges::find(candidates, hypothesis.id, &Candidate::id) != candidates.end()) continue;
    if (auto candidate = trial.test(hypothesis)) candidates.push_back(std::move(*candidate));
  }
}

/// Only the first hypothesis of each id, so that pairs stay few.
std::vector<Hypothesis> distinct(const std::vector<Hypothesis>& all) {
  std::vector<Hypothesis> first;
  for (const Hypothesis& one : all)
    if (std::ranges::find(first, one.id, &Hypothesis::id) == first.end()) first.push_back(one);
  return first;
}

void add_pairs(const std::vector<Hypothesis>& known, const std::vector<Hypothesis>& related,
               const Trial& trial, std::vector<Candidate>& candidates) {
  std::vector<Hypothesis> singles = known;
  singles.insert(singles.end(), related.begin(), related.end());
  const auto atoms = distinct(singles);
  std::uint64_t work = 0;
  // By the sum of their places: simple ones first, should the budget end.
  for (std::size_t sum = 1; sum + 2 < 2 * atoms.size(); ++sum)
    for (std::size_t i = sum < atoms.size() ? 0 : sum - atoms.size() + 1; 2 * i < sum; ++i) {
      const auto pair = combined(atoms[i], atoms[sum - i]);
      if (!pair) continue;
      work += trial.work_of_first();
      if (work > work_for_pairs) return;
      if (auto candidate = trial.test(*pair)) candidates.push_back(std::move(*candidate));
    }
}

}  // namespace

Inquiry inquire(const CaseGroup& group, std::size_t result, std::vector<Sample> samples, bool unrepeatable,
                bool unstable) {
  Inquiry inquiry{result, std::move(samples), {}};
  const PreparedFunction& function = *group.function;
  const Trial trial(group, result, inquiry.samples);
  auto& candidates = inquiry.candidates;
  add_seen(plain_answers(function, result, inquiry.samples), trial, candidates);
  if (unrepeatable)
    add_seen(
        {{{"relation.state_between_calls",
           "answers the same call differently in a fresh process: it keeps state between calls, or reads "
           "memory that it never wrote"},
          Kind::plain}},
        trial, candidates);
  if (!candidates.empty()) return inquiry;
  const auto& known = group.mistakes->known();
  const auto related = relations(function, result, inquiry.samples);
  add_tested(known, trial, candidates);
  add_tested(related, trial, candidates);
  add_seen(unstable_forms(function, result, inquiry.samples), trial, candidates);
  if (candidates.empty() && trial.travels_as_double()) add_tested({float_arithmetic()}, trial, candidates);
  if (candidates.empty()) add_pairs(known, related, trial, candidates);
  if (!candidates.empty()) return inquiry;
  add_seen(places(function, result, inquiry.samples), trial, candidates);
  if (unstable && candidates.empty())
    add_seen({{{"relation.large_inputs", "is right except for large inputs"}, Kind::elsewhere}}, trial,
             candidates);
  return inquiry;
}

}  // namespace assay::graders::diagnosis
