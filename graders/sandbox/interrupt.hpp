/// Ctrl-C for boxes: one flag that ends every wait.
#pragma once

namespace assay::graders {

/// Makes every current and later wait on a box end with IoStatus::interrupted. Async-signal-safe.
void request_interrupt();
bool interrupted();
/// For tests, and for a program that goes on after an interrupt.
void clear_interrupt();

}  // namespace assay::graders
