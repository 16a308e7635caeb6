#include "graders/diagnosis/mistake_table.hpp"

#include <algorithm>

namespace assay::graders::diagnosis {
namespace {

/// Numbers that a table keeps, of 16 bytes each, or some 200 where an Expected was made.
constexpr std::size_t most_numbers = 300'000;
/// What an entry costs beside its numbers, in numbers.
constexpr std::size_t numbers_of_an_entry = 20;

/// In the order of the results; one evaluation for each format.
std::vector<oracles::RoughResult> rough_results_of(const PreparedFunction& function,
                                                   const properties::Case& one, const std::string& slack,
                                                   const oracles::Variation& variation) {
  const auto& results = function.spec->results;
  std::vector<oracles::RoughResult> rough(results.size());
  for (const auto format : {oracles::FloatFormat::binary64, oracles::FloatFormat::binary32}) {
    std::vector<std::string> names;
    std::ranges::copy_if(results, std::back_inserter(names),
                         [&](const std::string& name) { return function.float_format(name) == format; });
    if (names.empty()) continue;
    auto some = oracles::rough_results(*function.program, variation, names, one.inputs, format, slack);
    for (std::size_t i = 0; i < names.size(); ++i)
      rough[static_cast<std::size_t>(std::ranges::find(results, names[i]) - results.begin())] =
          std::move(some[i]);
  }
  return rough;
}

}  // namespace

MistakenCase::MistakenCase(const PreparedFunction& function, const properties::Case& one,
                           const std::string& slack, std::shared_ptr<const oracles::Variation> variation)
    : function_(function),
      case_(one),
      slack_(slack),
      variation_(std::move(variation)),
      rough_(rough_results_of(function, one, slack, *variation_)) {}

std::optional<oracles::ResultJudgement> MistakenCase::judge(std::size_t result, const Values& got) const {
  if (!rough_[result].may_be(got)) return std::nullopt;
  std::call_once(once_, [&] { expected_ = function_.expect(case_, slack_, variation_); });
  return expected_->judge(function_.spec->results[result], got);
}

bool MistakenCase::may_be(std::size_t result, const std::vector<oracles::Relation>& besides,
                          const Values& got) const {
  return oracles::changed(rough_[result], besides).may_be(got);
}

std::size_t MistakenCase::size() const {
  std::size_t size = 0;
  for (const oracles::RoughResult& rough : rough_) size += rough.numbers.size();
  return size;
}

MistakeTable::MistakeTable(const PreparedFunction& function, std::string slack)
    : function_(function), slack_(std::move(slack)), known_(known_mistakes(function)) {}

std::shared_ptr<const MistakenCase> MistakeTable::kept(const std::vector<std::size_t>& known,
                                                       const Sample& sample) const {
  return find({known, sample.one}).value_or(nullptr);
}

std::optional<std::shared_ptr<const MistakenCase>> MistakeTable::find(const Key& key) const {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(key);
  return found == kept_.end() ? std::nullopt : std::optional(found->second);
}

std::shared_ptr<const MistakenCase> MistakeTable::at(const std::vector<std::size_t>& known,
                                                     const std::vector<oracles::Replacement>& replaced,
                                                     const Sample& sample) const {
  const Key key{known, sample.one};
  if (auto found = find(key)) return *std::move(found);
  std::shared_ptr<const MistakenCase> made;
  try {
    made = std::make_shared<const MistakenCase>(
        function_, *sample.one, slack_,
        std::make_shared<const oracles::Variation>(oracles::Variation{replaced, {}, false}));
  } catch (const std::exception&) {
    // a mistake that makes no sense on these inputs
  }
  const std::size_t size = numbers_of_an_entry + (made ? made->size() : 0);
  const std::lock_guard lock(mutex_);
  if (size_ + size <= most_numbers && kept_.emplace(key, made).second) size_ += size;
  return made;
}

}  // namespace assay::graders::diagnosis
