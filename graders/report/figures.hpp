/// Numbers and columns as every report shows them; nothing here depends on the locale.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "graders/report/fields.hpp"

namespace assay::graders::report {

/// Points `{"exact": "11/2", ...}` rounded once to two decimals, half away from zero, no trailing zeros:
/// "5.5". A null (not graded) is "-".
std::string points_text(const Json& points);

/// "12.50" becomes "12.5", "3.00" becomes "3"; the text must hold a decimal point.
std::string without_trailing_zeros(std::string digits);

/// A mean or a percentage: two decimals at most.
std::string two_decimals(double value);

/// "5.5/8"; "not graded" where the score is null.
std::string score_text(const Json& submission);

/// Exact sum of points objects, as one points object; nulls add nothing.
Json sum_points(const std::vector<JsonRef>& points);

/// Three significant digits: "3.5", "0.31", "6.24e15".
std::string figure(double value);

/// "38 %" of `whole`; a dash where `whole` is 0. Never rounds to 0 or 100 what is neither.
std::string percent(std::size_t part, std::size_t whole);

/// Two decimal numbers cut where their digits begin to differ. Numbers whose signs or exponents differ have
/// nothing in common.
struct DigitSplit {
  std::string got_same, got_rest;
  std::string expected_same, expected_rest;
};
DigitSplit split_digits(std::string_view got, std::string_view expected);

/// Columns that a terminal gives to UTF-8 text (wide characters take two).
std::size_t columns(std::string_view text);
/// At most `width` columns; what is cut off is shown as "..".
std::string clip(std::string_view text, std::size_t width);
std::string left(std::string_view text, std::size_t width);   ///< clipped, and padded on the right
std::string right(std::string_view text, std::size_t width);  ///< clipped, and padded on the left
/// Lines of at most `width` columns, each after `indent` blanks and with a newline; newlines in `text` are
/// kept.
std::string wrap(std::string_view text, std::size_t width, std::size_t indent = 0);

/// Text, coloured where colour was asked for. `style` is an SGR code: "1", "31".
std::string paint(std::string_view text, std::string_view style, bool colour);

}  // namespace assay::graders::report
