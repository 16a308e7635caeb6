/// The times that Google Benchmark measures, by the name of the benchmark.
#pragma once

#include <benchmark/benchmark.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace assay::bench {

/// Seconds of one iteration. A benchmark that failed or did not run is absent.
using Times = std::map<std::string, double>;

/// Keeps the fastest of all repetitions: what disturbs a measurement only ever adds to it.
class Collector : public benchmark::BenchmarkReporter {
 public:
  /// `progress` is called when a benchmark is done.
  explicit Collector(std::function<void()> progress) : progress_(std::move(progress)) {}

  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override;

  const Times& times() const { return times_; }

 private:
  std::function<void()> progress_;
  Times times_;
};

}  // namespace assay::bench
