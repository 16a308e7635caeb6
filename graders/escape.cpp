#include "graders/escape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace assay::graders {
namespace {

constexpr std::size_t no_cap = std::string_view::npos;

/// One character of the input: its code point and length, or an invalid byte.
struct Decoded {
  char32_t code = 0;
  std::size_t length = 1;
  bool valid = false;
};

/// Decodes one UTF-8 sequence; overlong forms, surrogates and values past U+10FFFF are invalid.
Decoded decode(std::string_view rest) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || rest.size() < length) return {};
  char32_t code = lead & (0xffu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    code = (code << 6) | (byte(i) & 0x3fu);
  }
  constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
  if (code < smallest[length] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return {};
  return {code, length, true};
}

struct Range {
  char32_t first, last;
};

/// What reorders, hides or breaks lines without being seen, and what XML forbids.
constexpr std::array hidden{
    Range{0x80, 0x9f},        // C1 controls
    Range{0xad, 0xad},        // soft hyphen
    Range{0x34f, 0x34f},      // combining grapheme joiner
    Range{0x61c, 0x61c},      // Arabic letter mark
    Range{0x115f, 0x1160},    // Hangul fillers
    Range{0x17b4, 0x17b5},    // invisible Khmer vowels
    Range{0x180b, 0x180f},    // Mongolian selectors and vowel separator
    Range{0x200b, 0x200f},    // zero-width characters and marks
    Range{0x2028, 0x202e},    // line separators, bidirectional embeddings and overrides
    Range{0x2060, 0x206f},    // word joiner, invisible operators, isolates
    Range{0x3164, 0x3164},    // Hangul filler
    Range{0xfeff, 0xfeff},    // byte order mark
    Range{0xffa0, 0xffa0},    // half-width Hangul filler
    Range{0xfff0, 0xffff},    // annotations, replacement (never in honest text here), non-characters
    Range{0x1d173, 0x1d17a},  // invisible musical controls
    Range{0xe0000, 0xe0fff},  // tags and supplementary selectors
};

bool is_hidden(char32_t code) {
  if (code < 0x20 || code == 0x7f) return true;
  if ((code & 0xfffe) == 0xfffe) return true;  // the last two of each plane are not characters
  return std::ranges::any_of(hidden, [&](const Range& r) { return code >= r.first && code <= r.last; });
}

std::string shown(const Decoded& character, std::string_view source, bool one_line) {
  if (!character.valid) return fmt::format("\\x{:02x}", static_cast<unsigned char>(source.front()));
  const bool blank = character.code == '\n' || character.code == '\t';
  if (blank && one_line) return character.code == '\n' ? "\\n" : "\\t";
  if (blank || !is_hidden(character.code)) return std::string(source);
  const auto number = static_cast<std::uint32_t>(character.code);
  return number < 0x80 ? fmt::format("\\x{:02x}", number) : fmt::format("\\u{{{:x}}}", number);
}

/// How many of the next bytes are printable ASCII, which needs no escape.
std::size_t plain_run(std::string_view rest) {
  const auto end = std::ranges::find_if(rest, [](char c) { return c < 0x20 || c > 0x7e; });
  return static_cast<std::size_t>(end - rest.begin());
}

std::string harmless(std::string_view bytes, std::size_t cap, bool one_line) {
  std::string out;
  out.reserve(std::min(cap, bytes.size()));
  for (std::size_t at = 0; at < bytes.size();) {
    if (const std::size_t run = std::min(plain_run(bytes.substr(at)), cap - out.size()); run > 0) {
      out += bytes.substr(at, run);
      at += run;
      continue;
    }
    const Decoded character = decode(bytes.substr(at));
    const std::string text = shown(character, bytes.substr(at, character.length), one_line);
    if (out.size() + text.size() > cap) return out + fmt::format("[{} more bytes]", bytes.size() - at);
    out += text;
    at += character.length;
  }
  return out;
}

}  // namespace

std::string displayable(std::string_view bytes, std::size_t cap) {
  return harmless(bytes, cap, false);
}

std::string displayable_line(std::string_view bytes, std::size_t cap) {
  return harmless(bytes, cap, true);
}

std::string html(std::string_view bytes) {
  std::string out;
  const std::string text = harmless(bytes, no_cap, false);
  if (text.find_first_of("&<>\"'`") == std::string::npos) return text;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '`':
        out += "&#96;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string csv_cell(std::string_view bytes) {
  const std::string text = harmless(bytes, no_cap, false);
  // Spreadsheets also take the full-width forms, and some skip blanks before looking.
  constexpr std::array<std::string_view, 8> formula{"=",      "+",      "-",      "@",
                                                    "\uff1d", "\uff0b", "\uff0d", "\uff20"};
  const std::size_t first = text.find_first_not_of(" \n\t");
  const std::string_view start = first == std::string::npos ? "" : std::string_view(text).substr(first);
  const bool runs = std::ranges::any_of(formula, [&](std::string_view f) { return start.starts_with(f); });
  std::string out = runs || text.starts_with('\t') ? "\"'" : "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string markdown_fence(std::string_view bytes) {
  const std::string text = harmless(bytes, no_cap, false);
  std::size_t longest = 0, run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(std::max<std::size_t>(3, longest + 1), '`');
  return fence + "text\n" + text + (text.ends_with('\n') ? "" : "\n") + fence + "\n";
}

std::string workflow_message(std::string_view bytes) {
  std::string out;
  for (const char c : harmless(bytes, no_cap, false)) {
    if (c == '%')
      out += "%25";
    else if (c == '\n')
      out += "%0A";
    else
      out += c;
  }
  return out;
}

}  // namespace assay::graders
