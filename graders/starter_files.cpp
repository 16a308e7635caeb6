#include "graders/starter_files.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <sstream>

namespace assay::graders {
namespace {

using fixtures::Starter;
using fixtures::StarterFunction;
using fixtures::Starters;
using Functions = std::vector<const StarterFunction*>;

constexpr int points_each = 2;

std::string quoted(const std::vector<std::string>& texts) {
  std::vector<std::string> all;
  for (const std::string& text : texts) all.push_back("\"" + text + "\"");
  return fmt::format("[{}]", fmt::join(all, ", "));
}

/// "grad-W" of "grad_W": ids of criteria read better so.
std::string id_of(std::string name) {
  std::ranges::replace(name, '_', '-');
  return name;
}

/// Two blanks in front of each line.
std::string indented(const std::string& body) {
  std::istringstream lines(body);
  std::string all;
  for (std::string line; std::getline(lines, line);) all += line.empty() ? "\n" : "  " + line + "\n";
  return all;
}

std::vector<std::string> inputs_of(const Functions& functions, const Starters& starters) {
  std::vector<std::string> inputs;
  for (const StarterFunction* function : functions)
    for (const std::string& argument : function->arguments)
      if (starters.inputs.contains(argument) && std::ranges::find(inputs, argument) == inputs.end())
        inputs.push_back(argument);
  return inputs;
}

std::string header(const Functions& functions) {
  std::string text =
      "#pragma once\n\n#include <vector>\n\n#include \"assay/tensor.hpp\"\n\n"
      "using assay::Matrix;\nusing assay::Tensor;\n";
  for (const StarterFunction* function : functions)
    text += fmt::format("\n/// {}\n{};\n", function->about, function->declaration);
  return text;
}

std::string driver(const Functions& functions) {
  std::vector<std::string> lines;
  for (const StarterFunction* function : functions)
    lines.push_back(fmt::format("      assay::function(\"{0}\", {0}),\n", function->name));
  return fmt::format(
      "#include \"assay/driver.hpp\"\n#include \"work.hpp\"\n\nint main() {{\n  return assay::serve({{\n{}  "
      "}});\n}}\n",
      fmt::join(lines, ""));
}

template <class Body>
std::string solution(const Functions& functions, const Body& body) {
  std::string text = "#include \"work.hpp\"\n\n#include <algorithm>\n#include <cmath>\n";
  for (const StarterFunction* function : functions)
    text += fmt::format("\n{} {{\n{}}}\n", function->declaration, indented(body(*function)));
  return text;
}

std::string stub(const StarterFunction& function) {
  if (function.declaration.starts_with("void ")) return "// Your code.\n";
  if (function.declaration.starts_with("Tensor ")) return "return Tensor({0});  // Your code.\n";
  return "return {};  // Your code.\n";
}

/// The folder of the submission with this function's mistake.
std::string wrong_folder(const StarterFunction& function) {
  return "class/wrong-" + id_of(function.name);
}

std::string dimensions_text(const std::vector<std::string>& inputs, const Starters& starters) {
  std::string text = "[dimensions]\n";
  for (const auto& [name, dimension] : starters.dimensions) {
    const std::string mark = "\"" + name + "\"";
    const auto has_it = [&](const std::string& input) {
      return starters.inputs.at(input).find(mark) != std::string::npos;
    };
    if (std::ranges::any_of(inputs, has_it))
      text += fmt::format("{} = {}  # {}\n", name, dimension.range, dimension.about);
  }
  return text;
}

std::string function_text(const StarterFunction& function) {
  std::string text = fmt::format(
      "\n[[function]]\nname = \"{}\"\ndeclaration = \"{}\"\narguments = {}\nresults = {}\noracle = {}\n",
      function.name, function.declaration, quoted(function.arguments), quoted(function.results),
      quoted(function.oracle));
  text += fmt::format(
      "\n[[criterion]]\nid = \"{}\"\ntitle = \"{}\"\nfunction = \"{}\"\npoints = {}\ncases = 20\n",
      id_of(function.name), function.title, function.name, points_each);
  if (!function.pinned.empty()) text += fmt::format("pinned = [{}]\n", function.pinned);
  return text;
}

std::string assignment_text(const std::string& id, const Functions& functions, const Starters& starters) {
  const auto inputs = inputs_of(functions, starters);
  std::string text = fmt::format(
      "# What is handed in, what is true, and what that is worth. Every key: docs/assignments.md.\n"
      "title = \"{}\"\nsummary = \"One sentence for the reports.\"\nseed = 1\n"
      "files = [\"work.cpp\"]   # what students hand in\n"
      "given = [\"work.hpp\"]   # what they get, and cannot change\n\n"
      "[compiler]\nflags = [\"-O1\", \"-Wall\", \"-D_GLIBCXX_ASSERTIONS\"]\n\n"
      "# Extents are drawn from these ranges.\n{}"
      "\n# Inputs are drawn between these bounds; small round numbers and ties are among them.\n",
      id, dimensions_text(inputs, starters));
  for (const std::string& input : inputs)
    text += fmt::format("[inputs.{}]\n{}\n", input, starters.inputs.at(input));
  text +=
      "# For each function of work.hpp: what is true of its results, and a criterion that earns points.\n"
      "# No expected value is typed in: it follows from the oracle's statements, and so does the "
      "allowance.\n";
  for (const StarterFunction* function : functions) text += function_text(*function);
  const int total = points_each * static_cast<int>(functions.size());
  text += "\n# Submissions whose outcome you declare: assay check holds them to it.\n";
  for (const StarterFunction* wrong : functions)
    if (!wrong->wrong.empty())
      text += fmt::format(
          "[[known]]\npath = \"{}\"\nmistake = \"{}\"\nscore = {}\nverdicts = {{ {} = \"wrong\" }}\n\n",
          wrong_folder(*wrong), wrong->mistake, total - points_each, id_of(wrong->name));
  text.pop_back();
  return text;
}

std::string readme(const std::string& id, const Functions& functions) {
  std::string text = fmt::format(
      "# {}\n\nImplement these functions in `work.cpp`, and hand in that file alone. "
      "`work.hpp` has the declarations.\n\n| function | what it computes | points |\n"
      "|---|---|---|\n",
      id);
  for (const StarterFunction* function : functions)
    text += fmt::format("| `{}` | {} | {} |\n", function->name, function->about, points_each);
  return text +
         "\nCompile with `g++ -std=c++20 -c work.cpp`, with the folder that holds `assay/tensor.hpp` behind "
         "`-I`.\n";
}

}  // namespace

std::map<std::string, std::string> starter_files(const std::string& id,
                                                 const std::vector<const Starter*>& chosen,
                                                 const Starters& starters) {
  Functions functions;
  for (const Starter* starter : chosen)
    for (const StarterFunction& function : starter->functions) functions.push_back(&function);
  const auto right = [](const StarterFunction& function) { return function.body; };
  std::map<std::string, std::string> files{{"assignment.toml", assignment_text(id, functions, starters)},
                                           {"work.hpp", header(functions)},
                                           {"driver.cpp", driver(functions)},
                                           {"reference/work.cpp", solution(functions, right)},
                                           {"empty/work.cpp", solution(functions, stub)},
                                           {"README.md", readme(id, functions)}};
  for (const StarterFunction* wrong : functions)
    if (!wrong->wrong.empty())
      files[wrong_folder(*wrong) + "/work.cpp"] = solution(functions, [&](const StarterFunction& function) {
        return &function == wrong ? function.wrong : function.body;
      });
  return files;
}

}  // namespace assay::graders
