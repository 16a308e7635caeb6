#include "graders/own/diagnostics.hpp"

#include <optional>
#include <regex>
#include <set>
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
  const std::string file = match[1].str().substr(folder.size());
  // There the wrapper stands for the author's line, and its columns are its own.
  if (file == "assignment.toml") return file + ":" + match[2].str();
  return file + ":" + match[2].str() + ":" + match[3].str();
}

}  // namespace

std::vector<std::string> author_errors(const std::string& diagnostics, const std::filesystem::path& folder) {
  // The wrapper calls its types so: see library.cpp.
  static const std::regex type_of_function(R"(::Own_(\w+))");
  const std::string prefix = folder.string() + "/";
  std::vector<std::string> errors;
  std::set<std::string> told;  // places, and messages: a cause is followed by errors that only repeat it
  std::string led_there, function;
  std::istringstream lines(diagnostics);
  for (std::string line; std::getline(lines, line) && errors.size() < most_errors;) {
    const auto own = place_in(line, prefix);
    const std::size_t mark = line.find("error: ");
    if (mark == std::string::npos) {
      std::smatch match;
      if (own) led_there = *own;
      if (std::regex_search(line, match, type_of_function)) function = match[1].str();
      continue;
    }
    const std::string place = own ? *own : !led_there.empty() ? led_there : function;
    const std::string message = line.substr(mark + 7);
    const bool is_new = told.insert(message).second && told.insert("at " + place).second;
    if (is_new) errors.push_back((place.empty() ? "" : place + ": ") + in_author_terms(message));
    led_there.clear();
  }
  return errors;
}

}  // namespace assay::graders
