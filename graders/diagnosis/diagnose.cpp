#include "graders/diagnosis/diagnose.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "graders/diagnosis/inquiry.hpp"

namespace assay::graders {
namespace {

using diagnosis::Candidate;
using diagnosis::Inquiry;
using diagnosis::Kind;

constexpr std::size_t most_alternatives = 4;

bool is_numeric(Verdict verdict) {
  return verdict == Verdict::wrong || verdict == Verdict::wrong_shape || verdict == Verdict::not_finite ||
         verdict == Verdict::unstable;
}

/// The inquiries about one group, one for each result that failed a criterion.
struct GroupInquiries {
  const CaseGroup* group;
  std::vector<Inquiry> inquiries;
};

std::size_t place_of(const CaseGroup& group, const std::string& result) {
  const auto& results = group.function->spec->results;
  return static_cast<std::size_t>(std::ranges::find(results, result) - results.begin());
}

bool fails_somewhere(const std::vector<diagnosis::Sample>& samples, std::size_t result) {
  return std::ranges::any_of(samples, [&](const auto& sample) { return sample.fails(result); });
}

GroupInquiries inquire_into(const Prepared& prepared, const CaseGroup& group,
                            const SubmissionResult& result) {
  std::vector<std::size_t> places;
  std::shared_ptr<const Observations> observed;
  bool unrepeatable = true, unstable = true;
  for (const std::size_t criterion : group.criteria) {
    const CriterionResult& judged = result.criteria[criterion];
    if (!is_numeric(judged.verdict) || !judged.observed) continue;
    if (prepared.criteria[criterion].spec->kind != "oracle") continue;
    observed = judged.observed;
    unrepeatable = unrepeatable && judged.counterexample && !judged.counterexample->confirmed;
    unstable = unstable && judged.verdict == Verdict::unstable;
    for (const std::string& name : prepared.criteria[criterion].spec->results)
      if (std::ranges::find(places, place_of(group, name)) == places.end())
        places.push_back(place_of(group, name));
  }
  GroupInquiries inquiries{&group, {}};
  if (places.empty() || observed->empty()) return inquiries;
  const auto samples = diagnosis::choose_samples(group, *observed, places);
  for (const std::size_t place : places)
    if (fails_somewhere(samples, place))
      inquiries.inquiries.push_back(diagnosis::inquire(group, place, samples, unrepeatable, unstable));
  return inquiries;
}

/// A better kind is worth more than the number of failures explained; the catalogue's mistakes and relations
/// are equally good.
int rank_of(Kind kind) {
  switch (kind) {
    case Kind::plain:
      return 0;
    case Kind::known:
    case Kind::relation:
      return 1;
    case Kind::combined:
      return 2;
    case Kind::elsewhere:
      break;
  }
  return 3;
}

/// Which results of which functions an explanation fits.
using Explained = std::map<std::string, std::set<std::pair<const PreparedFunction*, std::size_t>>>;

/// The best first; equals stay in the order in which they were tried.
void sort_by_worth(std::vector<Candidate>& candidates, const Explained& explained) {
  std::ranges::stable_sort(candidates, [&](const Candidate& a, const Candidate& b) {
    if (rank_of(a.kind) != rank_of(b.kind)) return rank_of(a.kind) < rank_of(b.kind);
    const std::size_t of_a = explained.at(a.id).size(), of_b = explained.at(b.id).size();
    if (of_a != of_b) return of_a > of_b;
    return a.kind < b.kind;
  });
}

/// `what` is done for each criterion that failed on the result of the inquiry.
template <class What>
void for_each_failed(const Prepared& prepared, const CaseGroup& group, const std::string& name,
                     SubmissionResult& result, const What& what) {
  for (const std::size_t place : group.criteria) {
    const auto& judged = prepared.criteria[place].spec->results;
    const bool oracle = prepared.criteria[place].spec->kind == "oracle";
    if (oracle && is_numeric(result.criteria[place].verdict) &&
        std::ranges::find(judged, name) != judged.end())
      what(result.criteria[place]);
  }
}

void add_diagnosis(const Inquiry& inquiry, const std::string& name, std::vector<Diagnosis>& diagnoses) {
  const Candidate& best = inquiry.candidates.front();
  const auto same = std::ranges::find(diagnoses, best.id, &Diagnosis::id);
  if (same != diagnoses.end()) {
    same->results.push_back(name);
    same->consistent_cases = std::min(same->consistent_cases, inquiry.samples.size() - best.undecided);
    same->telling_cases = std::max(same->telling_cases, best.telling.size());
    std::erase_if(same->alternatives, [&](const Explanation& other) {
      return std::ranges::find(inquiry.candidates, other.id, &Candidate::id) == inquiry.candidates.end();
    });
    return;
  }
  Diagnosis diagnosis;
  diagnosis.id = best.id;
  diagnosis.sentence = best.sentence;
  diagnosis.results = {name};
  diagnosis.looked_at = inquiry.samples.size();
  diagnosis.consistent_cases = inquiry.samples.size() - best.undecided;
  diagnosis.telling_cases = best.telling.size();
  for (std::size_t i = 1; i < inquiry.candidates.size(); ++i)
    if (diagnosis.alternatives.size() < most_alternatives)
      diagnosis.alternatives.push_back(inquiry.candidates[i]);
  diagnoses.push_back(std::move(diagnosis));
}

}  // namespace

void diagnose(const Prepared& prepared, SubmissionResult& result) {
  std::vector<GroupInquiries> all;
  for (const CaseGroup& group : prepared.groups) all.push_back(inquire_into(prepared, group, result));
  Explained explained;
  for (const GroupInquiries& group : all)
    for (const Inquiry& inquiry : group.inquiries)
      for (const Candidate& candidate : inquiry.candidates)
        explained[candidate.id].emplace(group.group->function, inquiry.result);
  for (GroupInquiries& group : all)
    for (Inquiry& inquiry : group.inquiries) {
      sort_by_worth(inquiry.candidates, explained);
      const std::string& name = group.group->function->spec->results[inquiry.result];
      for_each_failed(prepared, *group.group, name, result, [&](CriterionResult& criterion) {
        if (inquiry.candidates.empty())
          criterion.unexplained = true;
        else
          add_diagnosis(inquiry, name, criterion.diagnoses);
      });
    }
  for (CriterionResult& criterion : result.criteria) criterion.observed.reset();
}

}  // namespace assay::graders
