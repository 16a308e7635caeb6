#include "oracles/listing.hpp"

#include "oracles/catalogue.hpp"

namespace assay::oracles {
namespace {

template <class Specs, class Text>
std::string joined(const Specs& specs, Text text) {
  std::string all;
  for (const auto& spec : specs) all += (all.empty() ? "" : ", ") + text(spec);
  return all;
}

}  // namespace

std::vector<OperationListing> operation_listing() {
  const auto named_shape = [](const auto& spec) {
    return std::string(spec.name) + " " + std::string(spec.shape);
  };
  std::vector<OperationListing> listing;
  for (const Operation& operation : catalogue())
    listing.push_back({std::string(operation.name), joined(operation.inputs, named_shape),
                       joined(operation.outputs, named_shape),
                       joined(operation.attributes,
                              [](const AttributeSpec& spec) {
                                return std::string(spec.name) + "=" + std::string(spec.fallback) + " (" +
                                       std::string(spec.meaning) + ")";
                              }),
                       std::string(operation.formula), std::string(operation.domain),
                       std::string(operation.source)});
  return listing;
}

}  // namespace assay::oracles
