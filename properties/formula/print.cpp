/// Canonical plain text: brackets only where precedence asks for them, every multiplication with its sign.
#include "oracles/operation.hpp"
#include "properties/formula/node.hpp"

namespace assay::properties::formula {

namespace {

/// How tightly a text binds; a child is put into brackets where it binds less than its place asks.
enum Binding { implies = 1, either, both, negated, compared, added, multiplied, signed_, raised, whole };

struct Printed {
  std::string text;
  Binding binding;
};

Printed print(const Node& node);

std::string at_least(Binding wanted, const Node& node) {
  Printed printed = print(node);
  return printed.binding < wanted ? "(" + std::move(printed.text) + ")" : std::move(printed.text);
}

Printed infix(const Node& node, const char* sign, Binding binding, Binding left, Binding right) {
  return {at_least(left, *node.children[0]) + sign + at_least(right, *node.children[1]), binding};
}

std::string listed(const std::vector<NodePtr>& children, std::size_t first = 0) {
  std::string text;
  for (std::size_t i = first; i < children.size(); ++i)
    text += (i > first ? ", " : "") + print(*children[i]).text;
  return text;
}

std::string compared_text(const Node& node) {
  std::string text = at_least(added, *node.children[0]);
  for (std::size_t i = 0; i < node.relations.size(); ++i)
    text += " " + std::string(name_of(node.relations[i])) + " " + at_least(added, *node.children[i + 1]);
  return text;
}

/// Inputs in order; from the first one left out on, by name.
std::string operation_text(const Node& node) {
  std::string text;
  const auto add = [&](const std::string& argument) { text += (text.empty() ? "" : ", ") + argument; };
  bool named = false;
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    named = named || !node.children[i];
    if (node.children[i])
      add((named ? std::string(node.operation->inputs[i].name) + "=" : "") + print(*node.children[i]).text);
  }
  for (const auto& [name, value] : node.attributes) add(name + "=\"" + value + "\"");
  if (!node.output.empty()) add("output=\"" + node.output + "\"");
  // A function of the language has the same name: an argument with a name says that the catalogue's is meant.
  if (find_function(node.operation->name) && !named && node.attributes.empty() && node.output.empty())
    add("output=\"" + std::string(node.operation->outputs[0].name) + "\"");
  return std::string(node.operation->name) + "(" + text + ")";
}

std::string reduce_text(const Node& node) {
  return std::string(name_of(node.function)) + "(" + node.text + " = " + at_least(added, *node.children[0]) +
         ".." + at_least(added, *node.children[1]) + ", " + print(*node.children[2]).text + ")";
}

/// The exponent may have a sign and powers of its own: both are read from the right. x^T is a transpose.
std::string power_text(const Node& node) {
  std::string exponent = at_least(signed_, *node.children[1]);
  const bool t = exponent.starts_with('T') && exponent.find_first_of("^[") == 1;
  if (t || exponent == "T") exponent = "(" + exponent + ")";
  return at_least(whole, *node.children[0]) + "^" + exponent;
}

/// "1.", before "..", would be read as 1 and a range.
std::string number_text(const Node& node) {
  return node.text.ends_with('.') ? node.text + "0" : node.text;
}

Printed print_calls(const Node& node) {
  switch (node.kind) {
    case Kind::number:
      return {number_text(node), whole};
    case Kind::name:
      return {node.text, whole};
    case Kind::constant:
      return {std::string(name_of(node.constant)), whole};
    case Kind::vector:
      return {"[" + listed(node.children) + (node.children.size() == 1 ? ",]" : "]"), whole};
    case Kind::index:
      return {at_least(whole, *node.children[0]) + "[" + listed(node.children, 1) + "]", whole};
    case Kind::operation:
      return {operation_text(node), whole};
    case Kind::reduce:
      return {reduce_text(node), whole};
    case Kind::choose:
      return {"if(" + listed(node.children) + ")", whole};
    case Kind::derivative:
      return {"diff(" + listed(node.children) + ")", whole};
    default:
      return {std::string(name_of(node.function)) + "(" + listed(node.children) + ")", whole};
  }
}

Printed print(const Node& node) {
  switch (node.kind) {
    case Kind::implication:
      return infix(node, " implies ", implies, either, implies);
    case Kind::disjunction:
      return infix(node, " or ", either, either, both);
    case Kind::conjunction:
      return infix(node, " and ", both, both, negated);
    case Kind::negation:
      return {"not " + at_least(negated, *node.children[0]), negated};
    case Kind::compare:
      return {compared_text(node), compared};
    case Kind::add:
      return infix(node, " + ", added, added, multiplied);
    case Kind::subtract:
      return infix(node, " - ", added, added, multiplied);
    case Kind::multiply:
      return infix(node, "*", multiplied, multiplied, signed_);
    case Kind::elementwise:
      return infix(node, " .* ", multiplied, multiplied, signed_);
    case Kind::divide:
      return infix(node, "/", multiplied, multiplied, signed_);
    case Kind::negate:
      return {"-" + at_least(signed_, *node.children[0]), signed_};
    case Kind::power:
      return {power_text(node), raised};
    default:
      return print_calls(node);
  }
}

}  // namespace

std::string to_text(const Formula& formula) {
  return print(formula.root()).text;
}

}  // namespace assay::properties::formula
