#include "bench/report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace assay::bench {

namespace {

using nlohmann::json;
using Seconds = std::optional<double>;

/// Three digits that count, and a unit: "9.13 ns", "121 us"; "-" for nothing.
std::string time_text(Seconds seconds) {
  if (!seconds) return "-";
  double value = *seconds * 1e9;
  const char* const units[] = {"ns", "us", "ms", "s"};
  std::size_t unit = 0;
  for (; value >= 999.5 && unit + 1 < std::size(units); ++unit) value /= 1000;
  return fmt::format("{:.{}f} {}", value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0, units[unit]);
}

std::string ratio_text(std::optional<double> ratio) {
  return ratio ? fmt::format("{:.{}f}", *ratio, *ratio < 9.995 ? 2 : 0) : "";
}

std::string bar_text(const Figure& figure) {
  if (figure.kind == BarKind::none) return "";
  if (figure.kind == BarKind::ratio) return fmt::format("{:g} x", figure.bar);
  if (figure.kind == BarKind::gain) return fmt::format(">={:g} x", figure.bar);
  const std::string text = time_text(figure.bar);  // "12.0 ns"
  const std::size_t end = text.find(' ');
  return fmt::format("{:g}{}", std::stod(text.substr(0, end)), text.substr(end));
}

/// Microseconds, three digits that count.
std::string microseconds(Seconds seconds) {
  if (!seconds) return "-";
  const double value = *seconds * 1e6;
  return fmt::format("{:.{}f}", value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
}

std::string verdict(const MeasuredFigure& measured) {
  if (!measured.seconds) return "not measured";
  const auto met = measured.met();
  if (!met) return "";
  if (!*met) return measured.figure.kind == BarKind::seconds ? "above" : "MISSED";
  return measured.figure.kind == BarKind::ratio && measured.ratio() > measured.figure.bar ? "even" : "met";
}

std::string figure_line(const MeasuredFigure& measured) {
  const Figure& figure = measured.figure;
  std::string line = fmt::format("  {:<29} {:>8}  {:<10} {:>8} {:>4} {:>6} {}", figure.what,
                                 figure.what.empty() ? "" : time_text(measured.seconds), figure.baseline_name,
                                 figure.baseline_name.empty() ? "" : time_text(measured.baseline_seconds),
                                 ratio_text(measured.ratio()), bar_text(figure), verdict(measured));
  line.erase(line.find_last_not_of(' ') + 1);
  if (!figure.absent.empty()) line += "\n    not run: " + figure.absent;
  return line + "\n";
}

std::string growth_table(const Findings& findings, const std::string& over, const std::string& title) {
  std::string text;
  for (const MeasuredGrowth& measured : findings.growths) {
    if (measured.growth.over != over) continue;
    if (text.empty()) {
      text = fmt::format("\n{:<21}", title);
      for (const std::size_t value : measured.growth.values) text += fmt::format("{:>7}", value);
      text += " exponent\n";
    }
    text += fmt::format("{:<21}", measured.growth.operation);
    for (const Seconds& seconds : measured.seconds) text += fmt::format("{:>7}", microseconds(seconds));
    text += fmt::format("{:>9}\n", ratio_text(measured.exponent));
  }
  return text;
}

json number(Seconds value) {
  return value ? json(*value) : json();
}

const char* name_of(BarKind kind) {
  return kind == BarKind::gain ? "gain" : kind == BarKind::ratio ? "ratio" : "seconds";
}

json to_json(const MeasuredFigure& measured) {
  const Figure& figure = measured.figure;
  json entry{{"group", figure.group},
             {"what", figure.what},
             {"benchmark", figure.measured.benchmark},
             {"seconds", number(measured.seconds)}};
  if (!figure.baseline_name.empty())
    entry["baseline"] = {{"name", figure.baseline_name},
                         {"benchmark", figure.baseline.benchmark},
                         {"seconds", number(measured.baseline_seconds)}};
  if (!figure.baseline_name.empty()) entry["ratio"] = number(measured.ratio());
  if (const auto met = measured.met()) entry["bar"] = {{name_of(figure.kind), figure.bar}, {"met", *met}};
  if (!figure.absent.empty()) entry["not_run"] = figure.absent;
  return entry;
}

}  // namespace

std::string to_text(const Findings& findings) {
  std::string text, group;
  for (const MeasuredFigure& measured : findings.figures) {
    if (measured.figure.group != group) {
      group = measured.figure.group;
      text += fmt::format("{}{}\n", text.empty() ? "" : "\n", group);
    }
    text += figure_line(measured);
  }
  text += growth_table(findings, "bits", "us, by bits");
  text += growth_table(findings, "size", "us, by size");
  text += "\nA bar with an x is a ratio within this run, and the exit code goes by it; a\n";
  text += "bar in seconds depends on the machine, and is reported only. Even: above the bar\n";
  text += "by less than the 2 % by which runs differ.\n";
  return text;
}

std::string to_json(const Findings& findings) {
  json document{{"version", 1}, {"ratios_met", findings.ratios_met()}};
  for (const MeasuredFigure& measured : findings.figures) document["figures"].push_back(to_json(measured));
  for (const MeasuredGrowth& measured : findings.growths) {
    json entry{{"operation", measured.growth.operation},
               {"over", measured.growth.over},
               {"values", measured.growth.values},
               {"exponent", number(measured.exponent)}};
    for (const Seconds& seconds : measured.seconds) entry["seconds"].push_back(number(seconds));
    document["growth"].push_back(entry);
  }
  return document.dump(2) + "\n";
}

}  // namespace assay::bench
