#include "graders/criteria/offer.hpp"

#include <algorithm>
#include <stdexcept>

#include "oracles/attribute_access.hpp"
#include "oracles/operation.hpp"

namespace assay::graders {
namespace {

using oracles::Program;

/// The input's name; nothing for any other value.
std::optional<std::string> input_name(const Program& program, Program::Slot slot) {
  const auto* const input = std::get_if<Program::Input>(&program.definition(slot).what);
  return input ? std::optional(input->name) : std::nullopt;
}

/// Nothing unless each argument is an input of the function, or left out.
std::optional<Offer> offer_of_call(const PreparedFunction& function, const Program::Call& call) {
  Offer offer;
  offer.function = &function;
  offer.operation = call.operation;
  offer.attributes = call.attributes;
  for (const Program::Slot slot : call.arguments) {
    const bool left_out = std::holds_alternative<Program::Absent>(function.program->definition(slot).what);
    const auto name = left_out ? std::optional<std::string>("") : input_name(*function.program, slot);
    if (!name) return std::nullopt;
    offer.inputs.push_back(*name);
  }
  return offer;
}

/// The results that a step of the oracle defines.
std::vector<std::string> results_of(const PreparedFunction& function, const Program::Step& step) {
  std::vector<std::string> names(step.outputs);
  for (const std::string& result : function.spec->results) {
    const Program::Slot slot = function.program->find(result).value();
    if (slot >= step.first && slot < step.first + step.outputs) names[slot - step.first] = result;
  }
  return names;
}

std::optional<Offer> offer_of_gradient(const PreparedFunction& function, const Program::Step& step,
                                       const Program::Gradient& gradient) {
  const Program& program = *function.program;
  const Program::Step& target = program.definition(gradient.target);
  const auto* const call = std::get_if<Program::Call>(&target.what);
  if (!call || target.first != gradient.target) return std::nullopt;
  auto offer = offer_of_call(function, *call);
  if (!offer) return std::nullopt;
  offer->gradient = true;
  if (gradient.upstream) {
    const auto name = input_name(program, *gradient.upstream);
    if (!name) return std::nullopt;
    offer->upstream = *name;
  }
  const auto results = results_of(function, step);
  for (std::size_t i = 0; i < call->arguments.size(); ++i) {
    if (call->operation->inputs[i].index) continue;
    std::string& answer = offer->answers.emplace_back();
    for (std::size_t k = 0; k < gradient.with_respect_to.size(); ++k)
      if (gradient.with_respect_to[k] == call->arguments[i]) answer = results[k];
  }
  return offer;
}

/// "1/4" and "0.25" are the same; words are not numbers.
bool same(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const auto is_number = [](std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789./-+") == std::string_view::npos;
  };
  try {
    return is_number(a) && is_number(b) && oracles::parse_rational(a) == oracles::parse_rational(b);
  } catch (const std::invalid_argument&) {
    return false;
  }
}

bool computes_in_double(const Prepared& prepared, const PreparedFunction& function) {
  if (!function.spec->formats.empty()) return false;
  return std::ranges::none_of(function.spec->arguments, [&](const std::string& name) {
    const auto input = prepared.assignment.inputs.find(name);
    const auto* const real = input == prepared.assignment.inputs.end()
                                 ? nullptr
                                 : std::get_if<fixtures::RealValues>(&input->second.values);
    return real && real->binary32;
  });
}

}  // namespace

std::vector<Offer> offers_of(const Prepared& prepared) {
  std::vector<Offer> offers;
  for (const auto& function : prepared.functions) {
    if (!computes_in_double(prepared, *function)) continue;
    for (const Program::Step& step : function->program->steps()) {
      auto results = results_of(*function, step);
      if (std::ranges::all_of(results, &std::string::empty)) continue;
      std::optional<Offer> offer;
      if (const auto* const call = std::get_if<Program::Call>(&step.what)) {
        offer = offer_of_call(*function, *call);
        if (offer) offer->answers = std::move(results);
      } else if (const auto* const gradient = std::get_if<Program::Gradient>(&step.what)) {
        offer = offer_of_gradient(*function, step, *gradient);
      }
      if (offer) offers.push_back(std::move(*offer));
    }
  }
  return offers;
}

const Offer* find_offer(const std::vector<Offer>& offers, std::string_view operation,
                        const oracles::Attributes& attributes, bool gradient) {
  const auto fits = [&](const Offer& offer) {
    return offer.gradient == gradient && offer.operation->name == operation &&
           std::ranges::all_of(offer.operation->attributes, [&](const oracles::AttributeSpec& spec) {
             return same(oracles::text_attribute(offer.attributes, spec),
                         oracles::text_attribute(attributes, spec));
           });
  };
  const auto found = std::ranges::find_if(offers, fits);
  return found == offers.end() ? nullptr : &*found;
}

}  // namespace assay::graders
