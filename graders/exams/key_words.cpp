#include <algorithm>
#include <stdexcept>

#include "graders/exams/key_derivation.hpp"
#include "oracles/numeric/rational.hpp"

namespace assay::graders::exams {

std::string_view to_text(KeyAgreement agreement) {
  switch (agreement) {
    case KeyAgreement::agrees:
      return "agrees";
    case KeyAgreement::disagrees:
      return "disagrees";
    case KeyAgreement::acknowledged:
      return "acknowledged";
    case KeyAgreement::open:
      return "open";
    case KeyAgreement::no_published:
      return "no-published";
    case KeyAgreement::not_derived:
      return "not-derived";
  }
  throw std::logic_error("no such agreement");
}

const DerivedKey* DerivedKeys::find(std::string_view item) const {
  const auto found = std::ranges::find(keys, item, &DerivedKey::item);
  return found == keys.end() ? nullptr : &*found;
}

namespace keys {
namespace {

/// How often `prime` divides `number`, which is divided by it.
std::size_t divide_out(mpz_class& number, unsigned long prime) {
  mpz_class rest;
  const std::size_t times = mpz_remove(rest.get_mpz_t(), number.get_mpz_t(), mpz_class(prime).get_mpz_t());
  number = rest;
  return times;
}

/// "0.125" where that is short; else empty.
std::string decimal_text(const mpq_class& value) {
  constexpr std::size_t most_places = 6;
  mpz_class rest = value.get_den();
  const std::size_t places = std::max(divide_out(rest, 2), divide_out(rest, 5));
  if (rest != 1 || places > most_places) return {};
  mpz_class power;
  mpz_ui_pow_ui(power.get_mpz_t(), 10, places);
  const mpq_class scaled = abs(value) * power;
  std::string digits = scaled.get_num().get_str();
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - places, ".");
  return (value < 0 ? "-" : "") + digits;
}

}  // namespace

std::string number_text(const mpq_class& value, const mpq_class& radius) {
  if (radius != 0) return oracles::to_decimal(oracles::Rational(value.get_mpq_t()), 10) + "..";
  const std::string decimal = decimal_text(value);
  return decimal.empty() ? value.get_str() : decimal;
}

std::string value_text(const KeyValue& value) {
  struct Text {
    std::string operator()(const std::monostate&) const { return {}; }
    std::string operator()(const TruthKey& key) const {
      return key.holds == oracles::Truth::yes  ? "true"
             : key.holds == oracles::Truth::no ? "false"
                                               : "undecided";
    }
    std::string operator()(const NumberKey& key) const { return number_text(key.value, key.radius); }
    std::string operator()(const ShapeKey& key) const {
      std::string text;
      for (const mpz_class& extent : key.extents) text += (text.empty() ? "" : "x") + extent.get_str();
      return text;
    }
    std::string operator()(const SetKey& key) const {
      std::string text;
      for (const std::string& name : key.names) text += (text.empty() ? "" : ", ") + name;
      return text.empty() ? "none" : text;
    }
    std::string operator()(const TextKey& key) const { return key.text; }
  };
  return std::visit(Text{}, value);
}

}  // namespace keys
}  // namespace assay::graders::exams
