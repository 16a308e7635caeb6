#include "graders/exams/follow_through.hpp"

#include <algorithm>

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

namespace {

using fixtures::Exam;
using fixtures::Item;

void append(std::string& text, const NumberKey& number) {
  text += number.value.get_str() + "~" + number.radius.get_str();
}

void append(std::string& text, const ShapeKey& shape) {
  text += "[";
  for (const mpz_class& extent : shape.extents) text += extent.get_str() + ",";
  text += "]" + shape.layout;
}

}  // namespace

std::optional<DerivedKey> follow_through(const Exam& exam, const Item& item, const EarlierValues& earlier) {
  const keys::Derivation derivation(exam, &earlier);
  if (earlier.empty() || !derivation.follows(item)) return std::nullopt;
  DerivedKey key = derivation.key(item);
  if (!key.problem.empty()) return std::nullopt;
  return key;
}

FollowThrough::FollowThrough(const Exam& exam) : exam_(exam) {
  for (const Item& item : exam.items) {
    std::vector<Source> sources;
    const auto add = [&](const std::string& id, bool itself) {
      if (!id.empty()) sources.push_back({id, itself});
    };
    if (const auto* network = std::get_if<fixtures::NetworkKey>(&item.key))
      add(network->value.follows, false);
    if (const fixtures::Quantities* const where = keys::quantities_of(item.key))
      for (const auto& [name, quantity] : *where) {
        add(quantity.item, true);
        if (const auto* network = std::get_if<fixtures::NetworkValue>(&quantity.from))
          add(network->follows, false);
      }
    if (!sources.empty()) sources_.emplace(item.id, std::move(sources));
  }
}

void FollowThrough::add_sources(const std::string& item, const EarlierValues& earlier,
                                std::set<std::string>& seen, std::string& situation) const {
  const auto sources = sources_.find(item);
  if (sources == sources_.end()) return;
  for (const Source& source : sources->second) {
    const auto found = earlier.find(source.id);
    if (found == earlier.end()) {
      if (source.derived && seen.insert(source.id).second) add_sources(source.id, earlier, seen, situation);
      continue;
    }
    situation += source.id + "=";
    if (const auto* number = std::get_if<NumberKey>(&found->second))
      append(situation, *number);
    else if (const auto* shape = std::get_if<ShapeKey>(&found->second))
      append(situation, *shape);
    situation += ";";
  }
}

FollowThrough::Key FollowThrough::operator()(const Item& item, const EarlierValues& earlier) const {
  std::set<std::string> seen{item.id};
  std::string situation;
  add_sources(item.id, earlier, seen, situation);
  if (situation.empty()) return nullptr;
  situation += item.id;
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = known_.find(situation); known != known_.end()) return known->second;
  }
  auto derived = follow_through(exam_, item, earlier);
  const Key key = derived ? std::make_shared<const DerivedKey>(*std::move(derived)) : nullptr;
  const std::lock_guard lock(mutex_);
  if (known_.size() < most_known) known_.emplace(std::move(situation), key);
  return key;
}

}  // namespace assay::graders::exams
