#include "graders/report/values.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>

#include "graders/escape.hpp"

namespace assay::graders::report {
namespace {

constexpr std::size_t most_rows = 12, most_columns = 10, most_slices = 6;

std::vector<std::size_t> shape_of(const Json& value) {
  std::vector<std::size_t> shape;
  for (const Json& extent : field(value, "shape"))
    shape.push_back(extent.is_number_integer() && extent.get<std::int64_t>() > 0 ? extent.get<std::size_t>()
                                                                                 : 0);
  return shape;
}

std::vector<std::string> texts(const Json& value, const char* key) {
  std::vector<std::string> out;
  if (const Json* array = find(value, key))
    for (const Json& element : *array)
      out.push_back(displayable_line(element.is_string() ? element.get<std::string>() : element.dump(), 60));
  return out;
}

std::vector<std::string> index_heads(std::size_t extent, std::size_t most) {
  std::vector<std::string> heads;
  for (std::size_t i = 0; i < std::min(extent, most); ++i) heads.push_back(fmt::format("{}", i));
  if (extent > most) heads.emplace_back("...");
  return heads;
}

/// The leading index of slice number `at`: "X[1, 0, :, :]".
std::string slice_label(const std::string& name, std::span<const std::size_t> leading, std::size_t at) {
  std::string index = ":, :";
  for (std::size_t axis = leading.size(); axis-- > 0; at /= leading[axis])
    index = fmt::format("{}, {}", at % leading[axis], index);
  return fmt::format("{}[{}]", name, index);
}

/// Rows of one matrix that starts at `from` in the flat, row-major values.
Slice slice_at(const std::vector<std::string>& values, std::size_t from, std::size_t rows,
               std::size_t columns) {
  Slice slice;
  for (std::size_t r = 0; r < std::min(rows, most_rows); ++r) {
    auto& row = slice.rows.emplace_back();
    for (std::size_t c = 0; c < std::min(columns, most_columns); ++c) {
      const auto at = from + r * columns + c;
      row.push_back(at < values.size() ? values[at] : "?");
    }
    if (columns > most_columns) row.emplace_back("...");
  }
  if (rows > most_rows) slice.rows.emplace_back(slice.rows.front().size(), "...");
  return slice;
}

std::string kind_of(const Json& value, const std::vector<std::size_t>& shape) {
  const auto type = displayable_line(text_or_empty(value, "type"), 40);
  return shape.empty() ? type : fmt::format("{}, {}", type, fmt::join(shape, " x "));
}

/// "shown: the first 12 of 20 rows, the first 10 of 11 columns"; nothing where all are.
std::string left_out(std::size_t rows, std::size_t columns, std::size_t matrices) {
  std::vector<std::string> parts;
  const auto add = [&](std::size_t all, std::size_t most, const char* noun) {
    if (all > most) parts.push_back(fmt::format("the first {} of {} {}", most, all, noun));
  };
  add(matrices, most_slices, "matrices");
  add(rows, most_rows, "rows");
  add(columns, most_columns, "columns");
  return parts.empty() ? std::string{} : fmt::format("shown: {}", fmt::join(parts, ", "));
}

}  // namespace

ValueView lay_out(const Json& value) {
  const auto shape = shape_of(value);
  const auto values = texts(value, "values");
  ValueView view;
  view.name = displayable_line(text(value, "name"), 60);
  view.kind = kind_of(value, shape);
  view.scalar = shape.empty();
  if (const auto exact = texts(value, "exact"); view.scalar && exact.size() == 1 && exact != values)
    view.exact = exact[0];
  const std::size_t width = shape.empty() ? 1 : shape.back();
  const std::size_t height = shape.size() < 2 ? 1 : shape[shape.size() - 2];
  const std::span<const std::size_t> leading{shape.data(), shape.size() < 3 ? 0 : shape.size() - 2};
  std::size_t slices = 1;
  for (const auto extent : leading) slices = std::min<std::size_t>(slices * extent, 1'000'000);
  if (width * height == 0 || slices == 0) {
    view.note = "empty";
    return view;
  }
  for (std::size_t s = 0; s < std::min(slices, most_slices); ++s) {
    Slice slice = slice_at(values, s * width * height, height, width);
    if (!leading.empty()) slice.label = slice_label(view.name, leading, s);
    if (shape.size() >= 1) slice.heads = index_heads(width, most_columns);
    if (shape.size() >= 2) slice.row_heads = index_heads(height, most_rows);
    view.slices.push_back(std::move(slice));
  }
  view.note = left_out(height, width, slices);
  return view;
}

std::string element_name(const Json& counterexample) {
  const auto name = displayable_line(text_or_empty(counterexample, "result"), 60);
  const Json* index = find(counterexample, "index");
  if (!index || index->empty()) return name;
  std::vector<std::string> parts;
  for (const Json& part : *index) parts.push_back(part.dump());
  return fmt::format("{}[{}]", name, fmt::join(parts, ", "));
}

}  // namespace assay::graders::report
