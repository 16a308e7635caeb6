#include "bench/collector.hpp"

#include <algorithm>

namespace assay::bench {

void Collector::ReportRuns(const std::vector<Run>& runs) {
  for (const Run& run : runs) {
    if (run.run_type != Run::RT_Iteration || run.iterations == 0) continue;  // no iterations: it failed
    const auto& name = run.run_name;
    const bool of_the_wall = !name.time_type.empty();  // "real_time", or "manual_time"
    const double seconds = (of_the_wall ? run.real_accumulated_time : run.cpu_accumulated_time) /
                           static_cast<double>(run.iterations);
    const std::string key = name.function_name + (name.args.empty() ? "" : "/" + name.args);
    const auto [known, is_new] = times_.try_emplace(key, seconds);
    if (!is_new) known->second = std::min(known->second, seconds);
  }
  progress_();
}

}  // namespace assay::bench
