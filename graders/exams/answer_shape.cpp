/// Shapes: 32x32x10, (10, 32, 32), 10 × 32 × 32 CHW.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "graders/escape.hpp"
#include "graders/exams/answer_reading.hpp"

namespace assay::graders::exams::reading {
namespace {

constexpr std::size_t longest = 200;
constexpr std::size_t most_extents = 8;

bool opens(const Token& token) {
  return token.is("(") || token.is("[") || token.is("{");
}
bool closes(const Token& token) {
  return token.is(")") || token.is("]") || token.is("}");
}
bool is_number(const Token& token) {
  return token.kind == Token::Kind::number;
}

/// True where one pair of brackets encloses everything.
bool is_enclosed(const Tokens& tokens) {
  if (tokens.size() < 2 || !opens(tokens.front()) || !closes(tokens.back())) return false;
  int depth = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    depth += opens(tokens[i]) ? 1 : closes(tokens[i]) ? -1 : 0;
    if (depth == 0) return i + 1 == tokens.size();
  }
  return false;
}

/// Signs and words that people put between extents become "*"; words that say nothing are left out.
Tokens plain(const Tokens& tokens, std::string& layout) {
  Tokens result;
  for (const Token& token : tokens) {
    const std::string word = lower(token.text);
    if (token.kind == Token::Kind::word && (word == "x" || word == "by" || word == "times"))
      result.push_back({Token::Kind::sign, "*", token.offset, token.length});
    else if (token.kind == Token::Kind::word && (word == "chw" || word == "hwc"))
      layout = word == "chw" ? "CHW" : "HWC";
    else if (token.kind != Token::Kind::word || !(word == "px" || word == "pixel" || word == "pixels"))
      result.push_back(token);
  }
  if (result.size() > 1 && (result.back().is(".") || result.back().is(";"))) result.pop_back();
  // "(HWC)" leaves an empty pair of brackets behind.
  for (std::size_t i = 0; i + 1 < result.size(); ++i)
    if (opens(result[i]) && closes(result[i + 1])) {
      const auto at = result.begin() + static_cast<std::ptrdiff_t>(i);
      result.erase(at, at + 2);
      break;
    }
  return result;
}

/// Splits at the signs outside of brackets; numbers side by side are split too if there is no sign.
std::vector<Tokens> split(const Tokens& tokens, std::string_view sign) {
  std::vector<Tokens> parts(1);
  int depth = 0;
  for (const Token& token : tokens) {
    depth += opens(token) ? 1 : closes(token) ? -1 : 0;
    const bool beside = sign == " " && depth == 0 && !parts.back().empty() && is_number(token);
    if (beside) parts.emplace_back();
    if (depth == 0 && token.is(sign))
      parts.emplace_back();
    else
      parts.back().push_back(token);
  }
  if (parts.size() > 1 && parts.back().empty() && sign == ",") parts.pop_back();  // "(10,)"
  return parts;
}

bool has_outside(const Tokens& tokens, std::string_view sign) {
  int depth = 0;
  return std::ranges::any_of(tokens, [&](const Token& token) {
    depth += opens(token) ? 1 : closes(token) ? -1 : 0;
    return depth == 0 && token.is(sign);
  });
}

struct Reader {
  std::string_view text;
  ShapeAnswer shape;
  std::optional<Answer> failure;

  bool extent(const Tokens& tokens) {
    const std::size_t offset = tokens.empty() ? text.size() : tokens.front().offset;
    if (tokens.empty())
      return fail(Unreadable{offset, "found nothing between the signs, expected a whole number"});
    if (tokens.front().text.size() > 1 && tokens.front().text.starts_with('0'))
      return fail(
          Ambiguous{"\"" + tokens.front().text + "\" may be an extent, or part of a number in thousands"});
    // 32^2 x 10 has three extents.
    if (tokens.size() == 3 && is_number(tokens[0]) && tokens[1].is("^") &&
        (tokens[2].text == "2" || tokens[2].text == "3"))
      return extent({tokens[0]}) && extent({tokens[0]}) && (tokens[2].text == "2" || extent({tokens[0]}));
    const Evaluated evaluated = evaluate(tokens, text.size());
    if (!evaluated.value) return fail(evaluated.error);
    if (evaluated.value->get_den() != 1 || *evaluated.value < 0)
      return fail(unreadable(evaluated.value->get_str(), offset, "a whole number"));
    shape.extents.push_back(evaluated.value->get_num());
    return shape.extents.size() <= most_extents ||
           fail(
               Unreadable{offset, fmt::format("found more than {} extents, expected a shape", most_extents)});
  }

  bool read(Tokens tokens) {
    while (is_enclosed(tokens)) tokens = Tokens(tokens.begin() + 1, tokens.end() - 1);
    const bool commas = has_outside(tokens, ","), crosses = has_outside(tokens, "*");
    if (commas && crosses)
      return fail(Ambiguous{"both commas and signs of multiplication: a list of products, or one shape?"});
    const std::string_view sign = commas ? "," : crosses ? "*" : has_outside(tokens, ";") ? ";" : " ";
    return std::ranges::all_of(split(tokens, sign), [&](const Tokens& part) { return extent(part); });
  }

  bool fail(Answer why) {
    failure = std::move(why);
    return false;
  }
};

std::vector<Tokens> sides_of(const Tokens& tokens) {
  std::vector<Tokens> sides(1);
  for (const Token& token : tokens)
    if (token.is("=") || token.is(":"))
      sides.emplace_back();
    else
      sides.back().push_back(token);
  // "HxWxC = 32x32x10", "output: 10"
  std::erase_if(
      sides, [&](const Tokens& side) { return sides.size() > 1 && std::ranges::none_of(side, is_number); });
  return sides;
}

mpz_class product_of(const ShapeAnswer& shape) {
  mpz_class product = 1;
  for (const mpz_class& extent : shape.extents) product *= extent;
  return product;
}

}  // namespace

Answer read_shape(std::string_view text) {
  if (text.size() > longest)
    return Unreadable{longest, fmt::format("found a text of {} bytes, expected a shape of at most {}",
                                           text.size(), longest)};
  std::string layout;
  const auto sides = sides_of(plain(tokens_of(text, Commas::separate), layout));
  std::vector<ShapeAnswer> shapes;
  for (const Tokens& side : sides) {
    if (side.empty() || std::ranges::none_of(side, is_number))
      return unreadable(text, 0, "a shape, such as 3x32x32");
    Reader reader{text, {{}, layout}, {}};
    if (!reader.read(side)) return *std::move(reader.failure);
    shapes.push_back(std::move(reader.shape));
  }
  if (shapes.empty()) return unreadable(text, 0, "a shape, such as 3x32x32");
  for (std::size_t i = 1; i < shapes.size(); ++i) {
    const bool is_size = shapes[i].extents.size() == 1 && product_of(shapes[0]) == shapes[i].extents[0];
    if (shapes[i].extents != shapes[0].extents && !is_size)
      return Ambiguous{"two shapes that differ, where one is meant"};
  }
  return shapes[0];
}

}  // namespace assay::graders::exams::reading
