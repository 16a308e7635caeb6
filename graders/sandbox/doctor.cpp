#include "graders/sandbox/doctor.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string_view>
#include <vector>

#include "graders/escape.hpp"

namespace assay::graders {
namespace {

constexpr std::size_t width = 80, indent = 24;

/// Breaks at blanks and commas; a longer word is cut.
std::vector<std::string> wrapped(const std::string& text, std::size_t columns) {
  std::vector<std::string> lines{""};
  std::string word;
  const auto flush = [&] {
    while (word.size() > columns) {
      lines.push_back(word.substr(0, columns));
      word.erase(0, columns);
    }
    if (lines.back().size() + word.size() > columns) lines.emplace_back();
    lines.back() += word;
    word.clear();
  };
  for (const char c : displayable_line(text, 2048)) {
    word += c;
    if (c == ' ' || c == ',') flush();
  }
  flush();
  if (lines.front().empty() && lines.size() > 1) lines.erase(lines.begin());
  for (std::string& line : lines)
    while (line.ends_with(' ')) line.pop_back();
  return lines;
}

std::string_view meaning(Tier tier) {
  switch (tier) {
    case Tier::s4_full:
      return "all layers";
    case Tier::s3_namespaces:
      return "all layers but a limit on the memory of a whole process tree";
    case Tier::s2_no_namespaces:
      return "no namespaces: own user, Landlock and seccomp";
    case Tier::s1_same_user:
      return "no namespaces, no own user: Landlock and seccomp";
    case Tier::s0_limits_only:
      break;
  }
  return "UNSAFE: resource limits only";
}

}  // namespace

std::string doctor_text(const SandboxReport& report) {
  std::string text = fmt::format("Sandbox: {}, {}\n", to_string(report.tier), meaning(report.tier));
  for (const Layer& layer : report.layers) {
    std::string start = fmt::format("  {:<12} {:<8} ", layer.name, layer.state);
    for (const std::string& line : wrapped(layer.detail, width - indent)) {
      text += start + line + "\n";
      start = std::string(indent, ' ');
    }
  }
  return text;
}

nlohmann::json to_json(const SandboxReport& report) {
  nlohmann::json layers = nlohmann::json::array();
  for (const Layer& layer : report.layers)
    layers.push_back({{"name", layer.name}, {"state", layer.state}, {"detail", displayable(layer.detail)}});
  return {{"tier", to_string(report.tier)}, {"summary", report.summary}, {"layers", std::move(layers)}};
}

}  // namespace assay::graders
