#include "oracles/program.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "fixtures/nearest.hpp"
#include "oracles/catalogue.hpp"
#include "oracles/own_function.hpp"

namespace assay::oracles {

/// Recursive descent over one statement at a time:
///   statement = name {"," name} "=" sum
///   sum       = term {"+" term}
///   term      = number | name | name "(" [argument {"," argument}] ")" | "(" sum ")"
///   argument  = sum | name "=" value | "[" sum {"," sum} "]"
///   value     = word | "[" word {"," word} "]"
class ProgramParser {
 public:
  ProgramParser(Program& program, const OwnFunctions& own) : program_(program), own_(own) {}

  void statement(std::size_t number, std::string_view text) {
    statement_ = number;
    text_ = text;
    at_ = 0;
    std::vector<std::pair<std::string, std::size_t>> targets;
    do {
      const std::size_t column = place();
      targets.emplace_back(name("a result's name"), column);
    } while (accept(','));
    expect('=');
    const auto slots = right_hand_side(targets.size());
    skip_blanks();
    if (at_ < text_.size())
      fail("unexpected '" + std::string(1, text_[at_]) + "'; a statement is NAME = OPERATION(...)");
    for (std::size_t i = 0; i < targets.size(); ++i) {
      if (program_.find(targets[i].first))
        fail_at(targets[i].second, "'" + targets[i].first + "' is defined twice");
      program_.names_.emplace_back(targets[i].first, slots[i]);
    }
  }

  Program::Slot define(decltype(Program::Step::what) what, std::size_t outputs) {
    const Program::Slot first = program_.slots_;
    program_.step_of_slot_.insert(program_.step_of_slot_.end(), outputs, program_.steps_.size());
    program_.steps_.push_back({std::move(what), first, outputs});
    program_.slots_ += outputs;
    return first;
  }

 private:
  [[noreturn]] void fail_at(std::size_t column, const std::string& message) const {
    throw ProgramError(statement_, column, message);
  }
  [[noreturn]] void fail(const std::string& message) { fail_at(place(), message); }

  void skip_blanks() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }
  std::size_t place() {
    skip_blanks();
    return at_ + 1;
  }
  bool peek(char wanted) {
    skip_blanks();
    return at_ < text_.size() && text_[at_] == wanted;
  }
  bool accept(char wanted) {
    if (!peek(wanted)) return false;
    ++at_;
    return true;
  }
  void expect(char wanted) {
    if (accept(wanted)) return;
    fail(std::string("expected '") + wanted + "'" +
         (at_ < text_.size() ? std::string(", got '") + text_[at_] + "'" : " before the end"));
  }
  static bool is_name_char(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

  std::string name(const char* what) {
    skip_blanks();
    const std::size_t start = at_;
    while (at_ < text_.size() && is_name_char(text_[at_])) ++at_;
    if (start == at_ || std::isdigit(static_cast<unsigned char>(text_[start]))) {
      at_ = start;
      fail(std::string("expected ") + what);
    }
    return std::string(text_.substr(start, at_ - start));
  }

  /// A number or word after `attribute=`.
  std::string word() {
    skip_blanks();
    const std::size_t start = at_;
    while (at_ < text_.size() &&
           (is_name_char(text_[at_]) || std::string_view("+-./").find(text_[at_]) != text_.npos))
      ++at_;
    if (start == at_) fail("expected an attribute's value");
    return std::string(text_.substr(start, at_ - start));
  }

  /// A word, or several in brackets: "[2, 1]" is the attribute's text "2,1".
  std::string attribute_value() {
    if (!accept('[')) return word();
    std::string list;
    do {
      list += (list.empty() ? "" : ",") + word();
    } while (accept(','));
    expect(']');
    return list;
  }

  bool at_number() {
    skip_blanks();
    return at_ < text_.size() &&
           (std::isdigit(static_cast<unsigned char>(text_[at_])) || text_[at_] == '.' || text_[at_] == '-');
  }

  std::vector<Program::Slot> right_hand_side(std::size_t wanted) {
    const std::size_t column = place();
    auto slots = sum();
    if (slots.size() != wanted)
      fail_at(column, "this gives " + std::to_string(slots.size()) + " value(s) for " +
                          std::to_string(wanted) + " name(s)");
    return slots;
  }

  std::vector<Program::Slot> sum() {
    auto left = term();
    while (peek('+')) {
      if (left.size() != 1) fail("'+' joins single values");
      expect('+');
      const auto right = term();
      if (right.size() != 1) fail("'+' joins single values");
      left = {define(Program::Call{find_operation("add"), {left[0], right[0]}, {}}, 1)};
    }
    return left;
  }

  Program::Slot single() {
    const std::size_t column = place();
    const auto slots = sum();
    if (slots.size() != 1) fail_at(column, "a single value is needed here");
    return slots[0];
  }

  std::vector<Program::Slot> term() {
    if (accept('(')) {
      auto inner = sum();
      expect(')');
      return inner;
    }
    if (at_number()) return {define(Program::Constant{word()}, 1)};
    const std::size_t column = place();
    const std::string word = name("a value or an operation");
    if (accept('(')) return word == "gradient" ? gradient(column) : call(word, column);
    if (const auto slot = program_.find(word)) return {*slot};
    std::vector<std::string> known;
    for (const auto& [known_name, slot] : program_.names_) known.push_back(known_name);
    fail_at(column, "'" + word + "' is not defined" + suggestion(word, known));
  }

  static std::string suggestion(std::string_view word, const std::vector<std::string>& known) {
    const std::string near = assay::nearest(word, known);
    return near.empty() ? "" : "; did you mean '" + near + "'?";
  }

  std::vector<Program::Slot> own_call(const std::shared_ptr<const OwnFunction>& function,
                                      std::size_t column) {
    Program::Own result{function, {}};
    if (!accept(')')) {
      do {
        result.arguments.push_back(single());
      } while (accept(','));
      expect(')');
    }
    if (result.arguments.size() != function->inputs())
      fail_at(column, function->name() + " takes " + std::to_string(function->inputs()) + " arguments, not " +
                          std::to_string(result.arguments.size()));
    const std::size_t outputs = function->outputs();
    return outputs_from(define(std::move(result), outputs), outputs);
  }

  std::vector<Program::Slot> call(const std::string& operation_name, std::size_t column) {
    const auto is_called = [&](const auto& function) { return function->name() == operation_name; };
    if (const auto own = std::ranges::find_if(own_, is_called); own != own_.end())
      return own_call(*own, column);
    const Operation* const operation = find_operation(operation_name);
    if (operation == nullptr) {
      std::vector<std::string> known{"gradient"};
      for (const Operation& other : catalogue()) known.emplace_back(other.name);
      for (const auto& function : own_) known.push_back(function->name());
      fail_at(column, "there is no operation '" + operation_name + "'" + suggestion(operation_name, known));
    }
    Program::Call result{operation, {}, {}};
    if (!accept(')')) {
      do {
        if (!attribute(result)) result.arguments.push_back(single());
      } while (accept(','));
      expect(')');
    }
    while (result.arguments.size() < operation->inputs.size() &&
           operation->inputs[result.arguments.size()].optional)
      result.arguments.push_back(
          define(Program::Absent{operation->inputs[result.arguments.size()].index}, 1));
    if (result.arguments.size() != operation->inputs.size())
      fail_at(column, takes(*operation, result.arguments.size()));
    return outputs_from(define(std::move(result), operation->outputs.size()), operation->outputs.size());
  }

  static std::string takes(const Operation& operation, std::size_t given) {
    std::string inputs;
    for (const auto& input : operation.inputs)
      inputs += (inputs.empty() ? "" : ", ") + std::string(input.name) + (input.optional ? "?" : "");
    return std::string(operation.name) + " takes " + std::to_string(operation.inputs.size()) + " inputs (" +
           inputs + "), not " + std::to_string(given);
  }

  /// `axis=1` and the like; false, and nothing consumed, where an argument stands instead.
  bool attribute(Program::Call& call) {
    const std::size_t start = at_;
    skip_blanks();
    std::size_t end = at_;
    while (end < text_.size() && is_name_char(text_[end])) ++end;
    const std::string key(text_.substr(at_, end - at_));
    const std::size_t column = place();
    at_ = end;
    if (key.empty() || !accept('=')) {
      at_ = start;
      return false;
    }
    std::vector<std::string> known;
    for (const auto& spec : call.operation->attributes) known.emplace_back(spec.name);
    if (std::ranges::find(known, key) == known.end())
      fail_at(column,
              std::string(call.operation->name) + " has no attribute '" + key + "'" + suggestion(key, known));
    if (!call.attributes.emplace(key, attribute_value()).second)
      fail_at(column, "attribute '" + key + "' is given twice");
    refuse_loose_number(key, call.attributes[key]);
    return true;
  }

  /// After `stride=2` a second number can only have been meant for a list.
  void refuse_loose_number(const std::string& key, const std::string& value) {
    const std::size_t start = at_;
    const bool loose = accept(',') && at_number();
    if (loose) fail("a list of numbers needs brackets: " + key + "=[" + value + "," + word() + "]");
    at_ = start;
  }

  std::vector<Program::Slot> gradient(std::size_t column) {
    Program::Gradient result{single(), {}, {}};
    expect(',');
    expect('[');
    do {
      result.with_respect_to.push_back(single());
    } while (accept(','));
    expect(']');
    if (accept(',')) result.upstream = single();
    expect(')');
    const auto needed = program_.depending_on(result.with_respect_to);
    for (std::size_t step = 0; step <= program_.step_of_slot_[result.target]; ++step)
      if (std::holds_alternative<Program::Gradient>(program_.steps_[step].what) &&
          needed[program_.steps_[step].first] && depends_on(result.target, step))
        fail_at(column, "a gradient of a gradient is not supported");
    const std::size_t outputs = result.with_respect_to.size();
    return outputs_from(define(std::move(result), outputs), outputs);
  }

  bool depends_on(Program::Slot slot, std::size_t step) const {
    const std::size_t defined = program_.step_of_slot_[slot];
    if (defined == step) return true;
    const auto& what = program_.steps_[defined].what;
    const auto* const call = std::get_if<Program::Call>(&what);
    const auto* const own = std::get_if<Program::Own>(&what);
    if (!call && !own) return false;
    return std::ranges::any_of(call ? call->arguments : own->arguments,
                               [&](Program::Slot input) { return depends_on(input, step); });
  }

  static std::vector<Program::Slot> outputs_from(Program::Slot first, std::size_t count) {
    std::vector<Program::Slot> slots(count);
    for (std::size_t i = 0; i < count; ++i) slots[i] = first + i;
    return slots;
  }

  Program& program_;
  const OwnFunctions& own_;
  std::size_t statement_ = 0;
  std::string_view text_;
  std::size_t at_ = 0;
};

Program Program::parse(std::span<const std::string> statements, std::span<const std::string> inputs,
                       const OwnFunctions& own) {
  Program program;
  ProgramParser parser(program, own);
  for (const std::string& input : inputs) program.names_.emplace_back(input, parser.define(Input{input}, 1));
  for (std::size_t i = 0; i < statements.size(); ++i) parser.statement(i, statements[i]);
  return program;
}

bool Program::has_own_functions() const {
  return std::ranges::any_of(steps_, [](const Step& step) { return std::holds_alternative<Own>(step.what); });
}

std::optional<Tolerance> Program::tolerance() const {
  for (const Step& step : steps_)
    if (const auto* const own = std::get_if<Own>(&step.what))
      if (auto tolerance = own->function->tolerance()) return tolerance;
  return std::nullopt;
}

std::vector<bool> Program::depending_on(const std::vector<Slot>& slots) const {
  std::vector<bool> depends(slots_, false);
  for (const Slot slot : slots) depends[slot] = true;
  const auto any = [&](const std::vector<Slot>& from) {
    return std::ranges::any_of(from, [&](Slot slot) { return depends[slot]; });
  };
  for (const Step& step : steps_) {
    bool on = false;
    if (const auto* const call = std::get_if<Call>(&step.what)) on = any(call->arguments);
    if (const auto* const own = std::get_if<Own>(&step.what)) on = any(own->arguments);
    if (const auto* const gradient = std::get_if<Gradient>(&step.what))
      on = depends[gradient->target] || any(gradient->with_respect_to) ||
           (gradient->upstream && depends[*gradient->upstream]);
    for (Slot slot = step.first; on && slot < step.first + step.outputs; ++slot) depends[slot] = true;
  }
  return depends;
}

std::optional<Program::Slot> Program::find(std::string_view name) const {
  // A result may bear an input's name only if it is defined later; the last definition counts.
  for (std::size_t i = names_.size(); i-- > 0;)
    if (names_[i].first == name) return names_[i].second;
  return std::nullopt;
}

}  // namespace assay::oracles
