#include "oracles/catalogue.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "fixtures/nearest.hpp"
#include "oracles/catalogue/families.hpp"

namespace assay::oracles {

namespace {

struct Family {
  std::string_view name;
  std::vector<Operation> (*operations)();
};

constexpr Family families[] = {
    {"linear", linear},
    {"pooling and resampling", pooling},
    {"activations", activations},
    {"softmax", normalised_exponentials},
    {"losses", losses},
    {"normalisation and regularisation", normalisation},
    {"attention and recurrence", attention},
    {"optimizers", optimizers},
    {"reductions", reductions},
    {"metrics", metrics},
};

std::vector<Operation> all_families() {
  std::vector<Operation> all;
  for (const Family& family : families)
    for (Operation& operation : family.operations()) {
      operation.family = family.name;
      all.push_back(std::move(operation));
    }
  std::ranges::sort(all, {}, &Operation::name);
  return all;
}

}  // namespace

std::span<const Operation> catalogue() {
  static const std::vector<Operation> operations = all_families();
  return operations;
}

const Operation* find_operation(std::string_view name) {
  const auto found = std::ranges::find(catalogue(), name, &Operation::name);
  return found == catalogue().end() ? nullptr : &*found;
}

const Operation& operation_named(std::string_view name) {
  if (const Operation* const found = find_operation(name)) return *found;
  std::vector<std::string> names;
  for (const Operation& operation : catalogue()) names.emplace_back(operation.name);
  const std::string meant = nearest(name, names);
  throw UnknownOperation("there is no operation \"" + std::string(name) + "\"" +
                         (meant.empty() ? "" : "; did you mean \"" + meant + "\"?"));
}

}  // namespace assay::oracles
