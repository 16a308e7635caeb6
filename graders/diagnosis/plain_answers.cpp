#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "graders/diagnosis/direct.hpp"

namespace assay::graders::diagnosis {
namespace {

template <class Holds>
bool everywhere(const std::vector<Sample>& samples, const Holds& holds) {
  return std::ranges::all_of(samples, holds);
}

bool all_equal(const Values& values, double wanted) {
  return std::ranges::all_of(values.data, [&](double x) { return x == wanted; });
}

bool echoes(const Sample& sample, std::size_t result, const std::string& input) {
  const auto found = sample.one->inputs.find(input);
  const auto* const tensor =
      found == sample.one->inputs.end() ? nullptr : std::get_if<Values>(&found->second);
  return tensor && tensor->data == sample.got[result].data;
}

bool right_in_another_shape(const Sample& sample, std::size_t result, const std::string& name) {
  const oracles::Shape& shape = sample.truth->shape(name);
  const Values& got = sample.got[result];
  if (!sample.fails(result)) return true;
  return got.shape != shape && got.size() == oracles::element_count(shape) &&
         !oracles::is_failure(sample.truth->judge(name, Values(shape, got.data)).outcome);
}

/// What the unstable form gives is wrong in the same way: not finite on the same elements, right elsewhere.
bool fails_alike(const Sample& sample, std::size_t result, const std::string& name, const Values& form) {
  const Values& got = sample.got[result];
  if (got.shape != form.shape) return false;
  const auto mine = sample.truth->outcomes(name, got), its = sample.truth->outcomes(name, form);
  for (std::size_t i = 0; i < got.size(); ++i) {
    const bool wrong = oracles::is_failure(mine[i]);
    if (std::isfinite(got[i]) != std::isfinite(form[i]) || wrong != oracles::is_failure(its[i])) return false;
  }
  return true;
}

}  // namespace

std::vector<Seen> plain_answers(const PreparedFunction& function, std::size_t result,
                                const std::vector<Sample>& samples) {
  const std::string& name = function.spec->results[result];
  const auto got = [&](const Sample& sample) -> const Values& { return sample.got[result]; };
  std::vector<Seen> seen;
  const auto add = [&](std::string id, std::string sentence) {
    seen.push_back({{"relation." + std::move(id), std::move(sentence)}, Kind::plain});
  };
  const auto first = std::ranges::find_if(samples, [&](const Sample& s) { return got(s).size() > 0; });
  if (first == samples.end()) return seen;
  const double constant = got(*first)[0];
  if (everywhere(samples, [&](const Sample& s) { return all_equal(got(s), constant); }) && samples.size() > 1)
    add(constant == 0 ? "zeros" : "constant",
        constant == 0 ? "returns zeros on every input" : fmt::format("returns {} on every input", constant));
  if (everywhere(samples,
                 [&](const Sample& s) { return got(s) == leftovers_of(function, result, got(s).shape); }))
    add("not_written", "never writes this result: it still holds what was there before the call");
  for (const auto& [input, value] : samples.front().one->inputs)
    if (everywhere(samples, [&, input = input](const Sample& s) { return echoes(s, result, input); }))
      add("echo_" + input, "returns the input " + input + " as it is");
  if (everywhere(samples, [&](const Sample& s) { return right_in_another_shape(s, result, name); }))
    add("shape_only", "returns the right numbers in the right order, in another shape");
  return seen;
}

std::vector<Seen> unstable_forms(const PreparedFunction& function, std::size_t result,
                                 const std::vector<Sample>& samples) {
  const std::string& name = function.spec->results[result];
  std::vector<Seen> fitting;
  bool first = true;
  for (const Sample& sample : samples) {
    const auto forms = oracles::unstable_values(*function.program, sample.one->inputs, name);
    if (std::exchange(first, false))
      for (const auto& form : forms) fitting.push_back({{form.id, form.sentence}, Kind::known});
    std::erase_if(fitting, [&](const Seen& one) {
      const auto form = std::ranges::find(forms, one.id, &oracles::UnstableValue::id);
      return form == forms.end() || !fails_alike(sample, result, name, form->value);
    });
    if (fitting.empty()) break;
  }
  return fitting;
}

}  // namespace assay::graders::diagnosis
