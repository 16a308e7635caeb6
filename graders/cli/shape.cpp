/// assay shape: the table of a network's shapes, parameters, multiply-adds, memory and receptive fields.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>

#include "fixtures/load_network.hpp"
#include "graders/cli/commands.hpp"
#include "graders/cli/terminal.hpp"
#include "graders/report/network_report.hpp"
#include "graders/report/report.hpp"
#include "oracles/network/network.hpp"

namespace assay::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_text = 1u << 20;

/// The network, and how to say where one of its layers was written.
struct Source {
  fixtures::Network network;
  std::string text;  ///< of a shorthand
  fs::path file;     ///< of a TOML file, else empty
};

/// A shorthand has a comma or several lines, or begins with INPUT; but a file that exists is a file.
bool is_shorthand(const std::string& argument) {
  std::error_code error;
  if (fs::exists(argument, error)) return false;
  if (argument.empty() || argument.find_first_of(",;\n") != std::string::npos) return true;
  const std::string_view word = "INPUT";
  const std::size_t begin = std::min(argument.find_first_not_of(" \t"), argument.size());
  return argument.size() - begin >= word.size() &&
         std::equal(word.begin(), word.end(), argument.begin() + static_cast<std::ptrdiff_t>(begin),
                    [](char a, char b) { return a == std::toupper(static_cast<unsigned char>(b)); });
}

std::string read_standard_input() {
  std::string text(longest_text + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), stdin));
  if (text.size() > longest_text) throw InputError("the network on standard input is longer than 1 MiB");
  return text;
}

/// MESSAGE, and below it the place in the shorthand.
std::string with_carets(const std::string& message, const std::string& text, fixtures::Place place,
                        std::size_t length) {
  const std::string pointed = fixtures::pointed_at(text, place, length);
  return pointed.empty() ? message : message + "\n" + pointed;
}

Source parsed(std::string text) {
  try {
    auto network = fixtures::parse_shorthand(text);
    return {std::move(network), std::move(text), {}};
  } catch (const fixtures::ShorthandError& error) {
    throw InputError(with_carets(error.what(), text, error.place, error.length));
  }
}

Source read_network(const std::string& argument) {
  if (argument == "-") return parsed(read_standard_input());
  if (is_shorthand(argument)) return parsed(argument);
  std::error_code error;
  if (!fs::exists(argument, error))
    throw InputError(argument +
                     ": there is no such file; a network is a TOML file, or a text such as \"INPUT 3x32x32, "
                     "CONV3-8, POOL2, FC-10\"");
  return {fixtures::load_network(argument), "", argument};
}

fixtures::Extents input_shape(const std::string& text) {
  try {
    return fixtures::parse_input_shape(text);
  } catch (const fixtures::ShorthandError& error) {
    throw InputError(fmt::format("--input {}: {}", text, error.what()));
  }
}

/// The message with its place: file, line and column of a TOML file, or the line of a shorthand with carets.
std::string located(const oracles::NetworkError& error, const Source& source) {
  if (error.layer == 0) return error.what();
  const fixtures::Layer& layer = source.network.layers[error.layer - 1];
  if (!source.file.empty())
    return fmt::format("{}:{}:{}: {}", source.file.string(), layer.place.line, layer.place.column,
                       error.what());
  return with_carets(error.what(), source.text, layer.place, layer.length);
}

oracles::Layout layout_of(const ShapeOptions& options, const fixtures::Network& network) {
  if (options.layout.empty()) return network.layout;
  return options.layout == "HWC" ? oracles::Layout::channels_last : oracles::Layout::channels_first;
}

}  // namespace

int shape(const ShapeOptions& options) {
  Source source = read_network(options.network);
  if (!options.input.empty()) source.network.input = input_shape(options.input);
  const oracles::Account account{layout_of(options, source.network), options.batch, options.bytes};
  try {
    const oracles::NetworkTable table = oracles::network_table(source.network, account);
    if (options.json)
      fmt::print("{}", graders::report::to_text(graders::report::network_json(table, account)));
    else if (options.markdown)
      fmt::print("{}", graders::report::network_markdown(table, account));
    else
      fmt::print("{}", graders::report::network_text(table, account));
  } catch (const oracles::NetworkError& error) {
    throw InputError(located(error, source));
  }
  return done;
}

}  // namespace assay::cli
