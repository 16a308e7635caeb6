/// What a word means: a declared name, a constant, a function, an element of a vector, or a product of
/// letters, in this order.
#include <algorithm>

#include "fixtures/nearest.hpp"
#include "oracles/catalogue.hpp"
#include "properties/formula/parser.hpp"

namespace assay::properties::formula {

namespace {

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Functions whose subscript is their own: sum_i, log_2.
bool takes_subscript(Function function) {
  return function == Function::sum || function == Function::prod || function == Function::max ||
         function == Function::min || function == Function::log;
}

/// max_x and log_2, which are no names.
bool is_operator_with_index(const std::string& text) {
  const std::size_t last = text.rfind('_');
  if (last == text.npos) return false;
  const FunctionSpec* const spec = find_function(text.substr(0, last));
  const std::string_view below = std::string_view(text).substr(last + 1);
  return spec && takes_subscript(spec->function) && (below.size() == 1 || all_digits(below));
}

}  // namespace

bool Parser::bound(std::string_view name) const {
  return std::ranges::find(bound_, name) != bound_.end();
}

NodePtr Parser::name() {
  Token token = now_;
  if (token.role != Token::Role::name || token.is_connective()) fail("a number, a name or a bracket");
  advance();
  const bool is_function = find_function(token.text) && !known(token.text);
  if (now_.role == Token::Role::lowered && now_.offset == token.end && !is_function) {
    token.text += "_" + now_.text;
    token.end = now_.end;
    token.braced = true;  // the text is not the source's: it cannot be split
    advance();
  }
  join_digits(token);
  return resolved(token);
}

/// δ1 and \delta1: a letter that is a word in the text, and digits right behind it. Only where that means
/// something.
void Parser::join_digits(Token& token) {
  if (vocabulary_.open() || now_.role != Token::Role::number || now_.offset != token.end) return;
  if (!all_digits(now_.text) || verbatim(token, 0)) return;
  const std::string text = token.text + now_.text;
  if (!known(text) && !respelt(text, token.offset)) return;
  token.text = text;
  token.end = now_.end;
  advance();
}

/// Where names are declared, other spellings of them: x_1 for x1, y_hat for yhat; x1 for the first element of
/// x; and x alone for [x1, x2, x3] where only these are declared. Null where nothing fits, or more than one
/// does.
NodePtr Parser::respelt(const std::string& text, std::size_t offset) const {
  if (vocabulary_.open()) return nullptr;
  const auto squeezed = [](std::string name) {
    std::erase(name, '_');
    return name;
  };
  const std::string* found = nullptr;
  for (const std::string& name : vocabulary_.names) {
    if (squeezed(name) != squeezed(text)) continue;
    if (found) return nullptr;
    found = &name;
  }
  if (found) return name_node(*found, offset);
  const std::size_t digits = text.find_last_not_of("0123456789") + 1;
  if (digits < text.size() && digits > 0 && known(text.substr(0, digits)))
    return made(Kind::index, offset,
                {name_node(text.substr(0, digits), offset), number_node(text.substr(digits), offset)});
  return digits == text.size() ? family(text, offset) : nullptr;
}

/// [x1, x2, x3], or null if x1 and x2 are not declared.
NodePtr Parser::family(const std::string& text, std::size_t offset) const {
  constexpr std::size_t most = 64;
  std::vector<NodePtr> members;
  for (std::size_t i = 1; i <= most; ++i) {
    const std::string plain = text + std::to_string(i), lowered = text + "_" + std::to_string(i);
    if (!declared(plain) && !declared(lowered)) break;
    members.push_back(name_node(declared(plain) ? plain : lowered, offset));
  }
  return members.size() > 1 ? made(Kind::vector, offset, std::move(members)) : nullptr;
}

/// Whether it is x_i with a known x and the index i of a sum: that is meant even where x_i is declared too.
bool Parser::runs(const std::string& text) const {
  const std::size_t last = text.rfind('_');
  return last != text.npos && bound(text.substr(last + 1)) && known(text.substr(0, last));
}

NodePtr Parser::resolved(const Token& token) {
  const std::string& text = token.text;
  constexpr std::size_t longest_name = 200;
  if (text.size() > longest_name)
    throw FormulaTooLarge(token.offset, shown(token),
                          "a name of at most " + std::to_string(longest_name) + " letters");
  if (known(text) && !runs(text)) return name_node(text, token.offset);
  if (!known(text) && !vocabulary_.open() && text == "I" && (now_.is("(") || now_.is("[") || now_.is("\\{")))
    return indicator(token.offset);
  if (const Constant* constant = find_constant(text)) return constant_node(*constant, token.offset);
  // σ(x) is the sigmoid unless the author has a σ of his own.
  const bool sigma = text == "sigma" && (now_.is("(") || now_.is("\\{"));
  if (const FunctionSpec* spec = find_function(sigma ? "sigmoid" : text)) return application(*spec, token);
  if (const auto* operation = oracles::find_operation(text); operation && now_.is("("))
    return arguments_of(nullptr, operation, token);
  if (text.find('_') != text.npos)
    if (NodePtr element = subscripted(token)) return element;
  if (vocabulary_.open()) return name_node(text, token.offset);
  if (NodePtr other = respelt(text, token.offset)) return other;
  if (NodePtr product = first_letter(token)) return product;
  refuse_name(token);
}

/// The base of log_2, log_b, log_e.
NodePtr Parser::subscript_of_logarithm(const Token& base) {
  if (base.role == Token::Role::number) return number_node(base.text, base.offset);
  if (known(base.text)) return name_node(base.text, base.offset);
  if (const Constant* constant = find_constant(base.text)) return constant_node(*constant, base.offset);
  if (vocabulary_.open()) return name_node(base.text, base.offset);
  refuse_name(base);
}

/// x_i, x_{12}, W_{ij}, sum_i; null if the part before the subscript is no known name.
NodePtr Parser::subscripted(const Token& token) {
  const std::size_t last = token.text.rfind('_');
  const std::string base = token.text.substr(0, last), below = token.text.substr(last + 1);
  const std::size_t below_offset = token.end - below.size() - token.braced;
  if (const FunctionSpec* spec = find_function(base);
      spec && !known(base) && takes_subscript(spec->function)) {
    if (below.size() == 1 || token.braced || all_digits(below)) {
      const Token index{all_digits(below) ? Token::Role::number : Token::Role::name, below, below_offset,
                        below_offset + below.size()};
      if (spec->function == Function::log) return logarithm(token, subscript_of_logarithm(index));
      return big_operator(spec->function, token, &index);
    }
  }
  NodePtr found = element(token.text, token.offset);
  return found ? found : split_subscript(token);
}

/// x_1, x_i, W_i_j as elements of what is known; in an open vocabulary any name may be, but there x_1 is a
/// name of its own, and x_i an element only where i is an index. Null for what is no name.
NodePtr Parser::element(const std::string& text, std::size_t offset, bool subscripted) const {
  constexpr std::ptrdiff_t most_subscripts = 8;
  if (known(text) && !runs(text)) return name_node(text, offset);
  const bool word = find_function(text) || find_constant(text) || is_operator_with_index(text) ||
                    Token{Token::Role::name, text}.is_connective();
  const NodePtr itself = vocabulary_.open() && !word ? name_node(text, offset) : nullptr;
  const std::size_t last = text.rfind('_');
  if (last == text.npos) return itself ? itself : family(text, offset);
  if (std::ranges::count(text, '_') > most_subscripts) return itself;
  if (all_digits(std::string_view(text).substr(last + 1)))
    if (NodePtr other = respelt(text, offset)) return other;
  const std::string base = text.substr(0, last), below = text.substr(last + 1);
  if (all_digits(below) && vocabulary_.open() && !known(base)) return itself;
  std::vector<NodePtr> places = indices(below, offset);
  if (subscripted && places.size() > 1) return nullptr;  // x_iy_i is rather x_i y_i than (x_{iy})_i
  const NodePtr owner = places.empty() ? nullptr : element(base, offset, true);
  if (!owner) return itself;
  places.insert(places.begin(), owner);
  return made(Kind::index, offset, std::move(places));
}

/// LaTeX takes one letter or the digits as a subscript: x_iy_i is x_i times y_i. Only where names are
/// declared: who knows else that x_iy is none?
NodePtr Parser::split_subscript(const Token& token) {
  const std::size_t first = token.text.find('_');
  const std::string base = token.text.substr(0, first);
  if (vocabulary_.open() || !verbatim(token, first)) return nullptr;
  std::size_t end = first + 1;
  while (end < token.text.size() && token.text[end] >= '0' && token.text[end] <= '9') ++end;
  if (end == first + 1) ++end;
  if (end >= token.text.size()) return nullptr;
  const std::string below = token.text.substr(first + 1, end - first - 1);
  const std::size_t rest = token.end - (token.text.size() - end);
  std::vector<NodePtr> places = indices(below, rest - below.size());
  const bool whole = declared(base + "_" + below);
  if (!whole && (places.empty() || !known(base))) return nullptr;
  go_to(rest);
  if (whole) return name_node(base + "_" + below, token.offset);
  places.insert(places.begin(), name_node(base, token.offset));
  return made(Kind::index, token.offset, std::move(places));
}

/// Digits are one index, a known name is one, and letters that are all known are one each; else none.
std::vector<NodePtr> Parser::indices(std::string_view below, std::size_t offset) const {
  std::vector<NodePtr> places;
  if (all_digits(below)) return {number_node(std::string(below), offset)};
  if (known(below)) return {name_node(std::string(below), offset)};
  for (std::size_t i = 0; i < below.size(); ++i) {
    const std::string letter(below.substr(i, 1));
    if (!known(letter)) return {};
    places.push_back(name_node(letter, offset + i));
  }
  return places;
}

/// xy, where x and y are declared and xy is not: x, and the rest is read anew. x1y1 in the same way.
NodePtr Parser::first_letter(const Token& token) {
  if (token.text.size() < 2 || !verbatim(token, 0) || !divides(token.text)) return nullptr;
  const std::size_t length = first_factor(token.text);
  if (length == 0) return nullptr;
  go_to(token.offset + length);
  return name_node(token.text.substr(0, length), token.offset);
}

/// Whether no name, element or product of names is spelt like this.
bool Parser::means_nothing(const Token& token) const {
  return !known(token.text) && token.text.find('_') == token.text.npos && !divides(token.text) &&
         !respelt(token.text, token.offset);
}

/// The length of what is known at the beginning: a letter and digits, or a letter; 0 where nothing is.
std::size_t Parser::first_factor(std::string_view text) const {
  if (text.empty() || !is_letter(text[0])) return 0;
  const std::size_t digits = std::min(text.find_first_not_of("0123456789", 1), text.size());
  if (digits > 1 && known(text.substr(0, digits))) return digits;
  return digits == 1 && known(text.substr(0, 1)) ? 1 : 0;
}

/// Whether the token's text from that place on is the end of what stands in the source: it can be read anew.
bool Parser::verbatim(const Token& token, std::size_t from) const {
  const std::string_view end = std::string_view(token.text).substr(from);
  const std::string_view source = lexer_.text().substr(token.offset, token.end - token.offset);
  return from == 0 ? source == end : source.ends_with(end);
}

bool Parser::divides(std::string_view text) const {
  while (!text.empty()) {
    if (known(text)) return true;
    const std::size_t below = text.find('_');
    if (below != text.npos && known(text.substr(0, below))) return true;
    const std::size_t length = first_factor(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

void Parser::refuse_name(const Token& token) const {
  std::vector<std::string> candidates(vocabulary_.names.begin(), vocabulary_.names.end());
  candidates.insert(candidates.end(), bound_.begin(), bound_.end());
  const bool is_call = now_.is("(");
  if (is_call) {
    for (const FunctionSpec& spec : functions()) candidates.emplace_back(spec.name);
    for (const oracles::Operation& operation : oracles::catalogue()) candidates.emplace_back(operation.name);
  }
  const std::string meant = assay::nearest(token.text, candidates);
  std::string expected = is_call ? "a declared name or a function" : "a declared name";
  if (!meant.empty()) expected += "; did you mean \"" + meant + "\"?";
  fail(token, expected);
}

}  // namespace assay::properties::formula
