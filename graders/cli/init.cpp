/// assay init: a new assignment that compiles, checks and grades at once.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <sstream>

#include "fixtures/nearest.hpp"
#include "fixtures/starter.hpp"
#include "graders/cli/commands.hpp"
#include "graders/cli/terminal.hpp"
#include "graders/data.hpp"
#include "graders/starter_files.hpp"
#include "oracles/catalogue.hpp"

namespace assay::cli {
namespace {

namespace fs = std::filesystem;

/// Where the author names none.
const std::vector<std::string> first_steps = {"affine", "softmax_cross_entropy"};

std::vector<std::string> known_starters(const fixtures::Starters& starters) {
  std::vector<std::string> names;
  for (const auto& starter : starters.all) names.push_back(starter.operation);
  return names;
}

/// Several lines of at most 78 columns.
std::string in_lines(const std::vector<std::string>& words) {
  std::string text = " ";
  std::size_t width = 1;
  for (const std::string& word : words) {
    if (width + word.size() > 76) text += "\n ", width = 1;
    text += " " + word + (&word == &words.back() ? "" : ",");
    width += word.size() + 2;
  }
  return text;
}

void check_name(const fs::path& folder) {
  const std::string name = folder.filename();
  const auto plain = [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_'; };
  if (name.empty() || !std::ranges::all_of(name, plain) || name.starts_with('-'))
    throw InputError(
        fmt::format("\"{}\" cannot be an assignment's name: use letters, digits, '-' and '_'", name));
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(folder, ignored)))
    throw InputError(
        fmt::format("{} is there already; nothing is overwritten: choose another name", folder.string()));
  const fs::path parent = folder.has_parent_path() ? folder.parent_path() : fs::path(".");
  if (!fs::is_directory(parent, ignored))
    throw InputError(fmt::format("there is no folder {} to put {} in", parent.string(), name));
}

/// The starters in the order asked for, each once.
std::vector<const fixtures::Starter*> chosen(const std::vector<std::string>& wanted,
                                             const fixtures::Starters& starters) {
  std::vector<const fixtures::Starter*> found;
  std::vector<std::string> missing, operations;
  for (const auto& operation : oracles::catalogue()) operations.emplace_back(operation.name);
  for (const std::string& name : wanted) {
    if (!oracles::find_operation(name)) {
      const std::string near = assay::nearest(name, operations);
      throw InputError(
          fmt::format("there is no operation \"{}\"{}", name,
                      near.empty() ? "; assay list ops names them all" : "; did you mean \"" + near + "\"?"));
    }
    const auto* const starter = starters.find(name);
    if (!starter)
      missing.push_back(name);
    else if (std::ranges::find(found, starter) == found.end())
      found.push_back(starter);
  }
  if (!missing.empty())
    throw InputError(
        fmt::format("no starter yet for {}: write its function by hand, with {} in the oracle "
                    "(docs/assignments.md).\nThere are starters for\n{}",
                    fmt::join(missing, ", "), missing.front(), in_lines(known_starters(starters))));
  return found;
}

/// "a,b" and "a b" alike.
std::vector<std::string> split(const std::vector<std::string>& lists) {
  std::vector<std::string> words;
  for (const std::string& list : lists) {
    std::istringstream parts(list);
    for (std::string word; std::getline(parts, word, ',');) {
      std::erase(word, ' ');
      if (!word.empty()) words.push_back(word);
    }
  }
  return words;
}

void write_file(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream stream(path, std::ios::binary);
  stream << text;
  if (!stream.flush()) throw InputError("cannot write " + path.string());
}

}  // namespace

int init(const InitOptions& options) {
  const fs::path folder = options.name.has_filename() ? options.name : options.name.parent_path();
  check_name(folder);
  const auto starters = fixtures::load_starters(graders::starters());
  const auto wanted = split(options.from);
  if (wanted.empty() && !options.from.empty()) throw InputError("--from names no operation");
  const auto files = graders::starter_files(
      folder.filename(), chosen(wanted.empty() ? first_steps : wanted, starters), starters);
  for (const auto& [path, text] : files) write_file(folder / path, text);
  for (const auto& [path, text] : files) fmt::print("{}\n", (folder / path).string());
  fmt::print("\nNext:\n  {0} check {1}\n  {0} grade {1} {1}/class\n", program_name(), folder.string());
  return done;
}

}  // namespace assay::cli
