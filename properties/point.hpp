/// One instance of a claim, in the number type it is evaluated on.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "oracles/operation.hpp"
#include "properties/case.hpp"

namespace assay::properties {

/// The drawn numbers of a claim by name. Drawn numbers are doubles, so that every subject meets the same
/// ones.
template <class T>
class Point {
 public:
  Point() = default;
  explicit Point(const Case& drawn) : extents_(drawn.extents) {
    for (const auto& [name, value] : drawn.inputs) {
      if (const auto* labels = std::get_if<oracles::IndexTensor>(&value)) {
        labels_.emplace_back(name, *labels);
        continue;
      }
      const auto& reals = std::get<oracles::Tensor<double>>(value);
      oracles::Tensor<T>& copy = reals_.emplace_back(name, oracles::Tensor<T>(reals.shape)).second;
      for (std::size_t i = 0; i < reals.size(); ++i) copy[i] = exactly(reals[i]);
    }
  }

  void set(std::string name, oracles::Tensor<T> value) {
    reals_.emplace_back(std::move(name), std::move(value));
  }

  const oracles::Tensor<T>& operator[](std::string_view name) const { return find(reals_, name); }
  /// The only element of a scalar.
  const T& operator()(std::string_view name) const { return (*this)[name].data.at(0); }
  const oracles::IndexTensor& labels(std::string_view name) const { return find(labels_, name); }
  /// A drawn whole number.
  std::size_t extent(std::string_view name) const {
    const auto found = extents_.find(std::string(name));
    if (found == extents_.end()) throw std::out_of_range("no whole number \"" + std::string(name) + "\"");
    return found->second;
  }

  const auto& all_reals() const { return reals_; }
  const auto& all_labels() const { return labels_; }
  const auto& all_extents() const { return extents_; }

 private:
  static T exactly(double number) {
    if constexpr (std::same_as<T, oracles::Rational>)
      return oracles::to_rational(number);
    else
      return static_cast<T>(number);  // float32 meets the nearest float
  }

  template <class Value>
  static const Value& find(const std::vector<std::pair<std::string, Value>>& values, std::string_view name) {
    for (const auto& [known, value] : values)
      if (known == name) return value;
    throw std::out_of_range("no variable \"" + std::string(name) + "\"");
  }

  std::vector<std::pair<std::string, oracles::Tensor<T>>> reals_;
  std::vector<std::pair<std::string, oracles::IndexTensor>> labels_;
  std::map<std::string, std::size_t> extents_;
};

}  // namespace assay::properties
