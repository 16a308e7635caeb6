#include <algorithm>

#include "graders/exams/key.hpp"
#include "graders/exams/key_derivation.hpp"

namespace assay::graders::exams {
namespace keys {
namespace {

constexpr int deepest = 32;

const fixtures::Quantities* quantities_of(const fixtures::ItemKey& key) {
  if (const auto* holds = std::get_if<fixtures::HoldsKey>(&key)) return &holds->where;
  if (const auto* count = std::get_if<fixtures::CountKey>(&key)) return &count->where;
  if (const auto* word = std::get_if<fixtures::WordKey>(&key)) return &word->where;
  return nullptr;
}

}  // namespace

bool Derivation::follows(const fixtures::Item& item, int depth) const {
  if (!earlier_ || depth > deepest) return false;
  const auto on = [&](const std::string& id) {
    if (id.empty()) return false;
    if (earlier_->contains(id)) return true;
    const fixtures::Item* const other = exam_.find_item(id);
    return other && follows(*other, depth + 1);
  };
  if (const auto* network = std::get_if<fixtures::NetworkKey>(&item.key))
    return !network->value.follows.empty() && earlier_->contains(network->value.follows);
  const fixtures::Quantities* const where = quantities_of(item.key);
  return where && std::ranges::any_of(*where, [&](const auto& named) {
           const auto* network = std::get_if<fixtures::NetworkValue>(&named.second.from);
           return on(named.second.item) || (network && earlier_->contains(network->follows));
         });
}

}  // namespace keys

std::optional<DerivedKey> follow_through(const fixtures::Exam& exam, const fixtures::Item& item,
                                         const std::map<std::string, KeyValue, std::less<>>& earlier) {
  const keys::Derivation derivation(exam, &earlier);
  if (earlier.empty() || !derivation.follows(item)) return std::nullopt;
  DerivedKey key = derivation.key(item);
  if (!key.problem.empty()) return std::nullopt;
  return key;
}

}  // namespace assay::graders::exams
