/// Formulas over quantities: exact where that is possible, else on balls.
#include <fmt/format.h>

#include <algorithm>

#include "graders/exams/key_derivation.hpp"
#include "oracles/numeric/numbers.hpp"

namespace assay::graders::exams::keys {
namespace {

namespace formula = properties::formula;
using oracles::Ball;
using oracles::Rational;
using oracles::Tensor;
using oracles::Truth;

constexpr int deepest = 32;
constexpr long most_bits = 1024;
/// Whole numbers up to this may be indices and bounds of sums.
constexpr long largest_index = 1L << 30;

mpq_class to_mpq(const Rational& value) {
  return mpq_class(value.backend().data());
}

template <class T>
T number_from(const NumberKey& key) {
  const Rational value(key.value.get_mpq_t());
  if constexpr (std::same_as<T, Rational>) {
    if (key.radius != 0) throw formula::NotRational(0, "a quantity is no fraction");
    return value;
  } else {
    const Ball exact = oracles::to_ball(value);
    return key.radius == 0 ? exact
                           : oracles::ball_around(exact, oracles::to_ball(Rational(key.radius.get_mpq_t())));
  }
}

/// Numbers and shapes as tensors; nothing else is a quantity.
template <class T>
Tensor<T> tensor_from(const KeyValue& value, const std::string& what) {
  if (const auto* number = std::get_if<NumberKey>(&value)) return Tensor<T>::scalar(number_from<T>(*number));
  const auto* shape = std::get_if<ShapeKey>(&value);
  if (!shape) throw KeyError({}, what + " is no number and no shape");
  Tensor<T> tensor({shape->extents.size()});
  for (std::size_t i = 0; i < tensor.size(); ++i) tensor[i] = number_from<T>({mpq_class(shape->extents[i])});
  return tensor;
}

/// Where the place within the formula is, counted in bytes as in a text editor.
[[noreturn]] void fail(const fixtures::WrittenFormula& written, std::size_t offset,
                       const std::string& message) {
  fixtures::Place place = written.place;
  if (place.column) place.column += 1 + offset;
  throw KeyError(place, fmt::format("{}\n{}", message, formula::pointed(written.text, offset)));
}

KeyValue exact_value(const formula::Value<Rational>& value) {
  const auto* tensor = std::get_if<Tensor<Rational>>(&value);
  if (!tensor) throw KeyError({}, "the formula is a statement, where a number is needed");
  if (tensor->rank() == 0) return NumberKey{to_mpq((*tensor)[0])};
  ShapeKey shape;
  for (const Rational& element : tensor->data) {
    const mpq_class extent = to_mpq(element);
    if (tensor->rank() > 1 || extent.get_den() != 1)
      throw KeyError({},
                     "the formula is a vector of fractions or a matrix, where a number or shape is needed");
    shape.extents.push_back(extent.get_num());
  }
  return shape;
}

/// An enclosure that is narrow beside its own size.
NumberKey narrow(const std::function<Ball()>& evaluate) {
  for (long bits = 128;; bits *= 2) {
    const oracles::PrecisionScope scope(bits);
    const Ball ball = evaluate();
    if (!oracles::is_finite(ball))
      throw KeyError({}, "the formula has no value: a division by zero, or a logarithm");
    const NumberKey key{to_mpq(oracles::midpoint_rational(ball)),
                        to_mpq(oracles::midpoint_rational(oracles::radius(ball)))};
    if (key.radius * mpq_class("1000000000000000000") < abs(key.value) || bits >= most_bits) return key;
  }
}

}  // namespace

formula::Formula parsed(const fixtures::WrittenFormula& written, const fixtures::Quantities& where) {
  formula::Vocabulary vocabulary;
  for (const auto& [name, quantity] : where) vocabulary.names.insert(name);
  try {
    const formula::Formula formula = formula::parse(written.text, vocabulary);
    for (const std::string& name : formula::free_names(formula))
      if (!where.contains(name))
        throw KeyError(written.place, fmt::format("\"{}\" has no value; add it to \"where\"", name));
    return formula;
  } catch (const formula::FormulaError& error) {
    fail(written, error.offset, error.what());
  }
}

KeyValue Derivation::item_value(const std::string& id) const {
  if (earlier_)
    if (const auto found = earlier_->find(id); found != earlier_->end()) return found->second;
  const fixtures::Item* const item = exam_.find_item(id);
  if (!item) throw KeyError({}, "there is no item \"" + id + "\"");
  const DerivedKey derived = key(*item);
  if (!derived.problem.empty()) throw KeyError(derived.place, "item \"" + id + "\": " + derived.problem);
  return derived.value;
}

template <class T>
Tensor<T> Derivation::tensor(const fixtures::Quantity& quantity, const fixtures::Quantities& where,
                             int depth) const {
  if (!quantity.item.empty())
    return tensor_from<T>(item_value(quantity.item), "item \"" + quantity.item + "\"");
  if (const auto* network = std::get_if<fixtures::NetworkValue>(&quantity.from))
    return tensor_from<T>(network_value(nullptr, *network, nullptr), "the network's value");
  const auto& written = std::get<fixtures::WrittenFormula>(quantity.from);
  if (depth > deepest)
    throw KeyError(written.place, "the quantities in \"where\" need one another in a circle");
  const formula::Formula formula = parsed(written, where);
  try {
    auto value = formula::evaluate(formula, environment<T>(formula, where, depth + 1));
    if (auto* tensor = std::get_if<Tensor<T>>(&value)) return std::move(*tensor);
    throw KeyError(written.place, "a statement, where a quantity is needed");
  } catch (const formula::NotRational&) {
    throw;
  } catch (const formula::EvaluationError& error) {
    fail(written, error.offset, error.what());
  }
}

template <class T>
formula::Environment<T> Derivation::environment(const formula::Formula& formula,
                                                const fixtures::Quantities& where, int depth) const {
  formula::Environment<T> at;
  for (const std::string& name : formula::free_names(formula)) {
    Tensor<T> value = tensor<T>(where.at(name), where, depth);
    if constexpr (std::same_as<T, Rational>)
      if (const mpq_class number = value.rank() == 0 ? to_mpq(value[0]) : mpq_class(1, 2);
          number.get_den() == 1 && abs(number) < largest_index) {
        at.index[name] = oracles::IndexTensor::scalar(number.get_num().get_si());
        continue;
      }
    at.real[name] = std::move(value);
  }
  return at;
}

KeyValue Derivation::value_of(const fixtures::WrittenFormula& written,
                              const fixtures::Quantities& where) const {
  const formula::Formula formula = parsed(written, where);
  try {
    try {
      return exact_value(formula::evaluate(formula, environment<Rational>(formula, where, 0)));
    } catch (const formula::NotRational&) {
      return narrow([&] { return formula::number(formula, environment<Ball>(formula, where, 0)); });
    }
  } catch (const formula::EvaluationError& error) {
    fail(written, error.offset, error.what());
  } catch (const KeyError& error) {
    throw KeyError(error.place.line ? error.place : written.place, error.what());
  }
}

Truth Derivation::holds(const fixtures::WrittenFormula& written, const fixtures::Quantities& where) const {
  const formula::Formula formula = parsed(written, where);
  if (!formula::is_statement(formula)) throw KeyError(written.place, "a number, where a statement is needed");
  try {
    try {
      return formula::holds(formula, environment<Rational>(formula, where, 0));
    } catch (const formula::NotRational&) {
      return oracles::decide([&] { return formula::holds(formula, environment<Ball>(formula, where, 0)); },
                             most_bits)
          .answer;
    }
  } catch (const formula::EvaluationError& error) {
    fail(written, error.offset, error.what());
  }
}

std::string Derivation::values(const fixtures::WrittenFormula& written,
                               const fixtures::Quantities& where) const {
  std::string text;
  for (const std::string& name : formula::free_names(parsed(written, where))) {
    const fixtures::WrittenFormula alone{name, written.place};
    text += (text.empty() ? "" : ", ") + name + " = " + value_text(value_of(alone, where));
  }
  return text;
}

}  // namespace assay::graders::exams::keys
