#include "graders/uncaught.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "oracles/mistake.hpp"

namespace assay::graders {
namespace {

using oracles::Expected;

/// The results of the function that criteria of the group judge.
std::set<std::string> judged(const Prepared& prepared, const CaseGroup& group) {
  std::set<std::string> names;
  for (const std::size_t place : group.criteria) {
    const auto& results = prepared.criteria[place].spec->results;
    const auto& all = results.empty() ? group.function->spec->results : results;
    names.insert(all.begin(), all.end());
  }
  return names;
}

/// Whether the truth about this case certainly refuses one of the results that the mistake would return.
bool refuses(const CaseGroup& group, std::size_t place, const std::set<std::string>& results,
             const std::shared_ptr<const oracles::Variation>& mistake) {
  try {
    const Expected wrong = group.function->expect(group.cases[place], group.slack, mistake);
    return std::ranges::any_of(results, [&](const std::string& result) {
      return oracles::is_failure(group.expected[place].judge(result, wrong.nearest(result)).outcome);
    });
  } catch (const oracles::ShapeError&) {
    return false;  // the mistake cannot be made on these inputs
  }
}

bool caught_by(const Prepared& prepared, const CaseGroup& group,
               const std::shared_ptr<const oracles::Variation>& mistake, std::size_t most_cases) {
  const std::size_t cases = std::min({group.cases.size(), group.expected.size(), most_cases});
  const std::set<std::string> results = judged(prepared, group);
  for (std::size_t place = 0; place < cases; ++place)
    if (refuses(group, place, results, mistake)) return true;
  return false;
}

}  // namespace

MistakeCoverage uncaught_mistakes(const Prepared& prepared, std::size_t most_cases) {
  MistakeCoverage coverage;
  for (const auto& function : prepared.functions) {
    if (!function->program || !function->evidence.empty()) continue;
    std::map<std::string, std::string> open;  // id -> the simplest way it can enter
    std::set<std::string> caught;
    for (const oracles::ProgramMistake& known : oracles::mistakes_of(*function->program)) {
      if (caught.contains(known.id)) continue;
      open.try_emplace(known.id, known.sentence);
      const auto mistake =
          std::make_shared<const oracles::Variation>(oracles::Variation{.replaced = known.replaced});
      if (std::ranges::any_of(prepared.groups, [&](const CaseGroup& group) {
            return group.function == function.get() && caught_by(prepared, group, mistake, most_cases);
          }))
        caught.insert(known.id);
    }
    coverage.known += open.size();
    for (const auto& [id, sentence] : open)
      if (!caught.contains(id)) coverage.uncaught.push_back({function->spec->name, id, sentence});
  }
  return coverage;
}

}  // namespace assay::graders
