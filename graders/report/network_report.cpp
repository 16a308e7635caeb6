#include "graders/report/network_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <nlohmann/json.hpp>

#include "graders/report/figures.hpp"

namespace assay::graders::report {
namespace {

using nlohmann::json;
using oracles::Account;
using oracles::Extents;
using oracles::NetworkTable;
using oracles::Row;
using oracles::Whole;

enum Column : std::size_t {
  number,
  layer,
  output,
  parameters,
  factors,
  multiply_adds,
  memory,
  field,
  jump,
  columns_in_all
};

using Cells = std::array<std::string, columns_in_all>;
using Widths = std::array<std::size_t, columns_in_all>;

const Cells headings{"#", "layer", "output", "parameters", "", "multiply-adds", "memory", "field", "jump"};

bool flushes_right(std::size_t column) {
  return column == number || column == parameters || column == multiply_adds || column == memory;
}

std::string field_text(const Row& row) {
  return row.field ? oracles::shape_text(row.field->size, oracles::Layout::channels_first) : "-";
}

/// "4" where all dimensions agree, "4x2" otherwise; "-" where the output has a single position.
std::string jump_text(const Row& row) {
  if (!row.field || row.field->jump.empty()) return "-";
  const auto& jumps = row.field->jump;
  if (std::ranges::count(jumps, jumps.front()) == std::ssize(jumps)) return jumps.front().get_str();
  std::string text;
  for (const mpq_class& jump : jumps) text += (text.empty() ? "" : "x") + jump.get_str();
  return text;
}

std::vector<Cells> cells_of(const NetworkTable& table, const Account& account) {
  std::vector<Cells> lines;
  for (const Row& row : table.rows)
    lines.push_back({lines.empty() ? "" : std::to_string(lines.size()), row.label,
                     oracles::shape_text(row.shape, account.layout), row.parameters.value().get_str(),
                     row.parameters.text(account.layout), row.multiply_adds.get_str(),
                     memory_text(row.memory), field_text(row), jump_text(row)});
  lines.push_back({"", "total", "", table.parameters.get_str(), "", table.multiply_adds.get_str(),
                   memory_text(table.memory), "", ""});
  return lines;
}

Widths widths_of(const std::vector<Cells>& lines) {
  Widths widths{};
  for (std::size_t column = 0; column < columns_in_all; ++column) {
    widths[column] = columns(headings[column]);
    for (const Cells& line : lines) widths[column] = std::max(widths[column], columns(line[column]));
  }
  return widths;
}

std::string line_text(const Cells& cells, const Widths& widths) {
  std::string text;
  for (std::size_t column = 0; column < columns_in_all; ++column) {
    if (widths[column] == 0) continue;
    const std::size_t room = widths[column] - std::min(widths[column], columns(cells[column]));
    const std::string blanks(room, ' ');
    if (!text.empty()) text += column == layer ? " " : "  ";
    text += flushes_right(column) ? blanks + cells[column] : cells[column] + blanks;
  }
  return text.substr(0, text.find_last_not_of(' ') + 1) + "\n";
}

/// The width of a line; absent columns have width 0.
std::size_t total_of(const Widths& widths) {
  std::size_t sum = 0;
  for (const std::size_t column : widths) sum += column == 0 ? 0 : column + 2;
  return sum - 3;  // one gap less than columns, and a narrow one after the number
}

/// Below the table, where the factors do not fit beside it.
std::string factor_lines(const std::vector<Cells>& lines, const Widths& widths) {
  std::string text = "\nparameters in factors\n";
  for (const Cells& line : lines)
    if (!line[factors].empty())
      text += fmt::format("{:>{}} {:<{}}  {} = {}\n", line[number], widths[number], line[layer],
                          widths[layer], line[factors], line[parameters]);
  return text;
}

/// What the numbers mean, then what a reader might not expect.
std::vector<std::string> remarks(const NetworkTable& table, const Account& account) {
  std::vector<std::string> lines{
      fmt::format("memory: outputs at {} bytes a number", account.scalar_bytes.get_str())};
  if (account.batch != 1)
    lines.front() += fmt::format(", batch of {}; everything else for one input", account.batch.get_str());
  if (table.fixed != 0)
    lines.push_back(fmt::format("stored but not learned: {} numbers (running means and variances)",
                                table.fixed.get_str()));
  for (const std::string& note : table.notes) lines.push_back("note: " + note);
  return lines;
}

/// A number up to 2^53 as such, a larger one as text: JSON readers keep doubles.
json exact(const Whole& value) {
  static const Whole largest(std::uint64_t{1} << 53);
  if (value <= largest) return value.get_ui();
  return value.get_str();
}

json exact(const Extents& values) {
  json list = json::array();
  for (const Whole& value : values) list.push_back(exact(value));
  return list;
}

Extents in_layout(Extents shape, oracles::Layout layout) {
  if (layout == oracles::Layout::channels_last) std::rotate(shape.begin(), shape.begin() + 1, shape.end());
  return shape;
}

json row_json(const Row& row, std::size_t index, const Account& account) {
  json entry{{"index", index},
             {"layer", row.label},
             {"type", row.type},
             {"output", exact(in_layout(row.shape, account.layout))},
             {"parameters", exact(row.parameters.value())},
             {"factors", row.parameters.text(account.layout)},
             {"fixed", exact(row.fixed)},
             {"multiply_adds", exact(row.multiply_adds)},
             {"memory_bytes", exact(row.memory)},
             {"receptive_field", nullptr},
             {"jump", nullptr}};
  if (!row.field) return entry;
  entry["receptive_field"] = exact(row.field->size);
  if (row.field->jump.empty()) return entry;
  entry["jump"] = json::array();
  for (const mpq_class& jump : row.field->jump) {
    if (jump.get_den() == 1)
      entry["jump"].push_back(exact(jump.get_num()));
    else
      entry["jump"].push_back(jump.get_str());
  }
  return entry;
}

}  // namespace

std::string memory_text(const Whole& bytes) {
  constexpr std::array units{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  if (bytes < 1024) return bytes.get_str() + " B";
  std::size_t unit = 0;
  Whole size = 1024;
  const auto tenths = [&] { return Whole((bytes * 10 + size / 2) / size); };
  while (unit + 1 < units.size() && tenths() >= 10240) {
    size *= 1024;
    ++unit;
  }
  const Whole rounded = tenths();
  return fmt::format("{}.{} {}", Whole(rounded / 10).get_str(), Whole(rounded % 10).get_str(), units[unit]);
}

std::string network_text(const NetworkTable& table, const Account& account, std::size_t width) {
  const auto lines = cells_of(table, account);
  const Widths all = widths_of(lines);
  Widths widths = all;
  widths[jump] = 0;
  const bool beside = total_of(widths) <= width;
  if (!beside) widths[factors] = 0;
  widths[jump] = total_of(widths) + 2 + all[jump] <= width ? all[jump] : 0;
  std::string text = table.name.empty() ? "" : table.name + "\n\n";
  text += line_text(headings, widths);
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) text += line_text(lines[i], widths);
  text += std::string(std::min(total_of(widths), width), '-') + "\n" + line_text(lines.back(), widths);
  if (!beside) text += factor_lines(lines, widths);
  text += "\n";
  for (const std::string& remark : remarks(table, account))
    text +=
        remark.starts_with("note: ") ? "note: " + wrap(remark.substr(6), width, 6).substr(6) : remark + "\n";
  return text;
}

std::string network_markdown(const NetworkTable& table, const Account& account) {
  std::string text = table.name.empty() ? "" : "**" + table.name + "**\n\n";
  const auto line = [&](const Cells& cells) {
    for (std::size_t column = 0; column < columns_in_all; ++column) text += "| " + cells[column] + " ";
    text += "|\n";
  };
  Cells heads = headings;
  heads[factors] = "in factors";
  line(heads);
  for (std::size_t column = 0; column < columns_in_all; ++column)
    text += flushes_right(column) ? "|--:" : "|---";
  text += "|\n";
  for (Cells cells : cells_of(table, account)) {
    std::string safe;
    for (const char letter : cells[layer])
      safe += letter == '|' ? std::string("\\|") : std::string(1, letter);
    cells[layer] = safe;
    line(cells);
  }
  text += "\n";
  for (const std::string& remark : remarks(table, account)) text += "- " + remark + "\n";
  return text;
}

json network_json(const NetworkTable& table, const Account& account) {
  json layers = json::array();
  for (const Row& row : table.rows) layers.push_back(row_json(row, layers.size(), account));
  return {{"name", table.name},
          {"layout", account.layout == oracles::Layout::channels_first ? "CHW" : "HWC"},
          {"batch", exact(account.batch)},
          {"bytes_per_number", exact(account.scalar_bytes)},
          {"layers", layers},
          {"totals",
           {{"parameters", exact(table.parameters)},
            {"fixed", exact(table.fixed)},
            {"multiply_adds", exact(table.multiply_adds)},
            {"memory_bytes", exact(table.memory)}}},
          {"notes", table.notes}};
}

}  // namespace assay::graders::report
