/// What the commands share: talking to a person at a terminal.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

#include "graders/cli/commands.hpp"
#include "graders/grade.hpp"
#include "graders/sandbox/box.hpp"
#include "graders/seeds.hpp"

namespace assay::cli {

/// Bad usage or bad input: exit code 2.
struct InputError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// "assay: error: MESSAGE" on standard error.
void complain(const std::string& message);

/// True where colour is welcome: a terminal, and no NO_COLOR.
bool colour_on_stdout();

/// How a person calls this program: "./assay" through the launcher, else "assay".
std::string program_name();

/// Probes the sandbox as asked; throws SandboxRefused below the minimum.
graders::Sandbox make_sandbox(const SandboxChoice& choice);

/// `jobs`, or one per processor.
unsigned jobs_or_processors(unsigned jobs);

/// A bar that redraws itself on a terminal, one plain line per submission otherwise; both on standard error.
graders::Progress show_progress();

/// The same for seeds; without a terminal, at most some twenty lines.
graders::SeedsProgress show_seeds();

/// SIGINT and SIGTERM end the run cleanly: no new work, boxes killed. The second one ends it at once.
void end_cleanly_on_signals();

}  // namespace assay::cli
