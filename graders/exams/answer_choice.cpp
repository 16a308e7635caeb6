/// True or false, options, names and words.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

#include "fixtures/nearest.hpp"
#include "graders/escape.hpp"
#include "graders/exams/answer_reading.hpp"
#include "properties/formula/formula.hpp"

namespace assay::graders::exams {
namespace reading {
namespace {

namespace formula = properties::formula;

constexpr std::size_t longest = 200;

struct Piece {
  std::string text;
  std::size_t offset = 0;
};

/// Pieces between blanks and the bytes of `separators`; a character beyond ASCII is a piece of its own if
/// `symbols`.
std::vector<Piece> pieces_of(std::string_view text, std::string_view separators, bool symbols) {
  std::vector<Piece> pieces;
  bool open = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const unsigned char c = static_cast<unsigned char>(text[i]);
    if (c <= ' ' || separators.find(text[i]) != separators.npos) {
      open = false;
    } else if (symbols && c >= 0xC0) {
      pieces.push_back({std::string(1, text[i]), i});
      open = true;
    } else if (open &&
               !(symbols && c < 0x80 && static_cast<unsigned char>(pieces.back().text.back()) >= 0x80)) {
      pieces.back().text += text[i];
    } else {
      pieces.push_back({std::string(1, text[i]), i});
      open = true;
    }
  }
  return pieces;
}

constexpr auto yes =
    std::to_array<std::string_view>({"t", "true", "y", "yes", "1", "right", "correct", "✓", "✔", "☑", "✅"});
constexpr auto no =
    std::to_array<std::string_view>({"f", "false", "n", "no", "0", "wrong", "incorrect", "✗", "✘", "❌"});
constexpr auto marked = std::to_array<std::string_view>(
    {"x", "●", "⬤", "■", "☒", "×", "marked", "selected", "chosen", "checked"});
constexpr auto left = std::to_array<std::string_view>({"○", "◯", "☐", "□", "unmarked", "left", "unchecked"});

template <class Words>
bool is_among(const Words& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

std::optional<bool> truth_of(const std::string& word, bool option) {
  if (is_among(yes, word) || (option && is_among(marked, word))) return true;
  if (is_among(no, word) || (option && is_among(left, word))) return false;
  return {};
}

/// "T3" is "T 3".
std::vector<Piece> with_certainty_apart(std::vector<Piece> pieces) {
  std::vector<Piece> result;
  for (Piece& piece : pieces) {
    const char last = piece.text.back();
    const bool ends = piece.text.size() > 1 && last >= '0' && last <= '9' &&
                      truth_of(lower(piece.text.substr(0, piece.text.size() - 1)), false) &&
                      !(piece.text[0] >= '0' && piece.text[0] <= '9');
    const std::size_t end = piece.offset + piece.text.size() - 1;
    if (ends) piece.text.pop_back();
    result.push_back(std::move(piece));
    if (ends) result.push_back({std::string(1, last), end});
  }
  return result;
}

bool is_certainty(const std::string& text) {
  return text == "1" || text == "2" || text == "3";
}

}  // namespace

Answer read_truth(std::string_view text, bool option) {
  const std::string_view expected = option ? "a mark, or none" : "T or F";
  if (text.size() > longest) return unreadable(text, 0, expected);
  TruthAnswer answer;
  std::optional<bool> found;
  for (const Piece& piece : with_certainty_apart(pieces_of(text, ",;/|.()[]\"'", true))) {
    const std::string word = lower(piece.text);
    if (found && !answer.certainty && is_certainty(word)) {
      answer.certainty = word[0] - '0';
      continue;
    }
    if (!option && word == "tf") return Ambiguous{"both true and false are marked"};
    if (!option && is_among(marked, word)) return Ambiguous{"a cross may mark true, or cross it out"};
    const auto truth = truth_of(word, option);
    if (!truth) {
      const bool digit = found && word.size() == 1 && word[0] >= '0' && word[0] <= '9';
      return unreadable(piece.text, piece.offset, digit ? "a certainty of 1, 2 or 3" : expected);
    }
    if (found && *found != *truth) return Ambiguous{"both true and false are marked"};
    found = truth;
  }
  if (!found) return unreadable(text, 0, expected);
  answer.holds = *found;
  return answer;
}

Answer read_names(std::string_view text) {
  constexpr std::size_t most_names = 64, longest_name = 60;
  std::string_view rest = text;
  std::set<std::string> names;
  std::size_t count = 0;
  if (text.size() > 10 * longest) return unreadable(text, 0, "names");
  for (const Piece& piece : pieces_of(rest, ",;$&()[]", false)) {
    std::string word = piece.text;
    if (const std::string small = lower(word); small == "and" || small == "none") continue;
    // A set has braces of its own: {k1, k2}.
    if (word.starts_with("\\{")) word.erase(0, 2);
    if (word.ends_with("\\}")) word.erase(word.size() - 2);
    if (word.starts_with('{')) word.erase(0, 1);
    if (word.ends_with('}') && std::ranges::count(word, '{') < std::ranges::count(word, '}')) word.pop_back();
    if (word.ends_with('.')) word.pop_back();
    if (word.empty()) continue;
    if (word.size() > longest_name || ++count > most_names)
      return unreadable(piece.text, piece.offset, "a shorter list of names");
    try {
      const formula::Formula parsed = formula::parse(word);
      const auto free = formula::free_names(parsed);
      if (free.size() != 1 || !(parsed == formula::parse(*free.begin())))
        return unreadable(piece.text, piece.offset, "a name");
      names.insert(plain_name(*free.begin()));
    } catch (const formula::FormulaError&) {
      return unreadable(piece.text, piece.offset, "a name");
    }
  }
  return NamesAnswer{{names.begin(), names.end()}};
}

namespace {

/// Letters and digits in small letters: "FC-256" and "fc 256" are the same.
std::string bare(std::string_view text) {
  std::string result;
  for (const char c : lower(text))
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80)
      result += c;
  return result;
}

std::string digits_of(std::string_view text) {
  std::string result;
  for (const char c : text)
    if (c >= '0' && c <= '9') result += c;
  return result;
}

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i)
    text += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  return text;
}

/// Whether `word` stands in `text` between blanks and signs.
bool mentions(std::string_view text, const std::string& word) {
  const std::string where = lower(text), what = lower(word);
  const auto inside = [&](std::size_t i) {
    return i < where.size() && (std::isalnum(static_cast<unsigned char>(where[i])) != 0);
  };
  for (std::size_t at = where.find(what); at != where.npos; at = where.find(what, at + 1))
    if ((at == 0 || !inside(at - 1)) && !inside(at + what.size())) return true;
  return false;
}

/// A mistyped choice; digits are never mistyped: CONV3-8 is not CONV3-16.
std::string near_choice(const std::vector<std::string>& choices, std::string_view text) {
  std::vector<std::string> possible;
  for (const std::string& choice : choices)
    if (digits_of(choice) == digits_of(text)) possible.push_back(choice);
  return nearest(text, possible);
}

}  // namespace

Answer read_word(const std::vector<std::string>& choices, std::string_view text) {
  const std::string expected = displayable_line(listed(choices), 120);
  if (text.size() > longest) return unreadable(text, 0, expected);
  for (const std::string& choice : choices)
    if (bare(choice) == bare(text) && !bare(text).empty()) return WordAnswer{choice};
  std::vector<std::string> mentioned;
  for (const std::string& choice : choices)
    if (mentions(text, choice)) mentioned.push_back(choice);
  if (mentioned.size() > 1) return Ambiguous{"both " + mentioned[0] + " and " + mentioned[1] + " are named"};
  const bool negated =
      mentions(text, "not") || mentions(text, "no") || mentions(text, "except") || mentions(text, "but");
  if (mentioned.size() == 1 && !negated) return WordAnswer{mentioned[0]};
  if (const std::string near = near_choice(choices, text); mentioned.empty() && !near.empty())
    return WordAnswer{near};
  return unreadable(text, 0, expected);
}

}  // namespace reading

std::string plain_name(std::string_view name) {
  std::string result;
  for (const char c : name)
    if (c != '_') result += c;
  return result;
}

namespace {

std::string last_part(std::string_view id) {
  return std::string(id.substr(id.rfind('.') + 1));
}

/// The options that a sheet may mark, by the small letters of their last parts.
struct Options {
  std::map<std::string, std::string> ids;  ///< "a" -> "mc.1.A"
  std::string names;                       ///< "A, B or C"
  bool are_letters = true;

  explicit Options(const std::vector<const fixtures::Item*>& options) {
    for (const fixtures::Item* option : options) {
      const std::string part = last_part(option->id);
      ids[reading::lower(part)] = option->id;
      are_letters = are_letters && part.size() == 1;
      names += (names.empty() ? "" : option == options.back() ? " or " : ", ") + part;
    }
  }

  /// The options that one word marks: "A", or "AD" where each has one letter. Nothing for another word.
  std::optional<std::vector<std::string>> marks(const std::string& word) const {
    if (const auto found = ids.find(word); found != ids.end()) return std::vector{found->second};
    if (!are_letters) return {};
    std::vector<std::string> result;
    for (const char c : word) {
      const auto found = ids.find(std::string(1, c));
      if (found == ids.end() || std::ranges::find(result, found->second) != result.end()) return {};
      result.push_back(found->second);
    }
    return result;
  }
};

}  // namespace

std::variant<Blank, Unreadable, Ambiguous, OptionsAnswer> read_options(
    const std::vector<const fixtures::Item*>& options, std::string_view text) {
  using namespace reading;
  const std::string_view written = trimmed(text);
  if (is_blank(written) || is_not_applicable(written)) return Blank{};
  const Options known(options);
  OptionsAnswer answer;
  for (const fixtures::Item* option : options) answer.marked[option->id] = false;
  std::string all = lower(written);
  while (!all.empty() && (all.back() == '.' || all.back() == '!')) all.pop_back();
  const auto is_an_option = [&](std::string_view words) {
    return std::ranges::any_of(
        options, [&](const auto* option) { return lower(option->text).find(words) != std::string::npos; });
  };
  if (all.starts_with("none") && is_an_option("none of"))
    return Ambiguous{"no option, or the option that says none"};
  if (all == "none" || all == "none of the above" || all == "none of these" || all == "∅" || all == "{}")
    return answer;
  const bool every = all == "all" || all == "all of the above" || all == "all of them";
  if (every && is_an_option("all of")) return Ambiguous{"every option, or the option that says all"};
  for (auto& [id, marked] : answer.marked) marked = every;
  if (every) return answer;
  const std::size_t skipped = static_cast<std::size_t>(written.data() - text.data());
  if (written.size() > longest) return unreadable(text, skipped, known.names);
  for (const Piece& piece : pieces_of(written, ",;/&+|.:()[]{}\"'", false)) {
    const std::string word = lower(piece.text);
    if (word == "and" || word == "option" || word == "options" || word == "answer" || word == "answers")
      continue;
    if (word == "or") return Ambiguous{"one option or another: which of them is not said"};
    const auto marks = known.marks(word);
    if (!marks) {
      if (word.size() == 3 && word[1] == '-' && known.marks(word.substr(0, 1)) && known.marks(word.substr(2)))
        return Ambiguous{"a range of options, or two of them"};
      return unreadable(piece.text, skipped + piece.offset, known.names);
    }
    for (const std::string& id : *marks) answer.marked[id] = true;
  }
  if (std::ranges::none_of(answer.marked, [](const auto& entry) { return entry.second; }))
    return unreadable(written, skipped, known.names);
  return answer;
}

}  // namespace assay::graders::exams
