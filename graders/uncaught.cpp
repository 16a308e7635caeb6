#include "graders/uncaught.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "graders/pinned_text.hpp"
#include "oracles/mistake.hpp"

namespace assay::graders {
namespace {

using oracles::Expected;
using Mistake = std::shared_ptr<const oracles::Variation>;

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
bool refuses(const CaseGroup& group, const properties::Case& one, const Expected& truth,
             const std::set<std::string>& results, const Mistake& mistake) {
  try {
    const Expected wrong = group.function->expect(one, group.slack, mistake);
    return std::ranges::any_of(results, [&](const std::string& result) {
      return oracles::is_failure(truth.judge(result, wrong.nearest(result)).outcome);
    });
  } catch (const oracles::ShapeError&) {
    return false;  // the mistake cannot be made on these inputs
  }
}

bool caught_by(const Prepared& prepared, const CaseGroup& group, const Mistake& mistake,
               std::size_t most_cases) {
  const std::size_t cases = std::min({group.cases.size(), group.expected.size(), most_cases});
  const std::set<std::string> results = judged(prepared, group);
  for (std::size_t place = 0; place < cases; ++place)
    if (refuses(group, group.cases[place], group.expected[place], results, mistake)) return true;
  return false;
}

/// One misconception in one function, in every way in which it can enter.
struct Open {
  std::string sentence;  ///< of the simplest way
  std::vector<Mistake> ways;
};

/// What is known of a mistake that no case shows.
class Search {
 public:
  Search(const Prepared& prepared, const PreparedFunction& function, std::size_t draws)
      : prepared_(prepared), function_(function), draws_(draws) {}

  /// Ends at the first case that shows it.
  void look(const Open& open) {
    same = true;
    example.clear();
    for (const CaseGroup& group : prepared_.groups) {
      if (group.function != &function_) continue;
      for (const properties::Case& one : group.cases) meet(group, one, open);
      for (std::size_t i = 0; i < draws_ && example.empty(); ++i)
        meet(group, group.generator.draw(group.cases.size() + i), open);
    }
  }

  bool same = true;
  std::string example;

 private:
  void meet(const CaseGroup& group, const properties::Case& one, const Open& open) {
    for (const Mistake& way : open.ways) try {
        if (!example.empty() ||
            oracles::changes_nothing(*function_.program, *way, function_.spec->results, one.inputs))
          continue;
        same = false;
        if (refuses(group, one, function_.expect(one, group.slack), judged(prepared_, group), way))
          example = pinned_text(one);
      } catch (const oracles::ShapeError&) {  // the mistake cannot be made on these inputs
      }
  }

  const Prepared& prepared_;
  const PreparedFunction& function_;
  std::size_t draws_;
};

/// Those that no case shows, by id.
std::map<std::string, Open> open_mistakes(const Prepared& prepared, const PreparedFunction& function,
                                          std::size_t most_cases, std::size_t& known) {
  std::map<std::string, Open> open;
  std::set<std::string> caught;
  for (const oracles::ProgramMistake& mistake : oracles::mistakes_of(*function.program)) {
    if (caught.contains(mistake.id) || !oracles::can_be_made(*function.program, mistake)) continue;
    auto& entry = open.try_emplace(mistake.id, Open{mistake.sentence, {}}).first->second;
    entry.ways.push_back(
        std::make_shared<const oracles::Variation>(oracles::Variation{.replaced = mistake.replaced}));
    if (std::ranges::any_of(prepared.groups, [&](const CaseGroup& group) {
          return group.function == &function && caught_by(prepared, group, entry.ways.back(), most_cases);
        }))
      caught.insert(mistake.id);
  }
  known += open.size();
  std::erase_if(open, [&](const auto& one) { return caught.contains(one.first); });
  return open;
}

}  // namespace

MistakeCoverage uncaught_mistakes(const Prepared& prepared, const CoverageEffort& effort) {
  MistakeCoverage coverage;
  for (const auto& function : prepared.functions) {
    if (!function->program || !function->evidence.empty()) continue;
    Search search(prepared, *function, effort.draws);
    for (const auto& [id, open] : open_mistakes(prepared, *function, effort.cases, coverage.known)) {
      search.look(open);
      Uncaught found{function->spec->name, id, open.sentence, search.example};
      (search.same ? coverage.the_same : coverage.uncaught).push_back(std::move(found));
    }
  }
  coverage.known -= coverage.the_same.size();
  return coverage;
}

}  // namespace assay::graders
