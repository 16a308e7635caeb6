#include "graders/own/functions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "fixtures/load.hpp"
#include "graders/own/library.hpp"
#include "oracles/catalogue.hpp"
#include "oracles/own_function.hpp"
#include "properties/formula/formula.hpp"
#include "properties/own_formula.hpp"

namespace assay::graders {
namespace {

using fixtures::LoadError;
using fixtures::OwnFunctionSpec;
using Function = std::shared_ptr<const oracles::OwnFunction>;

Function formula_of(const fixtures::Assignment& assignment, const OwnFunctionSpec& own) {
  try {
    return properties::own_formula(own.name, own.inputs, own.formula);
  } catch (const properties::formula::FormulaError& error) {
    throw LoadError(assignment.file, own.text_place,
                    fmt::format("the formula of \"{}\": {}\n{}", own.name, error.what(),
                                properties::formula::pointed(own.formula, error.offset)));
  } catch (const std::invalid_argument& error) {
    throw LoadError(assignment.file, own.text_place,
                    fmt::format("the formula of \"{}\": {}", own.name, error.what()));
  }
}

}  // namespace

oracles::OwnFunctions own_functions(const fixtures::Assignment& assignment) {
  std::map<std::string, std::vector<const OwnFunctionSpec*>> files;
  for (const OwnFunctionSpec& own : assignment.own) {
    if (oracles::find_operation(own.name))
      throw LoadError(
          assignment.file, own.place,
          fmt::format("\"{}\" is an operation of the catalogue already (assay list ops); call yours "
                      "by another name",
                      own.name));
    if (!own.file.empty()) files[own.file].push_back(&own);
  }
  std::map<std::string, Function> compiled;
  for (const auto& [file, functions] : files)
    for (const Function& function : compiled_functions(assignment, functions))
      compiled[function->name()] = function;
  oracles::OwnFunctions all;
  for (const OwnFunctionSpec& own : assignment.own)
    all.push_back(own.file.empty() ? formula_of(assignment, own) : compiled.at(own.name));
  return all;
}

bool runs_author_code(const oracles::Program& program, const fixtures::Assignment& assignment) {
  return std::ranges::any_of(program.steps(), [&](const oracles::Program::Step& step) {
    const auto* const call = std::get_if<oracles::Program::Own>(&step.what);
    return call && std::ranges::any_of(assignment.own, [&](const OwnFunctionSpec& own) {
             return !own.file.empty() && own.name == call->function->name();
           });
  });
}

}  // namespace assay::graders
