#include "graders/own/diagnostics.hpp"

#include <algorithm>
#include <optional>
#include <regex>
#include <sstream>

namespace assay::graders {
namespace {

constexpr std::size_t most_errors = 5;

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
  return text;
}

/// The number types behind the template's parameter are none of the author's business.
std::string in_author_terms(std::string text) {
  const std::string ball =
      "boost::multiprecision::number<assay::oracles::ArbBackend, boost::multiprecision::et_off>";
  text = replaced(std::move(text), "assay::oracles::Var<" + ball + " >", "Scalar");
  text = replaced(std::move(text), ball, "Scalar");
  text = replaced(std::move(text), "assay::oracles::", "");
  text = replaced(std::move(text), "Tensor<long int>", "Labels");
  text =
      replaced(std::move(text), " (operand types are 'const Scalar' and 'const Scalar')", " of two Scalars");
  if (text.find("[-Werror=float-conversion]") != std::string::npos)
    text += R"(; a real constant is number<Scalar>("0.5"))";
  if (text.find("no match for 'operator<'") != std::string::npos ||
      text.find("no match for 'operator>'") != std::string::npos)
    text += "; a ball may not know which is larger: use max, min, relu, abs or select(less(a, b), x, y)";
  return text;
}

/// "3:7" of a line that begins with a file of the author's, and the file as it is seen from the folder.
std::optional<std::string> place_in(const std::string& line, const std::string& folder) {
  static const std::regex place(R"(([^:]+):(\d+):(\d+):.*)");
  std::smatch match;
  if (!line.starts_with(folder) || !std::regex_match(line, match, place)) return std::nullopt;
  return match[1].str().substr(folder.size()) + ":" + match[2].str() + ":" + match[3].str();
}

}  // namespace

std::vector<std::string> author_errors(const std::string& diagnostics, const std::filesystem::path& folder) {
  const std::string prefix = folder.string() + "/";
  std::vector<std::string> errors;
  std::string led_there;
  std::istringstream lines(diagnostics);
  for (std::string line; std::getline(lines, line);) {
    const auto own = place_in(line, prefix);
    const std::size_t mark = line.find("error: ");
    if (mark == std::string::npos) {
      if (own) led_there = *own;
      continue;
    }
    // The cause is the first of a chain; what follows in our headers only repeats it.
    if (!own && led_there.empty() && !errors.empty()) continue;
    std::string place = own ? *own : led_there;
    std::string text = (place.empty() ? "" : place + ": ") + in_author_terms(line.substr(mark + 7));
    const auto same_message = [&](const std::string& other) {
      return other.ends_with(line.substr(mark + 7));
    };
    if (std::ranges::find(errors, text) == errors.end() && std::ranges::none_of(errors, same_message))
      errors.push_back(std::move(text));
    if (errors.size() == most_errors) break;
    led_there.clear();
  }
  return errors;
}

}  // namespace assay::graders
