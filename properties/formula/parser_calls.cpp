#include <algorithm>

#include "oracles/catalogue.hpp"
#include "properties/formula/parser.hpp"

namespace assay::properties::formula {

namespace {

std::string counted(std::size_t count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

}  // namespace

/// A function whose name has just been read.
NodePtr Parser::application(const FunctionSpec& spec, const Token& token) {
  if (now_.is("_")) {
    if (spec.function == Function::log) {
      advance();
      return logarithm(token, latex_argument());
    }
    if (spec.function == Function::sum || spec.function == Function::prod || spec.function == Function::max ||
        spec.function == Function::min)
      return big_operator(spec.function, token, nullptr);
  }
  const bool ranges = spec.function == Function::sum || spec.function == Function::prod;
  if (ranges && now_.role == Token::Role::lowered && now_.offset == token.end) {
    Token index = now_;
    index.role = Token::Role::name;
    advance();
    return big_operator(spec.function, token, &index);
  }
  const bool braces = now_.is("\\{") && !spec.elementary;
  if (now_.is("(") || braces) return arguments_of(&spec, oracles::find_operation(token.text), token);
  if (spec.elementary) return bare_application(spec, token);
  fail("\"(\" and the arguments of " + std::string(spec.name));
}

/// log x, log{x}, log²x, sin^2 x: the argument is one factor.
NodePtr Parser::bare_application(const FunctionSpec& spec, const Token& token) {
  const Token mark = now_;
  NodePtr above;
  if (now_.role == Token::Role::raised) {
    above = raised_exponent();
  } else if (accept("^")) {
    above = now_.is("{") ? group("{", "}") : now_.role == Token::Role::number ? number() : exponent();
  }
  if (above && above->kind == Kind::negate)
    fail(mark, "a power that is no inverse; write (" + std::string(spec.name) + "(x))^-1");
  NodePtr result;
  if (now_.is("(")) {
    result = arguments_of(&spec, nullptr, token);
  } else {
    if (!begins_operand() && now_.role != Token::Role::number)
      fail("the argument of " + std::string(spec.name));
    const bool braces = now_.is("{") || now_.is("\\{") || now_.is("[");
    result = call(spec.function, token.offset, {braces ? primary() : power()});
    if (!braces) behind_bare_ = now_.offset;
  }
  return above ? made(Kind::power, mark.offset, {result, above}) : result;
}

NodePtr Parser::logarithm(const Token& token, NodePtr base) {
  const FunctionSpec& spec = *find_function("log");
  NodePtr plain = now_.is("(") ? arguments_of(&spec, nullptr, token) : bare_application(spec, token);
  if (plain->kind != Kind::call || plain->children.size() != 1)
    fail(token, "one argument of a logarithm to a base");
  return call(Function::log, token.offset, {plain->children[0], base});
}

NodePtr Parser::arguments_of(const FunctionSpec* spec, const oracles::Operation* operation,
                             const Token& token) {
  if (spec)
    if (NodePtr ranged = ranged_call(spec->function, token)) return ranged;
  Given given = arguments(operation, spec == nullptr);
  const bool named = !given.inputs.empty() || !given.attributes.empty();
  if (!spec || named) return operation_call(*operation, token, std::move(given));
  return function_call(*spec, token, std::move(given.positional));
}

NodePtr Parser::function_call(const FunctionSpec& spec, const Token& token, std::vector<NodePtr> arguments) {
  const std::size_t count = arguments.size();
  if (count < spec.least || count > spec.most) {
    const std::string needs = spec.most == any_number  ? "at least " + counted(spec.least, "argument")
                              : spec.least < spec.most ? "1 or 2 arguments"
                                                       : counted(spec.most, "argument");
    throw FormulaError(token.offset, counted(count, "argument"), needs + " of " + std::string(spec.name));
  }
  if (spec.function == Function::choose)
    return made(Node{.kind = Kind::choose, .offset = token.offset, .children = std::move(arguments)});
  if (spec.function == Function::diff) {
    const Node& by = *arguments[1];
    const bool element = by.kind == Kind::index && by.children[0]->kind == Kind::name;
    const std::string& what = element ? by.children[0]->text : by.text;
    if ((by.kind != Kind::name && !element) || bound(what))
      throw FormulaError(by.offset, "an expression", "a variable to differentiate by: x, x_1 or x[i]");
    return derivative(token.offset, arguments[0], arguments[1]);
  }
  if (spec.function == Function::norm && count == 2) {
    const Node& order = *arguments[1];
    const bool good = order.whole == 1 || order.whole == 2 ||
                      (order.kind == Kind::constant && order.constant == Constant::infinity);
    if (!good) throw FormulaError(order.offset, "another norm", "1, 2 or inf");
    if (order.whole == 2) arguments.pop_back();  // the norm that has no number
  }
  return call(spec.function, token.offset, std::move(arguments));
}

bool Parser::takes(const oracles::Operation& operation, const Token& name) const {
  if (name.text == "output") return true;
  return std::ranges::find(operation.attributes, name.text, &oracles::AttributeSpec::name) !=
             operation.attributes.end() ||
         std::ranges::find(operation.inputs, name.text, &oracles::InputSpec::name) != operation.inputs.end();
}

/// What stands in the brackets; "axis=1" is named where the operation has such an attribute or input.
Parser::Given Parser::arguments(const oracles::Operation* operation, bool only_operation) {
  const Bracket inner(*this);
  const bool braces = now_.is("\\{");
  advance();
  Given given;
  do {
    const Token key = now_;
    const bool named = operation && key.role == Token::Role::name && ahead().is("=");
    if (!named || !(only_operation || takes(*operation, key))) {
      if (!given.inputs.empty() || !given.attributes.empty())
        fail("a named argument: those without a name come first");
      given.positional.push_back(expression());
      continue;
    }
    if (!takes(*operation, key)) fail(key, "an attribute or an input of " + std::string(operation->name));
    advance();
    advance();
    const bool is_input =
        std::ranges::find(operation->inputs, key.text, &oracles::InputSpec::name) != operation->inputs.end();
    if (is_input)
      given.inputs.emplace_back(key, expression());
    else
      given.attributes.emplace_back(key, attribute_text());
  } while (accept(","));
  expect(braces ? "\\}" : ")", braces ? "an operator, \",\" or \"\\}\"" : "an operator, \",\" or \")\"");
  return given;
}

/// "sum", sum, true, 0.1, -1 or 1/3; several in brackets: [2, 1] is "2,1".
std::string Parser::attribute_text() {
  if (!accept("[")) return attribute_word();
  std::string list = attribute_word();
  while (accept(",")) list += "," + attribute_word();
  expect("]", "\",\" or \"]\"");
  return list;
}

std::string Parser::attribute_word() {
  const Token token = now_;
  if (token.role == Token::Role::string || token.role == Token::Role::name) {
    advance();
    return token.text;
  }
  std::string text = accept("-") ? "-" : "";
  const auto number = [&] {
    if (now_.role != Token::Role::number) fail("a number, a word or a text in quotation marks");
    text += now_.text;
    advance();
  };
  number();
  if (accept("/")) {
    text += "/";
    number();
  }
  return text;
}

NodePtr Parser::operation_call(const oracles::Operation& operation, const Token& token, Given given) {
  Node node{.kind = Kind::operation, .offset = token.offset, .text = token.text, .operation = &operation};
  const std::string name(operation.name);
  if (given.positional.size() > operation.inputs.size())
    throw FormulaError(token.offset, counted(given.positional.size(), "input"),
                       "at most " + std::to_string(operation.inputs.size()) + " of " + name);
  node.children = std::move(given.positional);
  node.children.resize(operation.inputs.size());
  for (auto& [key, value] : given.inputs) {
    const auto spec = std::ranges::find(operation.inputs, key.text, &oracles::InputSpec::name);
    NodePtr& place = node.children[static_cast<std::size_t>(spec - operation.inputs.begin())];
    if (place) fail(key, "each input of " + name + " once");
    place = std::move(value);
  }
  for (auto& [key, text] : given.attributes) {
    if (key.text == "output") {
      if (std::ranges::find(operation.outputs, text, &oracles::OutputSpec::name) == operation.outputs.end())
        fail(key, "an output of " + name);
      node.output = text == operation.outputs[0].name ? "" : text;
    } else if (!node.attributes.emplace(key.text, text).second) {
      fail(key, "each attribute of " + name + " once");
    }
  }
  for (std::size_t i = 0; i < node.children.size(); ++i)
    if (!node.children[i] && !operation.inputs[i].optional)
      throw FormulaError(token.offset, counted(i, "input"),
                         "the input \"" + std::string(operation.inputs[i].name) + "\" of " + name);
  return made(std::move(node));
}

}  // namespace assay::properties::formula
