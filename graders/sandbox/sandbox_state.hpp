/// What a probed Sandbox holds; shared by probe.cpp and start.cpp.
#pragma once

#include "graders/sandbox/box.hpp"
#include "graders/sandbox/command.hpp"
#include "graders/sandbox/fd.hpp"

namespace assay::graders {

struct Sandbox::State {
  Machine machine;
  SandboxReport report;
  Fd user_range_lock;  ///< held while our slots' user ids are ours alone
};

/// Starts a box on this machine; never throws: a failure is the box's end.
std::unique_ptr<BoxState> start_box(const Machine& machine, const BoxSpec& spec);

}  // namespace assay::graders
