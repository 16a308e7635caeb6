/// Three-valued logic: a question about enclosures may stay open.
#pragma once

namespace assay::oracles {

/// The answer to a question. `unknown` means that the enclosures at hand do not decide it, or that a NaN
/// is involved; it never means "probably".
enum class Truth { no, yes, unknown };

constexpr Truth truth(bool value) {
  return value ? Truth::yes : Truth::no;
}

/// Kleene's logic: `no && unknown` is no, `yes || unknown` is yes, `!unknown` is unknown. Both sides are
/// always evaluated.
constexpr Truth operator!(Truth a) {
  return a == Truth::unknown ? a : truth(a == Truth::no);
}
constexpr Truth operator&&(Truth a, Truth b) {
  if (a == Truth::no || b == Truth::no) return Truth::no;
  return a == Truth::yes && b == Truth::yes ? Truth::yes : Truth::unknown;
}
constexpr Truth operator||(Truth a, Truth b) {
  return !(!a && !b);
}

/// "no", "yes" or "unknown".
constexpr const char* to_text(Truth a) {
  return a == Truth::no ? "no" : a == Truth::yes ? "yes" : "unknown";
}

}  // namespace assay::oracles
