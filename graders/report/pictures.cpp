#include "graders/report/pictures.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <vector>

#include "graders/escape.hpp"
#include "graders/points.hpp"
#include "graders/report/plot.hpp"

namespace assay::graders::report {
namespace {

constexpr std::size_t cell_size = 20, left_of_cells = 34, above_cells = 18;

std::vector<std::size_t> counts(const Json& object, const char* key) {
  std::vector<std::size_t> numbers;
  for (const Json& one : field(object, key)) numbers.push_back(one.get<std::size_t>());
  return numbers;
}

/// How a cell looks: its class, and what is written in it, so that colour is not needed.
struct Cell {
  const char* kind;
  std::string text;
};

Cell cell_for(char code) {
  if (code == '.') return {"right", ""};
  if (code == '#') return {"broken", "#"};
  if (code == '?') return {"open", "?"};
  if (code == '-') return {"open", "-"};
  if (code == 'X') return {"far", "\u00d7"};
  const int decades = code - 'a' + 1;
  return {decades < 4 ? "near" : decades < 9 ? "mid" : "far", fmt::format("{}", decades)};
}

bool is_wrong(char code) {
  return code == '#' || code == 'X' || (code >= 'a' && code <= 'z');
}

/// "dW[1, 0, :, :]", "dW"
std::string slice_name(const Json& map) {
  const auto name = displayable_line(text(map, "result"), 60);
  const auto slice = counts(map, "slice");
  return slice.empty() ? name : fmt::format("{}[{}, :, :]", name, fmt::join(slice, ", "));
}

/// "rows 3 to 18 of 40", nothing where all are shown.
std::string part_of(const char* noun, std::size_t first, std::size_t shown, std::size_t extent) {
  return shown == extent ? std::string{}
                         : fmt::format("; {} {} to {} of {}", noun, first, first + shown - 1, extent);
}

struct MapParts {
  std::vector<std::string> cells;
  std::vector<std::size_t> shape, from;
  std::size_t width = 0;
};

MapParts parts_of(const Json& map) {
  MapParts parts{{}, counts(map, "shape"), counts(map, "from"), 0};
  for (const Json& row : field(map, "cells")) {
    parts.cells.push_back(row.get<std::string>());
    parts.width = std::max(parts.width, parts.cells.back().size());
  }
  parts.from.resize(2);
  return parts;
}

std::string map_caption(const Json& map, const MapParts& parts) {
  std::size_t all = 1;
  for (const std::size_t extent : parts.shape) all *= extent;
  const std::size_t rank = parts.shape.size();
  std::string said = fmt::format("Where {} is wrong, in case {} as it was drawn: {} of {} elements ({})",
                                 displayable_line(text(map, "result"), 60), count(map, "case"),
                                 count(map, "wrong"), all, fmt::join(parts.shape, " x "));
  if (rank > 2) said += fmt::format("; shown is {}, which has the first of them", slice_name(map));
  if (rank > 1) said += part_of("rows", parts.from[0], parts.cells.size(), parts.shape[rank - 2]);
  return said + part_of("columns", parts.from[1], parts.width, rank ? parts.shape[rank - 1] : parts.width);
}

/// For those who do not see it.
std::string map_words(const MapParts& parts) {
  std::vector<std::string> rows;
  for (std::size_t r = 0; r < parts.cells.size(); ++r)
    rows.push_back(fmt::format("row {}: {} of {} wrong", parts.from[0] + r,
                               std::ranges::count_if(parts.cells[r], is_wrong), parts.cells[r].size()));
  return fmt::format("{}", fmt::join(rows, "; "));
}

Json cells_view(const MapParts& parts) {
  Json cells = Json::array();
  for (std::size_t r = 0; r < parts.cells.size(); ++r)
    for (std::size_t c = 0; c < parts.cells[r].size(); ++c) {
      const Cell cell = cell_for(parts.cells[r][c]);
      const std::size_t x = left_of_cells + cell_size * c, y = above_cells + cell_size * r;
      cells.push_back({{"kind", cell.kind},
                       {"x", fmt::format("{}", x)},
                       {"y", fmt::format("{}", y)},
                       {"text", cell.text},
                       {"text_x", fmt::format("{}", x + cell_size / 2)},
                       {"text_y", fmt::format("{}", y + 14)}});
    }
  return cells;
}

Json heads_view(const MapParts& parts) {
  Json heads = Json::array();
  for (std::size_t c = 0; c < parts.width; ++c)
    heads.push_back({{"x", fmt::format("{}", left_of_cells + cell_size * c + cell_size / 2)},
                     {"y", fmt::format("{}", above_cells - 5)},
                     {"text", fmt::format("{}", parts.from[1] + c)}});
  for (std::size_t r = 0; parts.shape.size() > 1 && r < parts.cells.size(); ++r)
    heads.push_back({{"x", fmt::format("{}", left_of_cells - 14)},
                     {"y", fmt::format("{}", above_cells + cell_size * r + 14)},
                     {"text", fmt::format("{}", parts.from[0] + r)}});
  return heads;
}

Json legend_view(const MapParts& parts) {
  std::string all;
  for (const std::string& row : parts.cells) all += row;
  const auto any = [&](const auto& test) { return std::ranges::any_of(all, test); };
  Json legend = Json::array();
  const auto add = [&](const char* kind, const char* text, const char* words) {
    legend.push_back({{"kind", kind}, {"text", text}, {"words", words}});
  };
  if (any([](char c) { return c == '.'; })) add("right", "", "within its allowance");
  if (any([](char c) { return c >= 'a' && c <= 'z'; }))
    add("mid", "n", "wrong, by up to 10^n times the allowance");
  if (any([](char c) { return c == 'X'; })) add("far", "\u00d7", "wrong");
  if (any([](char c) { return c == '#'; })) add("broken", "#", "infinite or not a number");
  if (any([](char c) { return c == '?'; })) add("open", "?", "not decided");
  if (any([](char c) { return c == '-'; })) add("open", "-", "lost to rounding in any program");
  return legend;
}

Json map_view(const Json& criterion, const std::string& id) {
  const Json* map = find(criterion, "error_map");
  if (!map) return false;
  const MapParts parts = parts_of(*map);
  return {{"id", id + "-map"},
          {"caption", map_caption(*map, parts)},
          {"title", fmt::format("Wrong elements of {}", slice_name(*map))},
          {"desc", map_words(parts)},
          {"width", fmt::format("{}", left_of_cells + cell_size * parts.width + 1)},
          {"height", fmt::format("{}", above_cells + cell_size * parts.cells.size() + 1)},
          {"heads", heads_view(parts)},
          {"cells", cells_view(parts)},
          {"legend", legend_view(parts)}};
}

// --- Training runs
// ------------------------------------------------------------------------------------------

/// The points of one line, up to the first that has no finite value.
PlotPoints points_of(const Json& curve, const char* key) {
  const auto steps = counts(curve, "steps");
  PlotPoints points;
  const Json* values = find(curve, key);
  for (std::size_t i = 0; values && i < values->size() && i < steps.size() && (*values)[i].is_number(); ++i)
    points.emplace_back(static_cast<double>(steps[i]), (*values)[i].get<double>());
  return points;
}

std::optional<double> target_of(const Json& curve) {
  const auto target = text_or_empty(curve, "target");
  if (target.empty()) return std::nullopt;
  try {
    return parse_points(target).get_d();
  } catch (const std::invalid_argument&) {
    return std::nullopt;  // written as an exponent
  }
}

/// What a run does beyond the frame is told, not drawn: else the frame would show nothing but that. Where
/// the run is all there is to show, it is shown whole; a level line has room above and below.
Span frame_of(const PlotPoints& got, const PlotPoints& exact, const std::optional<double>& target) {
  Span frame;
  for (const auto& point : exact) frame.include(point.second);
  if (target) frame.include(*target);
  if (!got.empty()) frame.include(got.front().second);
  const double most = frame.high + 1.5 * std::max(frame.high - frame.low, 0.1 * std::abs(frame.high));
  const double least = frame.low - 0.5 * std::max(frame.high - frame.low, 0.1 * std::abs(frame.low));
  const bool alone = exact.empty() && !target;
  for (const auto& point : got) frame.include(alone ? point.second : std::clamp(point.second, least, most));
  if (frame.low < frame.high) return frame;
  const double room = frame.low == 0 ? 1 : 0.5 * std::abs(frame.low);
  frame.include(frame.low - room);
  frame.include(frame.high + room);
  return frame;
}

std::string curve_note(const Json& curve, const PlotPoints& got, const Span& frame) {
  const auto steps = counts(curve, "steps");
  std::string note;
  const auto beyond = std::ranges::find_if(
      got, [&](const auto& point) { return point.second > frame.high || point.second < frame.low; });
  if (beyond != got.end())
    note = fmt::format("It has left the picture by step {:.0f}; the last value is {:.3g}.", beyond->first,
                       got.back().second);
  if (got.size() < steps.size())
    note += fmt::format("{}No finite value came back after step {:.0f}.", note.empty() ? "" : " ",
                        got.empty() ? 0.0 : got.back().first);
  return note;
}

std::string number_text(double value) {
  return fmt::format("{:.3g}", value);
}

Json curve_view(const Json& criterion) {
  const Json* curve = find(criterion, "loss_curve");
  if (!curve) return false;
  PlotPoints got = points_of(*curve, "got");
  const PlotPoints exact = points_of(*curve, "exact");
  if (got.empty()) return false;
  const auto target = target_of(*curve);
  const Span y = frame_of(got, exact, target);
  Span x;
  x.include(0);
  x.include(static_cast<double>(counts(*curve, "steps").back()));
  const auto note = curve_note(*curve, got, y);
  const auto loss = displayable_line(text(*curve, "loss"), 60);
  std::string words =
      fmt::format("The program's {} goes from {:.3g} to {:.3g}", loss, got.front().second, got.back().second);
  if (!exact.empty())
    words +=
        fmt::format("; the oracle's own from {:.3g} to {:.3g}", exact.front().second, exact.back().second);
  for (auto& point : got) point.second = std::clamp(point.second, y.low, y.high);
  Json lines = Json::array();
  if (!exact.empty())
    lines.push_back({{"nr", "1"}, {"name", "the oracle's steps"}, {"points", plot_line(x, y, exact)}});
  lines.push_back({{"nr", "2"}, {"name", "this program's"}, {"points", plot_line(x, y, got)}});
  Json view{
      {"title", fmt::format("{} by step, run {}{}", loss, count(*curve, "case") + 1,
                            flag(*curve, "recomputed") ? ": the exact one at the program's parameters" : "")},
      {"plot_desc", words + "."},
      {"lines", std::move(lines)},
      {"note", note},
      {"x", "steps taken"},
      {"y", loss},
      {"x_low", "0"},
      {"x_high", number_text(x.high)},
      {"y_low", number_text(y.low)},
      {"y_high", number_text(y.high)},
      {"plot_target", false},
      {"plot_dots",
       Json::array({{{"dot_x", plot_x(x, got.back().first)}, {"dot_y", plot_y(y, got.back().second)}}})}};
  if (target) {
    const double place = 160 - 150 * y.place(*target);
    view["plot_target"] = {{"target_y", fmt::format("{:.1f}", place)},
                           {"target_text_y", fmt::format("{:.1f}", place > 30 ? place - 4 : place + 14)},
                           {"target_words", "target " + displayable_line(text(*curve, "target"), 20)}};
  }
  return view;
}

}  // namespace

Json pictures_view(const Json& criterion, const std::string& id) {
  return {{"map", map_view(criterion, id)}, {"curve", curve_view(criterion)}};
}

}  // namespace assay::graders::report
