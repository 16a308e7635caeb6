/// bench_assay: how fast the oracle is, beside what it is built on, in one run.
///
///   bench_assay [--quick] [--json]      the report; exit code 1 if a bar that is a ratio is not met
///   bench_assay --benchmark_...         an ordinary Google Benchmark program, with all its options
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "bench/python.hpp"
#include "bench/report.hpp"

namespace {

using namespace assay::bench;

enum Exit : int { met = 0, missed = 1, bad_usage = 2, not_measured = 3 };

struct Options {
  bool quick = false, json = false;
};

constexpr const char* usage =
    "assay bench: how fast the oracle is, beside what it is built on, in one run.\n"
    "\n"
    "  --quick           a tenth of the time, less certain figures\n"
    "  --json            print as JSON\n"
    "  --benchmark_...   run as an ordinary Google Benchmark program\n"
    "\n"
    "Exit codes: 0 every ratio within its bar; 1 one is not; 2 bad usage; 3 no figure.\n";

/// Google Benchmark's own options; it wants them as a command line.
void initialise(std::vector<std::string> words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  int count = static_cast<int>(pointers.size());
  pointers.push_back(nullptr);
  benchmark::Initialize(&count, pointers.data());
}

int run(const Options& options) {
  // Repetitions of different benchmarks take turns, so that a slow moment of the machine hits no figure
  // alone.
  initialise({"bench_assay", options.quick ? "--benchmark_min_time=0.01" : "--benchmark_min_time=0.05",
              options.quick ? "--benchmark_repetitions=3" : "--benchmark_repetitions=9",
              "--benchmark_enable_random_interleaving=true"});
  std::size_t done = 0;
  const bool tell = isatty(STDERR_FILENO) != 0;
  Collector collector([&] {
    if (tell) std::fprintf(stderr, "\rMeasuring ... %zu benchmarks", ++done);
  });
  const std::size_t ran = benchmark::RunSpecifiedBenchmarks(&collector);
  if (tell) std::fprintf(stderr, "\r\033[K");
  if (ran == 0) return not_measured;
  const Findings found = findings(collector.times());
  std::fputs((options.json ? to_json(found) : to_text(found)).c_str(), stdout);
  return found.ratios_met() ? met : missed;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv, argv + argc);
  register_growth();
  register_tanh_claim();
  if (std::any_of(words.begin() + 1, words.end(),
                  [](std::string_view w) { return w.starts_with("--benchmark_"); })) {
    benchmark::Initialize(&argc, argv);
    return benchmark::ReportUnrecognizedArguments(argc, argv) ? bad_usage
           : benchmark::RunSpecifiedBenchmarks() == 0         ? not_measured
                                                              : met;
  }
  Options options;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i] == "--help" || words[i] == "-h") {
      std::fputs(usage, stdout);
      return met;
    }
    if (words[i] != "--quick" && words[i] != "--json") {
      std::fprintf(stderr, "assay bench: unknown option \"%s\"\n\n%s", words[i].c_str(), usage);
      return bad_usage;
    }
    (words[i] == "--quick" ? options.quick : options.json) = true;
  }
  return run(options);
}
