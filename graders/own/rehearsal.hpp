/// Trusted code may crash, too: what it does is tried in a child first.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace assay::graders {

/// Where a rehearsal ended early.
struct Mishap {
  std::size_t step = 0;
  std::string what;  ///< "crashes (SIGSEGV)", "does not end within 20 s", and what it printed
};

/// Calls step(0) ... step(count - 1) in a child process, whose exceptions do not matter. `patience` is for
/// each step. Nothing where all of them return. Call it while this process has one thread only.
std::optional<Mishap> rehearse(std::size_t count, const std::function<void(std::size_t)>& step,
                               std::chrono::milliseconds patience = std::chrono::seconds(20));

}  // namespace assay::graders
