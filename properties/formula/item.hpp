/// What a part of a formula evaluates to, and where names get their values. Internal.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>

#include "properties/formula/arithmetic.hpp"

namespace assay::properties::formula {

using oracles::Shape;
using oracles::Tensor;

/// A whole number stays one as long as it can: it may be an index. A row is a transposed vector.
template <class T>
struct Item {
  std::variant<std::int64_t, T, Tensor<T>, Truth> held;
  bool row = false;

  bool is_whole() const { return std::holds_alternative<std::int64_t>(held); }
  bool is_number() const { return is_whole() || std::holds_alternative<T>(held); }
  bool is_tensor() const { return std::holds_alternative<Tensor<T>>(held); }
  std::int64_t whole() const { return std::get<std::int64_t>(held); }
  const Tensor<T>& tensor() const { return std::get<Tensor<T>>(held); }
  Tensor<T>& tensor() { return std::get<Tensor<T>>(held); }
  Truth truth() const { return std::get<Truth>(held); }
  T number() const { return is_whole() ? from_whole<T>(whole()) : std::get<T>(held); }
  std::size_t rank() const { return is_tensor() ? tensor().rank() : 0; }

  Tensor<T> as_tensor() const { return is_tensor() ? tensor() : Tensor<T>::scalar(number()); }
  std::string shape_text() const {
    return is_tensor() ? (row ? "a row of shape " : "shape ") + oracles::to_string(tensor().shape)
                       : "a number";
  }
};

/// The part of a row-major tensor that `indices`, counted from 1, select: one element, or a row of a matrix.
struct Part {
  std::size_t first = 0;
  std::size_t size = 1;
  Shape shape = {};
};
Part part_of(const Shape& shape, std::span<const std::int64_t> indices, const std::string& name,
             std::size_t offset);

/// x^n where it is a whole number of 64 bits.
std::optional<std::int64_t> whole_power(std::int64_t x, std::int64_t n);

/// The values of names, for one number type.
template <class T>
class Names {
 public:
  virtual ~Names() = default;
  /// Throw UnboundName; `element` ShapeMismatch too.
  virtual Item<T> value(const std::string& name, std::size_t offset) const = 0;
  virtual Item<T> element(const std::string& name, std::span<const std::int64_t> indices,
                          std::size_t offset) const = 0;
  virtual Shape shape(const std::string& name, std::size_t offset) const = 0;
  virtual const Subject<BaseOf<T>>& subject() const = 0;
};

/// A tensor of the environment, or a part of one: shape () is a number.
template <class T>
Item<T> item_of(const Tensor<T>& tensor, const Part& part) {
  if (part.shape.empty()) return {tensor[part.first]};
  Tensor<T> copy(part.shape);
  for (std::size_t i = 0; i < part.size; ++i) copy[i] = tensor[part.first + i];
  return {std::move(copy)};
}

template <class T>
class EnvironmentNames : public Names<T> {
 public:
  explicit EnvironmentNames(const Environment<T>& environment) : environment_(environment) {}

  Item<T> value(const std::string& name, std::size_t offset) const override {
    return element(name, {}, offset);
  }
  Item<T> element(const std::string& name, std::span<const std::int64_t> indices,
                  std::size_t offset) const override {
    const Part part = part_of(shape(name, offset), indices, name, offset);
    const auto real = environment_.real.find(name);
    if (real != environment_.real.end()) return item_of(real->second, part);
    const oracles::IndexTensor& whole = environment_.index.find(name)->second;
    if (part.shape.empty()) return {whole[part.first]};
    Tensor<T> copy(part.shape);
    for (std::size_t i = 0; i < part.size; ++i) copy[i] = from_whole<T>(whole[part.first + i]);
    return {std::move(copy)};
  }
  Shape shape(const std::string& name, std::size_t offset) const override {
    const auto real = environment_.real.find(name);
    if (real != environment_.real.end()) return real->second.shape;
    const auto whole = environment_.index.find(name);
    if (whole != environment_.index.end()) return whole->second.shape;
    throw UnboundName(offset, "\"" + name + "\" has no value");
  }
  const Subject<T>& subject() const override { return environment_.subject; }

 private:
  const Environment<T>& environment_;
};

/// The names inside a derivative: one of them varies, the others are constants.
template <class U>
class LiftedNames : public Names<Var<U>> {
 public:
  LiftedNames(const Names<U>& outer, const std::string& variable, const Tensor<Var<U>>& variables)
      : outer_(outer), variable_(variable), variables_(variables) {}

  Item<Var<U>> value(const std::string& name, std::size_t offset) const override {
    return element(name, {}, offset);
  }
  Item<Var<U>> element(const std::string& name, std::span<const std::int64_t> indices,
                       std::size_t offset) const override {
    if (name == variable_) return item_of(variables_, part_of(variables_.shape, indices, name, offset));
    Item<U> constant = outer_.element(name, indices, offset);
    if (constant.is_whole()) return {constant.whole()};
    if (!constant.is_tensor()) return {Var<U>(constant.number())};
    Tensor<Var<U>> lifted(constant.tensor().shape);
    for (std::size_t i = 0; i < lifted.size(); ++i) lifted[i] = Var<U>(constant.tensor()[i]);
    return {std::move(lifted)};
  }
  Shape shape(const std::string& name, std::size_t offset) const override {
    return outer_.shape(name, offset);
  }
  const Subject<BaseOf<U>>& subject() const override { return outer_.subject(); }

 private:
  const Names<U>& outer_;
  const std::string& variable_;
  const Tensor<Var<U>>& variables_;
};

}  // namespace assay::properties::formula
