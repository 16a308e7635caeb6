#include "graders/exams/judge_design.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <optional>
#include <vector>

#include "fixtures/load_network.hpp"
#include "graders/escape.hpp"
#include "graders/exams/judge_weights.hpp"
#include "graders/exams/key_derivation.hpp"
#include "oracles/network/network.hpp"

namespace assay::graders::exams {
namespace {

using Numbers = std::vector<mpq_class>;
using Outcome = DesignFinding::Outcome;

constexpr std::size_t longest = 64 * 1024;
/// Multiplications that a design may take: seconds, not minutes.
constexpr std::size_t most_work = 20'000'000;

// ---- Designs with weights: the median, sorting.

/// What must come out, of the inputs in rising order.
struct Goal {
  std::string word;
  std::size_t inputs = 0;
  bool falling = false;

  std::size_t outputs() const { return word == "sort" ? inputs : 1; }
  template <class T>
  std::vector<T> expected(const std::vector<T>& rising) const {
    if (word == "median") return {rising[inputs / 2]};
    return falling ? std::vector<T>(rising.rbegin(), rising.rend()) : rising;
  }
};

/// Values in rising order: small, around zero, wide apart, close together, huge, tiny.
std::vector<Numbers> value_sets(std::size_t count) {
  const mpq_class large("1000000000000");
  std::vector<Numbers> sets(6);
  for (std::size_t i = 0; i < count; ++i) {
    const auto k = static_cast<long>(i), middle = static_cast<long>(count / 2);
    sets[0].push_back(k + 1);
    sets[1].push_back(k - middle);
    mpz_class power;
    mpz_ui_pow_ui(power.get_mpz_t(), 10, static_cast<unsigned long>(std::abs(k - middle)));
    sets[2].push_back(k < middle ? mpq_class(-power) : mpq_class(power));
    sets[3].push_back(mpq_class(k - middle) / 7 + mpq_class(1, 5));
    sets[4].push_back((k - middle) * large);
    sets[5].push_back((k - middle) / large);
  }
  return sets;
}

std::size_t factorial(std::size_t count) {
  return count < 2 ? 1 : count * factorial(count - 1);
}

std::string list_text(const Numbers& numbers) {
  std::string text;
  for (const mpq_class& number : numbers) text += (text.empty() ? "" : ", ") + keys::number_text(number);
  return text;
}

struct Failure {
  Numbers inputs, got, expected;
};

/// Calls `each` with all orders of 0 .. count - 1 until it returns true.
bool any_order(std::size_t count, const std::function<bool(const std::vector<std::size_t>&)>& each) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), 0);
  do
    if (each(order)) return true;
  while (std::ranges::next_permutation(order).found);
  return false;
}

std::optional<Failure> failure_of(const WeightLayers& layers, const Goal& goal, const Numbers& rising) {
  std::optional<Failure> failure;
  const Numbers expected = goal.expected(rising);
  any_order(goal.inputs, [&](const std::vector<std::size_t>& order) {
    Numbers inputs;
    for (const std::size_t place : order) inputs.push_back(rising[place]);
    Numbers got = run(layers, inputs);
    if (got == expected) return false;
    failure = {std::move(inputs), std::move(got), expected};
    return true;
  });
  return failure;
}

/// Inputs in rising order as sums of positive coordinates, `below` of them negative.
std::vector<Form> rising_forms(std::size_t count, std::size_t below) {
  std::vector<Form> forms(count, Form(count + 1));
  for (std::size_t i = 0; i < count; ++i)
    if (i < below)
      for (std::size_t k = i; k < below; ++k) forms[i][k + 1] = -1;
    else
      for (std::size_t k = below; k <= i; ++k) forms[i][k + 1] = 1;
  return forms;
}

mpq_class at(const Form& form, const Numbers& coordinates) {
  mpq_class value = form[0];
  for (std::size_t k = 0; k < coordinates.size(); ++k) value += form[k + 1] * coordinates[k];
  return value;
}

/// A point where the outputs differ from what they should be: affine functions that agree at the corners of a
/// simplex are equal.
Failure separated(const WeightLayers& layers, const Goal& goal, const std::vector<Form>& inputs,
                  const std::vector<Form>& rising) {
  Failure failure;
  for (std::size_t corner = 0; corner <= goal.inputs; ++corner) {
    Numbers coordinates(goal.inputs, mpq_class(1)), values;
    if (corner > 0) coordinates[corner - 1] = 2;
    failure = {};
    for (const Form& form : inputs) failure.inputs.push_back(at(form, coordinates));
    for (const Form& form : rising) values.push_back(at(form, coordinates));
    failure.expected = goal.expected(values);
    failure.got = run(layers, failure.inputs);
    if (failure.got != failure.expected) break;
  }
  return failure;
}

/// Proves the design on all reals, order by order, or finds where it fails; neither where an activation
/// changes its sign within one order.
struct Proof {
  bool proved = false;
  std::optional<Failure> failure;
};
Proof prove(const WeightLayers& layers, const Goal& goal) {
  Proof proof{true, {}};
  for (std::size_t below = 0; below <= goal.inputs && proof.proved; ++below) {
    const std::vector<Form> rising = rising_forms(goal.inputs, below);
    const std::vector<Form> expected = goal.expected(rising);
    any_order(goal.inputs, [&](const std::vector<std::size_t>& order) {
      std::vector<Form> inputs;
      for (const std::size_t place : order) inputs.push_back(rising[place]);
      const Forms got = run(layers, inputs);
      proof.proved = got.resolved && got.outputs == expected;
      if (got.resolved && !proof.proved) proof.failure = separated(layers, goal, inputs, rising);
      return !proof.proved;
    });
  }
  return proof;
}

DesignFinding failing(const Failure& failure) {
  return {Outcome::fails,
          0,
          fmt::format("for the inputs {} it gives {} instead of {}", list_text(failure.inputs),
                      list_text(failure.got), list_text(failure.expected)),
          {}};
}

bool has_steps(const WeightLayers& layers) {
  return std::ranges::any_of(layers,
                             [](const WeightLayer& layer) { return layer.activation == Activation::step; });
}

DesignFinding run_design(const WeightLayers& layers, const Goal& goal) {
  const std::size_t work = factorial(goal.inputs) * weight_count(layers);
  if (work > most_work)
    return {Outcome::cannot_tell, 0, "it is too large to be run on all orders of its inputs", {}};
  std::vector<Numbers> sets = value_sets(goal.inputs);
  sets.resize(std::clamp<std::size_t>(most_work / work, 1, sets.size()));
  for (const Numbers& rising : sets)
    if (const auto failure = failure_of(layers, goal, rising)) return failing(*failure);
  const std::size_t steps = (goal.inputs + 1) * (goal.inputs + 1);
  const Proof proof = work * steps > most_work ? Proof{} : prove(layers, goal);
  if (proof.failure) return failing(*proof.failure);
  return {Outcome::works,
          0,
          proof.proved ? has_steps(layers) ? "right for all real inputs without ties, order by order"
                                           : "right for all real inputs, order by order"
                       : fmt::format("right for all {} orders of {} lists of inputs", factorial(goal.inputs),
                                     sets.size()),
          {}};
}

DesignFinding check_weights(const fixtures::DesignKey& key, std::string_view text) {
  Goal goal{key.goal, key.inputs};
  try {
    const WeightLayers layers = read_weights(text, goal.inputs, goal.outputs());
    DesignFinding finding = run_design(layers, goal);
    if (finding.outcome == Outcome::fails && goal.word == "sort") {
      goal.falling = true;
      if (const DesignFinding other = run_design(layers, goal); other.outcome == Outcome::works)
        finding = other;
    }
    finding.understood = fmt::format("{} layers, {} weights", layers.size(), weight_count(layers));
    return finding;
  } catch (const WeightsError& error) {
    return {Outcome::unreadable, error.offset, error.what(), {}};
  }
}

// ---- Fewer parameters.

/// The student's network with the input of the paper's, where it states none.
fixtures::Network network_of(const fixtures::Network& reference, const std::string& text) {
  const std::size_t word = text.find_first_not_of(" \t\r\n,;");
  std::string first = word == text.npos ? "" : text.substr(word, 5);
  for (char& c : first) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  if (first == "INPUT") return fixtures::parse_shorthand(text);
  const bool last = reference.layout == fixtures::Layout::channels_last;
  // On a line of its own, so that places in the student's text keep their columns.
  return fixtures::parse_shorthand("INPUT " + oracles::shape_text(reference.input, reference.layout) +
                                   (last ? " HWC" : "") + "\n" + text);
}

std::size_t offset_of(std::string_view text, fixtures::Place place, bool prefixed) {
  std::size_t at = 0;
  for (std::size_t line = prefixed ? 2 : 1; line < place.line; ++line)
    at = std::min(text.find('\n', at), text.size() - 1) + 1;
  return std::min(at + (place.column ? place.column - 1 : 0), text.size());
}

DesignFinding compare_tables(const oracles::NetworkTable& got, const oracles::NetworkTable& reference) {
  const auto shape = [](const oracles::Row& row) {
    return oracles::shape_text(row.shape, fixtures::Layout::channels_first);
  };
  DesignFinding finding{
      Outcome::fails,
      0,
      {},
      fmt::format("{} layers, {} parameters", got.rows.size() - 1, got.parameters.get_str())};
  if (got.rows.front().shape != reference.rows.front().shape)
    finding.message =
        fmt::format("its input is {}, not {}", shape(got.rows.front()), shape(reference.rows.front()));
  else if (got.rows.back().shape != reference.rows.back().shape)
    finding.message =
        fmt::format("its output is {}, not {}", shape(got.rows.back()), shape(reference.rows.back()));
  else if (got.parameters >= reference.parameters)
    finding.message = fmt::format("it has {} parameters, not fewer than {}", got.parameters.get_str(),
                                  reference.parameters.get_str());
  else {
    finding.outcome = Outcome::works;
    finding.message =
        fmt::format("{} parameters instead of {}", got.parameters.get_str(), reference.parameters.get_str());
  }
  finding.message = displayable_line(finding.message, 200);
  return finding;
}

DesignFinding check_size(const fixtures::Exam& exam, const fixtures::DesignKey& key, std::string_view text) {
  const fixtures::Network reference = keys::network_named(exam, key.network, {});
  const auto expected = oracles::network_table(reference, {});
  const std::string written(text);
  fixtures::Network network;
  try {
    network = network_of(reference, written);
  } catch (const fixtures::ShorthandError& error) {
    const std::string upper = written.substr(0, 5);
    const bool prefixed = upper != "INPUT" && upper != "input" && upper != "Input";
    return {
        Outcome::unreadable, offset_of(text, error.place, prefixed), displayable_line(error.what(), 200), {}};
  }
  try {
    return compare_tables(oracles::network_table(network, {}), expected);
  } catch (const oracles::NetworkError& error) {
    return {Outcome::fails, 0, displayable_line(error.what(), 200), {}};
  }
}

}  // namespace

DesignFinding check_design(const fixtures::Exam& exam, const fixtures::DesignKey& key,
                           std::string_view text) {
  if (text.size() > longest) return {Outcome::unreadable, longest, "the text is too long for a network", {}};
  return key.goal == "fewer-parameters" ? check_size(exam, key, text) : check_weights(key, text);
}

}  // namespace assay::graders::exams
