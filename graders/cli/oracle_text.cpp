#include "graders/cli/oracle_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "fixtures/nearest.hpp"
#include "graders/cli/oracle_json.hpp"
#include "graders/cli/terminal.hpp"

namespace assay::cli {
namespace {

using oracles::AnswerTensor;
using oracles::TextTensor;

constexpr std::size_t most_elements = 64;     // printed for a person
constexpr std::size_t longest_fraction = 24;  // longer ones are easier to read as digits

/// The shortest digits that give the number back.
template <class F>
std::string float_text(F value) {
  return std::isnan(value) ? "nan" : fmt::format("{}", value);
}

std::vector<std::string> split(const std::string& text, std::string_view separators) {
  std::vector<std::string> parts;
  std::size_t at = 0;
  while ((at = text.find_first_not_of(separators, at)) != text.npos) {
    const std::size_t end = std::min(text.find_first_of(separators, at), text.size());
    parts.push_back(text.substr(at, end - at));
    at = end;
  }
  return parts;
}

TextTensor rows_from(const std::string& words, const std::string& where) {
  TextTensor result{oracles::Shape{0}};
  const auto rows = split(words, ";");
  for (const std::string& row : rows) {
    const auto numbers = split(row, ", \t");
    if (result.shape[0] == 0) result.shape[0] = numbers.size();
    if (numbers.size() != result.shape[0]) throw InputError(where + ": rows of one length are needed");
    result.data.insert(result.data.end(), numbers.begin(), numbers.end());
  }
  if (result.data.empty()) throw InputError(where + " is empty; write numbers, as in \"0, 1, 710\"");
  if (rows.size() > 1)
    result.shape.insert(result.shape.begin(), rows.size());
  else if (result.data.size() > 1 || words.find(',') != words.npos)
    result.shape = {result.data.size()};
  else
    result.shape = {};
  return result;
}

/// How many axes "(N, C)" has; nothing for "(...)", which is any number, and "(like X)".
std::optional<std::size_t> rank_of(std::string_view shape) {
  if (shape.starts_with("(like ")) return std::nullopt;
  if (shape.find("...") != shape.npos || shape.find("or") != shape.npos) return std::nullopt;
  if (shape == "()") return 0;
  return 1 + static_cast<std::size_t>(std::ranges::count(shape, ','));
}

/// (1, 2) of row-major element 5 in (2, 3).
std::string index_text(std::size_t element, const oracles::Shape& shape) {
  std::string text;
  for (std::size_t axis = shape.size(); axis-- > 0; element /= shape[axis])
    text = std::to_string(element % shape[axis]) + (text.empty() ? "" : ", ") + text;
  return shape.empty() ? "" : "[" + text + "]";
}

/// What became of a number in floating point.
std::string off_text(double got, double ulps, const AnswerTensor& truth, std::size_t i) {
  if (std::isnan(got)) return truth.digits[i] == "nan" ? "" : "wrong";
  if (std::isinf(got)) return ulps == 0 ? "exact" : "overflow";
  if (got == 0 && truth.digits[i] != "0" && ulps > 0) return "underflow";
  if (ulps == 0) return truth.radius[i] == "0" ? "exact" : "off 0 ulp";
  return ulps < 100 ? fmt::format("off {:.2g} ulp", ulps) : fmt::format("off {:.1e} ulp", ulps);
}

/// Digits; where the truth is a set, as the derivative at a kink, the ends of its enclosure.
std::string exact_text(const AnswerTensor& tensor, std::size_t i) {
  if (!tensor.exact.empty() && tensor.exact[i].size() <= longest_fraction) return tensor.exact[i];
  const double width = tensor.high[i] - tensor.low[i];
  if (width > 1e-6 * (1e-300 + std::fabs(tensor.nearest[i])))
    return fmt::format("any of [{:.6g}, {:.6g}]", tensor.low[i], tensor.high[i]);
  return tensor.digits[i];
}

std::string tensor_text(const AnswerTensor& tensor) {
  std::string text = fmt::format("{} {}\n", tensor.name, oracles::to_string(tensor.shape));
  std::size_t width = 0;
  const std::size_t shown = std::min(most_elements, tensor.digits.size());
  for (std::size_t i = 0; i < shown; ++i) width = std::max(width, index_text(i, tensor.shape).size());
  for (std::size_t i = 0; i < shown; ++i) {
    text += fmt::format("  {:<{}}  {}\n", index_text(i, tensor.shape), width, exact_text(tensor, i));
    text += fmt::format("  {:<{}}    float64  {:<24} {}\n", "", width, float_text(tensor.float64[i]),
                        off_text(tensor.float64[i], tensor.float64_ulps[i], tensor, i));
    text += fmt::format("  {:<{}}    float32  {:<24} {}\n", "", width,
                        float_text(static_cast<float>(tensor.float32[i])),
                        off_text(tensor.float32[i], tensor.float32_ulps[i], tensor, i));
  }
  if (shown < tensor.digits.size())
    text += fmt::format("  ... {} more elements; --json has them all\n", tensor.digits.size() - shown);
  return text;
}

/// Words of a sentence in lines of 78 columns at most.
std::string filled(const std::string& sentence) {
  std::string text = " ";
  std::size_t column = 1;
  for (const std::string& word : split(sentence, " ")) {
    if (column + 1 + word.size() > 78) {
      text += "\n ";
      column = 1;
    }
    text += " " + word;
    column += 1 + word.size();
  }
  return text;
}

std::string joined(const std::vector<double>& values) {
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(values.size(), 8); ++i)
    text += (i ? ", " : "") + (std::isnan(values[i]) ? "nan" : fmt::format("{:.6g}", values[i]));
  return text + (values.size() > 8 ? ", ..." : "");
}

}  // namespace

TextTensor tensor_from_words(const std::string& words, std::string_view shape, const std::string& where) {
  TextTensor result;
  if (words.find('[') != words.npos) {
    try {
      result = read_tensor(nlohmann::json::parse(words), where);
    } catch (const nlohmann::json::exception&) {
      throw InputError(where + " is no list of numbers; write [[1, 2], [3, 4]], or \"1 2; 3 4\"");
    }
  } else {
    result = rows_from(words, where);
  }
  if (const auto rank = rank_of(shape))
    while (result.shape.size() < *rank) result.shape.insert(result.shape.begin(), 1);
  return result;
}

std::string unknown_name(const oracles::OperationListing& operation, const std::string& name) {
  std::vector<std::string> known{"upstream"};
  for (const auto& input : operation.inputs) known.push_back(input.name);
  for (const auto& attribute : operation.attributes) known.push_back(attribute.name);
  const std::string near = assay::nearest(name, known);
  std::string text = operation.name + " has no input or attribute \"" + name + "\"";
  if (!near.empty()) return text + "; did you mean \"" + near + "\"?";
  for (std::size_t i = 1; i < known.size(); ++i) text += (i == 1 ? "; it has " : ", ") + known[i];
  return text;
}

std::string operation_text(const oracles::OperationListing& operation, const std::string& program) {
  std::string text = fmt::format("{}: {}\n\n", operation.name, operation.formula);
  for (const auto& input : operation.inputs)
    text += fmt::format("  --{:<22} {}{}{}\n", input.name, input.shape, input.index ? ", whole numbers" : "",
                        input.optional ? ", optional" : "");
  for (const auto& attribute : operation.attributes)
    text += fmt::format("  --{:<22} {} (default {})\n", attribute.name, attribute.meaning,
                        attribute.fallback.empty() ? "none" : attribute.fallback);
  for (const auto& output : operation.outputs)
    text += fmt::format("  gives {:<18} {}\n", output.name, output.shape);
  text += fmt::format("\n  domain: {}\n  source: {}\n", operation.domain, operation.source);
  return text + fmt::format("\nTry: {0} oracle {1} --example | {0} oracle\n", program, operation.name);
}

std::string answer_text(const oracles::Question& question, const oracles::Answer& answer,
                        const std::vector<oracles::UnstableResult>& unstable) {
  std::string text = fmt::format("{}, evaluated at {} bits: every digit shown is certain\n\n",
                                 question.operation, answer.bits);
  for (const AnswerTensor& output : answer.outputs) text += tensor_text(output);
  for (AnswerTensor gradient : answer.gradients) {
    gradient.name = "gradient of " + gradient.name;
    text += "\n" + tensor_text(gradient);
  }
  for (const auto& form : unstable)
    text += fmt::format("\nunstable in float64, {}:\n{}\n  {}\n", form.id, filled(form.sentence),
                        joined(form.values));
  return text;
}

}  // namespace assay::cli
