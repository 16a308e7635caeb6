#include "graders/exams/judge_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "graders/escape.hpp"
#include "graders/exams/key_derivation.hpp"

namespace assay::graders::exams {
namespace {

using Outcome = ValueMatch::Outcome;
using oracles::Truth;

constexpr unsigned most_exact_places = 4;

/// 2.9 and 0.0625 can be written down; 1/3 and 0.123456 are rounded by everybody.
bool is_short_decimal(const NumberKey& key) {
  mpz_class power;
  mpz_ui_pow_ui(power.get_mpz_t(), 10, most_exact_places);
  return key.radius == 0 && mpq_class(key.value * power).get_den() == 1;
}

/// Printed to three significant digits at least.
bool has_three_digits(const NumberAnswer& answer) {
  return abs(answer.value) >= 200 * answer.half_unit;
}

ValueMatch match_number(const NumberKey& key, const NumberAnswer& answer, const mpq_class& value,
                        const Precision& precision) {
  const mpq_class difference = abs(value - key.value);
  if (difference <= key.radius + precision.within.value_or(precision.published)) return {Outcome::same, {}};
  if (difference > key.radius + answer.half_unit) return {Outcome::different, {}};
  if (!is_short_decimal(key) && has_three_digits(answer)) return {Outcome::same, {}};
  return {Outcome::open, fmt::format("{} is {} rounded; a person decides whether that is exact enough",
                                     keys::number_text(value), keys::number_text(key.value, key.radius))};
}

/// A chain that is no equality is wrong only if each side is.
ValueMatch match_chain(const NumberKey& key, const NumberAnswer& answer, const Precision& precision) {
  ValueMatch last = match_number(key, answer, answer.value, precision);
  if (answer.others.empty()) return last;
  bool any = last.outcome != Outcome::different;
  std::string sides = keys::number_text(answer.value);
  for (const mpq_class& other : answer.others) {
    sides = keys::number_text(other) + " and " + sides;
    any = any || match_number(key, answer, other, precision).outcome != Outcome::different;
  }
  const std::string note = "the sides of the chain are not equal: " + sides;
  return {any ? Outcome::open : Outcome::different, note};
}

using Extents = std::vector<mpz_class>;

Extents rotated(Extents extents, bool to_the_end) {
  std::rotate(extents.begin(), to_the_end ? extents.begin() + 1 : extents.end() - 1, extents.end());
  return extents;
}

Extents without_ones(const Extents& extents) {
  Extents result;
  std::ranges::copy_if(extents, std::back_inserter(result),
                       [](const mpz_class& extent) { return extent != 1; });
  return result;
}

ValueMatch match_shape(const ShapeKey& key, const ShapeAnswer& answer) {
  Extents extents = answer.extents;
  const bool has_layout = !key.layout.empty() && extents.size() == key.extents.size() && extents.size() > 1;
  if (extents == key.extents) {
    if (!has_layout || answer.layout.empty() || answer.layout == key.layout) return {Outcome::same, {}};
    return {Outcome::open,
            fmt::format("the numbers are right as {}, and the answer says {}", key.layout, answer.layout)};
  }
  if (has_layout && !answer.layout.empty() && answer.layout != key.layout) {
    if (rotated(extents, answer.layout == "CHW") == key.extents)
      return {Outcome::same, fmt::format("written as {}, as the answer says", answer.layout)};
  } else if (has_layout && rotated(extents, key.layout == "HWC") == key.extents) {
    return {Outcome::other_layout, fmt::format("right, but for the order: the item asks for {}",
                                               key.layout == "HWC" ? "height x width x channels (HWC)"
                                                                   : "channels x height x width (CHW)")};
  }
  // 5x5 for 1x5x5 and 1x1x10 for a vector of 10 say the same; 1x3x32x32 may be a batch, which nobody asked
  // for.
  if (extents.size() != key.extents.size() && without_ones(extents) == without_ones(key.extents))
    return {extents.size() < key.extents.size() || key.extents.size() == 1 ? Outcome::same : Outcome::open,
            "the same but for dimensions of length 1"};
  return {Outcome::different, {}};
}

std::set<std::string> plain_names(const std::vector<std::string>& names) {
  std::set<std::string> result;
  for (const std::string& name : names) result.insert(plain_name(name));
  return result;
}

std::string joined(const std::set<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + displayable_line(name, 40);
  return text;
}

ValueMatch match_names(const SetKey& key, const NamesAnswer& answer) {
  const auto expected = plain_names(key.names), got = plain_names(answer.names);
  std::set<std::string> missing, extra;
  std::ranges::set_difference(expected, got, std::inserter(missing, missing.end()));
  std::ranges::set_difference(got, expected, std::inserter(extra, extra.end()));
  if (missing.empty() && extra.empty()) return {Outcome::same, {}};
  return {Outcome::different, (missing.empty() ? "" : "missing: " + joined(missing)) +
                                  (missing.empty() || extra.empty() ? "" : "; ") +
                                  (extra.empty() ? "" : "not needed: " + joined(extra))};
}

ValueMatch match_truth(const TruthKey& key, const TruthAnswer& answer) {
  if (key.holds == Truth::unknown) return {Outcome::open, "the key is undecided"};
  return {answer.holds == (key.holds == Truth::yes) ? Outcome::same : Outcome::different, {}};
}

}  // namespace

ValueMatch match(const KeyValue& key, const Answer& answer, const Precision& precision) {
  if (const auto* number = std::get_if<NumberKey>(&key))
    if (const auto* got = std::get_if<NumberAnswer>(&answer)) return match_chain(*number, *got, precision);
  if (const auto* shape = std::get_if<ShapeKey>(&key))
    if (const auto* got = std::get_if<ShapeAnswer>(&answer)) return match_shape(*shape, *got);
  if (const auto* truth = std::get_if<TruthKey>(&key))
    if (const auto* got = std::get_if<TruthAnswer>(&answer)) return match_truth(*truth, *got);
  if (const auto* set = std::get_if<SetKey>(&key))
    if (const auto* got = std::get_if<NamesAnswer>(&answer)) return match_names(*set, *got);
  if (const auto* text = std::get_if<TextKey>(&key))
    if (const auto* got = std::get_if<WordAnswer>(&answer))
      return {got->word == text->text ? Outcome::same : Outcome::different, {}};
  return {};
}

std::string in_words(const Answer& answer) {
  struct Words {
    std::string operator()(const Blank&) const { return {}; }
    std::string operator()(const Unreadable&) const { return {}; }
    std::string operator()(const Ambiguous&) const { return {}; }
    std::string operator()(const TruthAnswer& truth) const { return truth.holds ? "true" : "false"; }
    std::string operator()(const NumberAnswer& number) const {
      const std::string value = keys::number_text(number.value);
      const bool plain = number.expression.empty() || number.expression == value;
      return displayable_line(plain ? value : value + " (" + number.expression + ")", 200);
    }
    std::string operator()(const ShapeAnswer& shape) const {
      return displayable_line(
          keys::value_text(ShapeKey{shape.extents}) + (shape.layout.empty() ? "" : " " + shape.layout), 200);
    }
    std::string operator()(const NamesAnswer& names) const {
      return displayable_line(keys::value_text(SetKey{names.names}), 200);
    }
    std::string operator()(const WordAnswer& word) const { return displayable_line(word.word, 200); }
    std::string operator()(const TextAnswer& text) const { return displayable_line(text.text, 200); }
  };
  return std::visit(Words{}, answer);
}

}  // namespace assay::graders::exams
