/// Options that several commands have, and how the commands around the store are read.
#pragma once

#include <functional>
#include <string>

#include "graders/cli/commands.hpp"

namespace CLI {
class App;
}

namespace assay::cli {

void add_sandbox_options(CLI::App& command, SandboxChoice& choice);
void add_jobs(CLI::App& command, unsigned& jobs, const std::string& what = "submissions graded at once");
void add_grade_options(CLI::App& command, GradeOptions& options);

struct StoreOptions {
  RegradeOptions regrade;
  StatusOptions status;
  ExportOptions exported;
};

/// regrade, status, export. `command` becomes what to run.
void add_store_commands(CLI::App& app, StoreOptions& options, std::function<int()>& command);

}  // namespace assay::cli
