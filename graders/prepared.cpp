#include "graders/prepared.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "fixtures/load.hpp"
#include "graders/criteria/calls.hpp"
#include "graders/criteria/kind.hpp"
#include "graders/diagnosis/mistake_table.hpp"
#include "graders/driver/assay/wire.hpp"
#include "graders/own/functions.hpp"
#include "graders/own/reference.hpp"
#include "graders/own/rehearsal.hpp"
#include "graders/pricing.hpp"

namespace assay::graders {
namespace {

using fixtures::Criterion;
using fixtures::FunctionSpec;
using fixtures::LoadError;

/// An oracle's own statement, for messages.
std::string quoted_statement(const FunctionSpec& function, std::size_t statement) {
  return statement < function.oracle.size() ? "\"" + function.oracle[statement] + "\"" : "the oracle";
}

/// Where the truths of an assignment come from.
struct Sources {
  const fixtures::Assignment& assignment;
  const Sandbox* sandbox = nullptr;
  oracles::OwnFunctions own = {};
  std::shared_ptr<ReferenceProgram> reference = nullptr;  ///< made when first needed
};

std::unique_ptr<PreparedFunction> compared_with_reference(Sources& sources, const FunctionSpec& spec) {
  if (!sources.sandbox)
    throw LoadError(
        sources.assignment.file, spec.oracle_place,
        fmt::format("the truth of '{}' is the reference solution, which needs a sandbox", spec.name));
  if (!sources.reference) sources.reference = reference_program(*sources.sandbox, sources.assignment);
  auto function = std::make_unique<PreparedFunction>();
  function->spec = &spec;
  function->replies = replies_of(spec);
  function->program =
      std::make_shared<const oracles::Program>(reference_truth(sources.reference, sources.assignment, spec));
  function->evidence = reference_evidence(*spec.reference_truth);
  return function;
}

std::unique_ptr<PreparedFunction> prepare_function(Sources& sources, const FunctionSpec& spec) {
  if (spec.reference_truth) return compared_with_reference(sources, spec);
  const fixtures::Assignment& assignment = sources.assignment;
  std::vector<std::string> inputs;
  for (const std::string& argument : spec.arguments)
    if (assignment.inputs.contains(argument)) inputs.push_back(argument);
  auto function = std::make_unique<PreparedFunction>();
  function->spec = &spec;
  function->replies = replies_of(spec);
  try {
    function->program =
        std::make_shared<const oracles::Program>(oracles::Program::parse(spec.oracle, inputs, sources.own));
  } catch (const oracles::ProgramError& error) {
    throw LoadError(
        assignment.file, spec.oracle_place,
        fmt::format("oracle of '{}', statement {}, {}, column {}: {}", spec.name, error.statement + 1,
                    quoted_statement(spec, error.statement), error.column, error.what()));
  }
  for (const std::string& result : spec.results)
    if (!function->program->find(result))
      throw LoadError(assignment.file, spec.oracle_place,
                      fmt::format("the oracle of '{}' defines no '{}'; add a statement \"{} = ...\"",
                                  spec.name, result, result));
  return function;
}

/// The inputs that a criterion's cases hold, with the criterion's replacements.
std::vector<fixtures::InputSpec> inputs_of(const fixtures::Assignment& assignment,
                                           const Criterion& criterion) {
  std::vector<fixtures::InputSpec> inputs;
  for (const std::string& name : criterion.draws) {
    const auto replaced = criterion.inputs.find(name);
    inputs.push_back(replaced != criterion.inputs.end() ? replaced->second : assignment.inputs.at(name));
  }
  return inputs;
}

std::map<std::string, fixtures::Dimension> dimensions_of(const fixtures::Assignment& assignment,
                                                         const Criterion& criterion) {
  auto dimensions = assignment.dimensions;
  for (const auto& [name, range] : criterion.dimensions) dimensions[name] = range;
  return dimensions;
}

std::string text_of(const fixtures::InputSpec& input) {
  std::string text = fmt::format("{}[{}]", input.name, fmt::join(input.shape, ","));
  if (const auto* real = std::get_if<fixtures::RealValues>(&input.values))
    return text + fmt::format("{}..{} grid {} up {};{}", real->low, real->high, real->grid.value_or(""),
                              real->upstream, real->binary32 ? " float;" : "");
  return text + std::get<fixtures::LabelValues>(input.values).dimension + ";";
}

/// Criteria with equal keys ask for the same calls.
std::string group_key(const fixtures::Assignment& assignment, const Criterion& criterion) {
  std::string key = fmt::format("{}|{}|{}|", criterion.function, criterion.cases,
                                criterion.slack.value_or(assignment.slack));
  for (const auto& input : inputs_of(assignment, criterion)) key += text_of(input);
  for (const auto& [name, range] : dimensions_of(assignment, criterion))
    key += fmt::format("|{}={}..{}", name, range.low, range.high);
  for (const auto& pinned : criterion.pinned) {
    key += "|" + pinned.note;
    for (const auto& [name, literal] : pinned.inputs)
      key += fmt::format(";{}({})={}", name, fmt::join(literal.shape, ","), fmt::join(literal.numbers, ","));
  }
  if (!kind_named(criterion.kind).rule) key += "|" + criterion.kind + " " + criterion.id;
  return key;
}

/// Another function or other inputs draw other cases from the same seed.
std::uint64_t group_seed(std::uint64_t seed, const std::string& key) {
  const auto mark = wire::checksum(reinterpret_cast<const unsigned char*>(key.data()), key.size());
  return seed ^ (std::uint64_t{mark} << 32);
}

/// A case before its truth is known, and who asked for it.
struct Planned {
  properties::Case one;
  fixtures::Place place;
};

std::vector<Planned> planned_cases(const CaseGroup& group, const Criterion& criterion) {
  std::vector<Planned> all;
  std::size_t index = 0;
  for (const auto& pinned : criterion.pinned)
    all.push_back({group.generator.complete(pinned, index++), pinned.place});
  for (std::size_t i = 0; i < criterion.cases; ++i)
    all.push_back({group.generator.draw(index++),
                   group.function ? group.function->spec->oracle_place : criterion.place});
  return all;
}

/// "the pinned case \"a tie\"", or "drawn case 3 (N = 2, D = 1)".
std::string name_of(const Planned& planned, std::size_t number) {
  if (!planned.one.pinned.empty()) return fmt::format("the pinned case \"{}\"", planned.one.pinned);
  std::vector<std::string> extents;
  for (const auto& [name, extent] : planned.one.extents)
    extents.push_back(fmt::format("{} = {}", name, extent));
  return fmt::format("case {}{}", number,
                     extents.empty() ? "" : fmt::format(" ({})", fmt::join(extents, ", ")));
}

/// Truths of the author's own are put to the test before they judge anybody.
void rehearse_author_code(const fixtures::Assignment& assignment, const CaseGroup& group,
                          const std::vector<Planned>& planned) {
  if (!group.function || !runs_author_code(*group.function->program, assignment)) return;
  const auto mishap =
      rehearse(planned.size(), [&](std::size_t i) { group.function->expect(planned[i].one, group.slack); });
  if (mishap)
    throw LoadError(assignment.file, planned[mishap->step].place,
                    fmt::format("the oracle of '{}' {} on {}", group.function->spec->name, mishap->what,
                                name_of(planned[mishap->step], mishap->step)));
}

/// The catalogue is defined wherever its domain says; what an author writes may be 0/0 by mistake.
void refuse_unknown(const fixtures::Assignment& assignment, const PreparedFunction& function,
                    const oracles::Expected& expected, const Planned& planned, std::size_t number) {
  if (!function.program->has_own_functions()) return;
  for (const std::string& result : function.spec->results)
    if (const auto element = expected.unknown_element(result))
      throw LoadError(
          assignment.file, planned.place,
          fmt::format("the oracle of '{}' gives no number (NaN) for element {} of '{}' on {}: it divides "
                      "by zero there, or leaves the domain of a function",
                      function.spec->name, *element, result, name_of(planned, number)));
}

void add_cases(const fixtures::Assignment& assignment, CaseGroup& group, const Criterion& criterion) {
  std::vector<Planned> all = planned_cases(group, criterion);
  rehearse_author_code(assignment, group, all);
  for (std::size_t number = 0; number < all.size(); ++number) {
    Planned& planned = all[number];
    try {
      if (group.function) {
        group.expected.push_back(group.function->expect(planned.one, group.slack));
        refuse_unknown(assignment, *group.function, group.expected.back(), planned, number);
      }
    } catch (const oracles::ShapeError& error) {
      const bool own = group.function->program->has_own_functions();
      throw LoadError(assignment.file, planned.place,
                      fmt::format("the oracle of '{}' does not fit these inputs{}: {}", criterion.function,
                                  own ? ", " + name_of(planned, number) : "", error.what()));
    }
    group.cases.push_back(std::move(planned.one));
  }
}

std::size_t count_set_aside(const PreparedCriterion& criterion, const CaseGroup& group) {
  return static_cast<std::size_t>(
      std::ranges::count_if(group.expected, [&](const oracles::Expected& expected) {
        return std::ranges::all_of(criterion.spec->results,
                                   [&](const std::string& result) { return expected.vacuous(result); });
      }));
}

void warn_about_set_aside(Prepared& prepared, const PreparedCriterion& criterion, std::size_t cases) {
  if (10 * criterion.set_aside > cases)
    prepared.warnings.push_back(
        fmt::format("criterion '{}': {} of {} cases are set aside, because on them even an honest "
                    "implementation may lose "
                    "three digits; narrow the ranges of its inputs",
                    criterion.spec->id, criterion.set_aside, cases));
}

/// A new group with its cases; `function` may be null.
CaseGroup make_group(const fixtures::Assignment& source, const Criterion& criterion,
                     const PreparedFunction* function, const std::string& key) {
  CaseGroup group{
      function,
      {inputs_of(source, criterion), dimensions_of(source, criterion), group_seed(source.seed, key)},
      criterion.slack.value_or(source.slack),
      {},
      {},
      {},
      nullptr,
      nullptr};
  add_cases(source, group, criterion);
  if (function) group.mistakes = std::make_shared<const diagnosis::MistakeTable>(*function, group.slack);
  return group;
}

/// Groups and criteria; the functions are there.
void add_criteria(Prepared& prepared) {
  const fixtures::Assignment& source = prepared.assignment;
  std::vector<std::string> keys;
  for (const Criterion& criterion : source.criteria) {
    const PreparedFunction* function =
        criterion.function.empty() ? nullptr : &prepared.function(criterion.function);
    const std::string key = group_key(source, criterion);
    const auto place = static_cast<std::size_t>(std::ranges::find(keys, key) - keys.begin());
    PreparedCriterion entry{&criterion, parse_points(criterion.points), 0};
    if (place == keys.size()) {
      keys.push_back(key);
      prepared.groups.push_back(make_group(source, criterion, function, key));
    }
    CaseGroup& group = prepared.groups[place];
    const Kind& kind = kind_named(criterion.kind);
    if (!group.judge) group.judge = kind.rule ? calls_judge() : kind.prepare(prepared, group, entry);
    group.criteria.push_back(prepared.criteria.size());
    if (kind.rule == judge_values) entry.set_aside = count_set_aside(entry, group);
    warn_about_set_aside(prepared, entry, group.cases.size());
    prepared.total += entry.points;
    prepared.criteria.push_back(std::move(entry));
  }
}

}  // namespace

/// The values come back after the return value in the order of the parameters.
std::vector<std::string> replies_of(const FunctionSpec& function) {
  const auto& results = function.results;
  std::vector<std::string> names;
  for (const std::string& result : results)
    if (std::ranges::find(function.arguments, result) == function.arguments.end()) names.push_back(result);
  for (const std::string& argument : function.arguments)
    if (std::ranges::find(results, argument) != results.end() ||
        std::ranges::find(function.by_reference, argument) != function.by_reference.end())
      names.push_back(argument);
  return names;
}

fixtures::NumberFormat PreparedFunction::format(const std::string& result) const {
  const auto found = spec->formats.find(result);
  return found == spec->formats.end() ? fixtures::NumberFormat::float64 : found->second;
}

oracles::FloatFormat PreparedFunction::float_format(const std::string& result) const {
  return format(result) == fixtures::NumberFormat::float32 ? oracles::FloatFormat::binary32
                                                           : oracles::FloatFormat::binary64;
}

oracles::Expected PreparedFunction::expect(const properties::Case& one, std::string_view slack,
                                           std::shared_ptr<const oracles::Variation> variation) const {
  std::vector<oracles::FloatFormat> formats;
  for (const std::string& result : spec->results) formats.push_back(float_format(result));
  return {program, spec->results, one.inputs, formats, slack, std::move(variation)};
}

const PreparedFunction& Prepared::function(const std::string& name) const {
  return **std::ranges::find_if(functions, [&](const auto& one) { return one->spec->name == name; });
}

Prepared prepare(fixtures::Assignment assignment, const Sandbox* sandbox) {
  Prepared prepared;
  prepared.assignment = std::move(assignment);
  const auto& source = prepared.assignment;
  Sources sources{source, sandbox, own_functions(source)};
  for (const FunctionSpec& function : source.functions) {
    prepared.functions.push_back(prepare_function(sources, function));
    if (const auto& evidence = prepared.functions.back()->evidence; !evidence.empty())
      prepared.warnings.push_back(
          fmt::format("function '{}' is {}: weaker evidence than an oracle", function.name, evidence));
  }

  add_criteria(prepared);
  check_prices(prepared);
  return prepared;
}

Prepared redrawn(const Prepared& prepared, std::uint64_t seed) {
  Prepared other;
  other.assignment = prepared.assignment;
  other.assignment.seed = seed;
  std::erase_if(other.assignment.criteria,
                [](const Criterion& criterion) { return !kind_named(criterion.kind).draws; });
  for (std::size_t i = 0; i < prepared.functions.size(); ++i) {
    other.functions.push_back(std::make_unique<PreparedFunction>(*prepared.functions[i]));
    other.functions.back()->spec = &other.assignment.functions[i];
  }
  add_criteria(other);
  return other;
}

}  // namespace assay::graders
