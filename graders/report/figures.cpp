#include "graders/report/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <tuple>

#include "graders/escape.hpp"
#include "graders/points.hpp"
#include "graders/report/report.hpp"

namespace assay::graders::report {
namespace {

Points exact_points(const Json& points) {
  try {
    return parse_points(text(points, "exact"));
  } catch (const std::invalid_argument& error) {
    throw ReportError(fmt::format("results document: points: {}", displayable_line(error.what())));
  }
}

/// Splits "-1.25e-07" into sign and digits before the exponent, and the exponent.
struct Decimal {
  std::string_view digits, exponent;
  std::size_t point = 0;  ///< digits before the decimal point
};

Decimal take_apart(std::string_view number) {
  const auto e = std::min(number.find_first_of("eE"), number.size());
  const auto digits = number.substr(0, e);
  return {digits, number.substr(e), std::min(digits.find('.'), digits.size())};
}

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0) == 0x80;
}

/// The longest prefix of `text` that fits into `width` columns, in bytes.
std::size_t fitting_prefix(std::string_view text, std::size_t width) {
  std::size_t end = std::min(text.size(), 4 * width);
  while (end > 0 &&
         (columns(text.substr(0, end)) > width || (end < text.size() && is_continuation(text[end]))))
    --end;
  return end;
}

}  // namespace

std::string without_trailing_zeros(std::string digits) {
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.ends_with('.')) digits.pop_back();
  return digits;
}

std::string two_decimals(double value) {
  return without_trailing_zeros(fmt::format("{:.2f}", std::round(value * 100) / 100));
}

std::string points_text(const Json& points) {
  if (points.is_null()) return "-";
  const Points value = exact_points(points);
  const mpz_class scaled = abs(value.get_num()) * 200 + value.get_den();
  const mpz_class cents = scaled / (2 * value.get_den());
  const mpz_class whole = cents / 100;
  const auto digits =
      without_trailing_zeros(fmt::format("{}.{:02}", whole.get_str(), mpz_class(cents % 100).get_ui()));
  return fmt::format("{}{}", value < 0 && cents != 0 ? "-" : "", digits);
}

std::string score_text(const Json& submission) {
  const Json* score = find(submission, "score");
  if (!score) return "not graded";
  return fmt::format("{}/{}", points_text(*score), points_text(field(submission, "max")));
}

Json sum_points(const std::vector<JsonRef>& points) {
  Points sum = 0;
  for (const Json& summand : points)
    if (!summand.is_null()) sum += exact_points(summand);
  return {{"exact", exact_text(sum)}, {"decimal", sum.get_d()}};
}

std::string figure(double value) {
  if (!std::isfinite(value)) return std::isnan(value) ? "not a number" : value < 0 ? "-infinity" : "infinity";
  const double size = std::abs(value);
  if (value == 0 || (size >= 1e-3 && size < 99'950)) {
    const int whole = size < 1 ? 0 : static_cast<int>(std::floor(std::log10(size)));
    auto digits = fmt::format("{:.{}f}", value, size < 1 ? 3 : std::max(0, 2 - whole));
    return digits.find('.') == std::string::npos ? digits : without_trailing_zeros(std::move(digits));
  }
  const auto digits = fmt::format("{:.2e}", value);  // 6.24e+15
  const auto e = digits.find('e');
  return fmt::format("{}e{}", without_trailing_zeros(digits.substr(0, e)), std::stoi(digits.substr(e + 1)));
}

std::string percent(std::size_t part, std::size_t whole) {
  if (whole == 0) return "-";
  const auto rounded = (200 * part + whole) / (2 * whole);
  const auto honest =
      std::clamp(rounded, part > 0 ? std::size_t{1} : 0, part < whole ? std::size_t{99} : 100);
  return fmt::format("{} %", honest);
}

DigitSplit split_digits(std::string_view got, std::string_view expected) {
  const auto a = take_apart(got), b = take_apart(expected);
  std::size_t same = 0;
  if (a.exponent == b.exponent && a.point == b.point)
    same = static_cast<std::size_t>(std::ranges::mismatch(a.digits, b.digits).in1 - a.digits.begin());
  if (got == expected) same = got.size();
  const bool only_sign_or_point = got.substr(0, same).find_first_of("123456789") == std::string_view::npos;
  if (only_sign_or_point && got != expected) same = 0;
  const auto cut = [&](std::string_view number) {
    return std::pair{std::string(number.substr(0, same)), std::string(number.substr(same))};
  };
  DigitSplit split;
  std::tie(split.got_same, split.got_rest) = cut(got);
  std::tie(split.expected_same, split.expected_rest) = cut(expected);
  return split;
}

std::size_t columns(std::string_view text) {
  const std::size_t field_width =
      text.size() + 1;  // fmt pads to a width in columns: what is missing is the padding
  return field_width - (fmt::format("{:<{}}", text, field_width).size() - text.size());
}

std::string clip(std::string_view text, std::size_t width) {
  if (columns(text) <= width) return std::string(text);
  if (width <= 2) return std::string(width, '.');
  return std::string(text.substr(0, fitting_prefix(text, width - 2))) + "..";
}

std::string left(std::string_view text, std::size_t width) {
  const auto clipped = clip(text, width);
  return clipped + std::string(width - columns(clipped), ' ');
}

std::string right(std::string_view text, std::size_t width) {
  const auto clipped = clip(text, width);
  return std::string(width - columns(clipped), ' ') + clipped;
}

std::string wrap(std::string_view text, std::size_t width, std::size_t indent) {
  const std::size_t room = width > indent + 8 ? width - indent : 8;
  std::string out, line;
  const auto flush = [&] {
    out.append(line.empty() ? 0 : indent, ' ').append(line).append("\n");
    line.clear();
  };
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(" \n"), text.size());
    auto word = text.substr(0, end);
    const char separator = end < text.size() ? text[end] : '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && columns(line) + 1 + columns(word) > room) flush();
    for (; columns(word) > room; word.remove_prefix(fitting_prefix(word, room))) {
      line = word.substr(0, fitting_prefix(word, room));
      flush();
    }
    if (!word.empty()) line.append(line.empty() ? "" : " ").append(word);
    if (separator == '\n') flush();
  }
  return out;
}

std::string paint(std::string_view text, std::string_view style, bool colour) {
  return colour ? fmt::format("\x1b[{}m{}\x1b[0m", style, text) : std::string(text);
}

}  // namespace assay::graders::report
