/// assay oracle: exact values and gradients, for programs line by line, and for a person in a few words.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "graders/cli/commands.hpp"
#include "graders/cli/oracle_json.hpp"
#include "graders/cli/oracle_text.hpp"
#include "graders/cli/terminal.hpp"
#include "graders/report/report.hpp"
#include "oracles/listing.hpp"

namespace assay::cli {
namespace {

using oracles::AskError;
using oracles::OperationListing;
using oracles::Question;

OperationListing listing_of(const std::string& operation) {
  for (OperationListing& entry : oracles::operation_listing())
    if (entry.name == operation) return std::move(entry);
  ask(Question{operation, {}, {}, {}, {}, 0});  // says which one is meant
  throw AskError("unknown_operation", "op", operation);
}

int serve(const OracleOptions& options) {
  bool any_error = false;
  for (std::string line; std::getline(std::cin, line);) {
    if (line.find_first_not_of(" \t\r") == line.npos) continue;
    const Reply reply = reply_to(line, options.operation);
    any_error = any_error || reply.is_error;
    fmt::print("{}\n", reply.line);
    std::fflush(stdout);
  }
  return any_error ? falls_short : done;
}

/// The words after the operation: --NAME VALUE or --NAME=VALUE.
std::vector<std::pair<std::string, std::string>> named_values(const std::vector<std::string>& words) {
  std::vector<std::pair<std::string, std::string>> named;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!words[i].starts_with("--"))
      throw InputError("unexpected word \"" + words[i] + "\"; inputs and attributes are named, as in --" +
                       "logits \"0, 1, 710\"");
    const std::string name = words[i].substr(2, words[i].find('=') - 2);
    if (words[i].find('=') != std::string::npos) {
      named.emplace_back(name, words[i].substr(words[i].find('=') + 1));
      continue;
    }
    if (i + 1 == words.size()) throw InputError("--" + name + " needs a value");
    named.emplace_back(name, words[++i]);
  }
  return named;
}

/// Puts a value where its name belongs: an input, an attribute, or the upstream gradient of the first output.
void assign(Question& question, const OperationListing& operation, const std::string& name,
            const std::string& value) {
  const auto named = [&](const auto& spec) { return spec.name == name; };
  if (const auto input = std::ranges::find_if(operation.inputs, named); input != operation.inputs.end()) {
    question.inputs[name] = tensor_from_words(value, input->shape, "--" + name);
  } else if (std::ranges::any_of(operation.attributes, named)) {
    question.attributes[name] = value;
  } else if (name == "upstream") {
    const auto& output = operation.outputs.front();
    question.upstream[output.name] = tensor_from_words(value, "(...)", "--upstream");
  } else {
    throw InputError(unknown_name(operation, name));
  }
}

/// A scalar's upstream gradient is 1; of anything else it has to be given.
void ask_for_gradient(Question& question) {
  const oracles::Answer answer = ask(question);
  const auto& first = answer.outputs.front();
  if (!first.shape.empty())
    throw InputError("--gradient takes 1 for the upstream gradient of a scalar; " + question.operation +
                     " returns shape " + oracles::to_string(first.shape) + ", so say --upstream \"...\"");
  question.upstream[first.name] = oracles::TextTensor::scalar("1");
}

int answer_person(const OracleOptions& options, const OperationListing& operation) {
  Question question{options.operation, {}, {}, {}, options.bits, options.digits > 0 ? options.digits : 20};
  for (const auto& [name, value] : named_values(options.named)) assign(question, operation, name, value);
  if (options.gradient && question.upstream.empty()) ask_for_gradient(question);
  const oracles::Answer answer = ask(question);
  if (options.json)
    fmt::print("{}\n", to_json(answer, true).dump());
  else
    fmt::print("{}", answer_text(question, answer, unstable_results(question)));
  return done;
}

}  // namespace

int oracle(const OracleOptions& options) {
  try {
    if (options.operation.empty()) {
      if (options.example || options.examples || !options.named.empty())
        throw InputError("name an operation first; see assay list ops");
      if (isatty(STDIN_FILENO))
        throw InputError("name an operation, or pipe in one JSON request a line; see assay list ops");
      return serve(options);
    }
    const OperationListing operation = listing_of(options.operation);
    if (options.example || options.examples) {
      auto questions = oracles::example_questions(options.operation);
      if (!options.examples) questions.resize(1);
      for (const Question& question : questions) fmt::print("{}\n", to_json(question).dump());
      return done;
    }
    if (!options.named.empty()) return answer_person(options, operation);
    if (!isatty(STDIN_FILENO)) return serve(options);
    fmt::print("{}", operation_text(operation, program_name()));
    return done;
  } catch (const AskError& error) {
    throw InputError(error.what());
  }
}

}  // namespace assay::cli
