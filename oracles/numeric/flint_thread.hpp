/// Frees what FLINT caches for one thread. Includes neither Boost nor FLINT.
#pragma once

namespace assay::oracles {

/// FLINT keeps constants and memory pools per thread and never frees them by itself. Put one of these
/// first in the function a thread runs: when it ends, everything FLINT held for that thread is released.
/// Every Ball of the thread must be gone by then, or be re-created afterwards.
class FlintThread {
 public:
  FlintThread() = default;
  ~FlintThread();
  FlintThread(const FlintThread&) = delete;
  FlintThread& operator=(const FlintThread&) = delete;
};

}  // namespace assay::oracles
