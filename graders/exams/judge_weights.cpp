#include "graders/exams/judge_weights.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fixtures/document.hpp"
#include "fixtures/load.hpp"
#include "fixtures/number.hpp"
#include "graders/escape.hpp"
#include "oracles/numeric/rational.hpp"

namespace assay::graders::exams {
namespace {

using fixtures::Place;
using fixtures::Value;

constexpr std::size_t most_layers = 64, most_units = 256, most_weights = 20000, most_digits = 40;

/// Reads one text, and knows where its lines begin.
class WeightReader {
 public:
  explicit WeightReader(std::string_view text) : text_(text) {}

  WeightLayers read(std::size_t inputs) {
    const Value document = parse();
    const Value* list = nullptr;
    for (const fixtures::Member& member : document.members) {
      if (member.key != "layer") fail(member.place, unknown(member.key, "[[layer]]"));
      list = &member.value;
    }
    if (!list || list->kind != Value::Kind::array || list->items.empty())
      fail({1, 1}, "found no layer, expected [[layer]] with weights = [[1, 0], [0, 1]]");
    if (list->items.size() > most_layers) fail(list->place, fmt::format("more than {} layers", most_layers));
    WeightLayers layers;
    for (const Value& value : list->items) {
      layers.push_back(layer(value, inputs));
      inputs = layers.back().weights.size();
    }
    return layers;
  }

  [[noreturn]] void fail(Place place, const std::string& message) const {
    throw WeightsError(offset_of(place), displayable_line(message, 240));
  }

 private:
  Value parse() const {
    try {
      return fixtures::parse_document(text_, "answer");
    } catch (const fixtures::LoadError& error) {
      fail(error.place, error.message);
    }
  }

  static std::string unknown(const std::string& key, std::string_view expected) {
    return fmt::format("found \"{}\", expected {}", key, expected);
  }

  std::size_t offset_of(Place place) const {
    std::size_t at = 0;
    for (std::size_t line = 1; line < place.line && at < text_.size(); ++line) {
      const std::size_t end = text_.find('\n', at);
      if (end == text_.npos) break;
      at = end + 1;
    }
    return std::min(at + (place.column ? place.column - 1 : 0), text_.size());
  }

  WeightLayer layer(const Value& value, std::size_t inputs) {
    if (value.kind != Value::Kind::table) fail(value.place, "found no table, expected [[layer]]");
    WeightLayer layer;
    const Value* bias = nullptr;
    for (const auto& [key, place, member] : value.members)
      if (key == "weights")
        layer.weights = matrix(member, inputs);
      else if (key == "bias")
        bias = &member;
      else if (key == "activation")
        layer.activation = activation(member);
      else
        fail(place, unknown(key, "weights, bias or activation"));
    if (layer.weights.empty())
      fail(value.place, "found a layer without weights, expected weights = [[1, 0], [0, 1]]");
    const std::size_t outputs = layer.weights.size();
    layer.bias =
        bias ? row(*bias, outputs, "a bias for each row of weights") : std::vector<mpq_class>(outputs);
    return layer;
  }

  Activation activation(const Value& value) const {
    if (value.kind == Value::Kind::text) {
      if (value.text == "relu") return Activation::relu;
      if (value.text == "step") return Activation::step;
      if (value.text == "none") return Activation::none;
    }
    fail(value.place, fmt::format("found \"{}\", expected relu, step or none", value.text));
  }

  std::vector<std::vector<mpq_class>> matrix(const Value& value, std::size_t inputs) {
    if (value.kind != Value::Kind::array || value.items.empty() || value.items.size() > most_units)
      fail(value.place, fmt::format("expected a list of 1 to {} rows, one for each output", most_units));
    std::vector<std::vector<mpq_class>> rows;
    for (const Value& item : value.items) rows.push_back(row(item, inputs, "a weight for each input"));
    weights_ += rows.size() * inputs;
    if (weights_ > most_weights) fail(value.place, fmt::format("more than {} weights", most_weights));
    return rows;
  }

  std::vector<mpq_class> row(const Value& value, std::size_t size, std::string_view what) const {
    if (value.kind != Value::Kind::array) fail(value.place, fmt::format("expected a list: {}", what));
    if (value.items.size() != size)
      fail(value.place, fmt::format("found {} numbers, expected {}: {}", value.items.size(), size, what));
    std::vector<mpq_class> numbers;
    for (const Value& item : value.items) numbers.push_back(number(item));
    return numbers;
  }

  mpq_class number(const Value& value) const {
    using Kind = Value::Kind;
    const bool fits = value.kind == Kind::whole || value.kind == Kind::real || value.kind == Kind::text;
    const auto form = fits && value.text.size() <= most_digits ? fixtures::form_of(value.text) : std::nullopt;
    using enum fixtures::NumberForm;
    if (!form || *form == infinite || *form == not_a_number ||
        std::abs(fixtures::approximate(value.text)) > 1e30)
      fail(value.place, "found \"" + value.text + "\", expected a number such as 2, -0.5 or \"1/3\"");
    return mpq_class(oracles::parse_rational(value.text).backend().data());
  }

  std::string_view text_;
  std::size_t weights_ = 0;
};

mpq_class activated(Activation activation, mpq_class value) {
  if (activation == Activation::none) return value;
  if (value <= 0) return 0;
  return activation == Activation::step ? mpq_class(1) : value;
}

/// On the whole cone; false where the sign changes within it.
bool activate(Activation activation, Form& form) {
  if (activation == Activation::none) return true;
  const auto positive = [](const mpq_class& number) { return number > 0; };
  const auto negative = [](const mpq_class& number) { return number < 0; };
  const bool rises = std::ranges::any_of(form, positive), falls = std::ranges::any_of(form, negative);
  if (rises && falls) return false;
  if (rises && activation == Activation::relu) return true;
  std::ranges::fill(form, mpq_class(0));
  if (rises) form[0] = 1;
  return true;
}

}  // namespace

WeightLayers read_weights(std::string_view toml, std::size_t inputs, std::size_t outputs) {
  WeightReader reader(toml);
  WeightLayers layers = reader.read(inputs);
  if (layers.back().weights.size() != outputs)
    reader.fail({1, 1}, fmt::format("the last layer has {} outputs, expected {}",
                                    layers.back().weights.size(), outputs));
  return layers;
}

std::size_t weight_count(const WeightLayers& layers) {
  std::size_t count = 0;
  for (const WeightLayer& layer : layers) count += layer.weights.size() * layer.weights[0].size();
  return count;
}

std::vector<mpq_class> run(const WeightLayers& layers, std::vector<mpq_class> values) {
  for (const WeightLayer& layer : layers) {
    std::vector<mpq_class> next = layer.bias;
    for (std::size_t i = 0; i < next.size(); ++i) {
      for (std::size_t j = 0; j < values.size(); ++j)
        if (sgn(layer.weights[i][j]) != 0 && sgn(values[j]) != 0) next[i] += layer.weights[i][j] * values[j];
      next[i] = activated(layer.activation, next[i]);
    }
    values = std::move(next);
  }
  return values;
}

Forms run(const WeightLayers& layers, const std::vector<Form>& inputs) {
  Forms result{inputs, true};
  for (const WeightLayer& layer : layers) {
    std::vector<Form> next;
    for (std::size_t i = 0; i < layer.weights.size(); ++i) {
      Form form(inputs[0].size());
      form[0] = layer.bias[i];
      for (std::size_t j = 0; j < result.outputs.size(); ++j)
        if (sgn(layer.weights[i][j]) != 0)
          for (std::size_t k = 0; k < form.size(); ++k)
            if (sgn(result.outputs[j][k]) != 0) form[k] += layer.weights[i][j] * result.outputs[j][k];
      if (!activate(layer.activation, form)) return {{}, false};
      next.push_back(std::move(form));
    }
    result.outputs = std::move(next);
  }
  return result;
}

}  // namespace assay::graders::exams
