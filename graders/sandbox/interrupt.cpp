#include "graders/sandbox/interrupt.hpp"

#include <atomic>

namespace assay::graders {
namespace {

std::atomic<bool> flag{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may set it");

}  // namespace

void request_interrupt() {
  flag.store(true);
}
bool interrupted() {
  return flag.load();
}
void clear_interrupt() {
  flag.store(false);
}

}  // namespace assay::graders
