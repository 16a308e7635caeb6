#include "graders/cli/command_options.hpp"

#include <CLI/CLI.hpp>

namespace assay::cli {
namespace {

void add_store_option(CLI::App& command, std::filesystem::path& store) {
  command.add_option("--store", store, "file that keeps every grade (default assay.db in the folder --out)")
      ->type_name("FILE");
}

void add_folder(CLI::App& command, std::filesystem::path& out) {
  command.add_option("--out", out, "folder of the graded class (default assay-out)")->type_name("DIR");
}

template <class Options>
CLI::App& add(CLI::App& app, const char* name, const char* what, Options& options,
              int (*function)(const Options&), std::function<int()>& command) {
  CLI::App& added = *app.add_subcommand(name, what);
  added.callback(
      [&options, function, &command] { command = [&options, function] { return function(options); }; });
  return added;
}

void add_regrade(CLI::App& app, RegradeOptions& options, std::function<int()>& run) {
  CLI::App& command =
      add(app, "regrade", "grade again, and see what would change before it counts", options, regrade, run);
  auto* const assignment =
      command.add_option("assignment", options.grade.assignment, "the assignment's folder");
  command
      .add_option("submissions", options.grade.submissions,
                  "files, folders or archives; a folder of those is a class")
      ->needs(assignment);
  auto* const apply = command.add_flag("--apply", options.apply, "let the new results count");
  command.add_flag("--discard", options.discard, "drop the preview: what counted goes on to count")
      ->excludes(apply)
      ->excludes(assignment);
  command.add_flag("--force", options.grade.force, "grade everything again, whatever the store has");
  add_grade_options(command, options.grade);
  command.footer(
      "With submissions: grades them and shows what would change; nothing counts until --apply.\n"
      "Without: applies or discards the preview that waits. Every result is kept (assay status ID).");
}

void add_status(CLI::App& app, StatusOptions& options, std::function<int()>& run) {
  CLI::App& command = add(app, "status", "what is graded, what waits, what failed; the runs of a store",
                          options, status, run);
  command.add_option("submission", options.submission, "one submission: all results it ever had");
  add_folder(command, options.out);
  add_store_option(command, options.store);
  command.add_flag("--json", options.json, "print as JSON");
}

void add_export(CLI::App& app, ExportOptions& options, std::function<int()>& run) {
  CLI::App& command =
      add(app, "export", "the grades that count, for other systems", options, export_results, run);
  command
      .add_option("format", options.format,
                  "csv, json, html, canvas, moodle, gradescope or students (their pages)")
      ->required()
      ->check(CLI::IsMember({"csv", "json", "html", "canvas", "moodle", "gradescope", "students"}));
  command.add_option("--assignment", options.assignment, "its id, where the store holds several")
      ->type_name("ID");
  command
      .add_option("--to", options.to,
                  "the file; of gradescope and students the folder (default: standard output)")
      ->type_name("PATH");
  command
      .add_option("--roster", options.roster,
                  "for canvas and moodle, who is in the course: an export of theirs, or a CSV with ids")
      ->type_name("FILE");
  command
      .add_option(
          "--as", options.audience,
          "for gradescope, students and moodle: what is shown before the deadline (default), after it "
          "(final), or past a limit")
      ->check(CLI::IsMember({"before", "final", "limit"}))
      ->type_name("WHEN");
  add_folder(command, options.out);
  add_store_option(command, options.store);
}

}  // namespace

void add_sandbox_options(CLI::App& command, SandboxChoice& choice) {
  const auto tiers = CLI::IsMember({"S0", "S1", "S2", "S3", "S4"}, CLI::ignore_case);
  command
      .add_option("--sandbox", choice.force, "use this isolation tier instead of the strongest that works")
      ->check(tiers)
      ->type_name("TIER");
  command.add_option("--sandbox-min", choice.minimum, "refuse to run below this tier (default S3)")
      ->check(tiers)
      ->type_name("TIER");
  command.add_flag("--unsafe", choice.unsafe, "allow S0, which limits resources and isolates nothing");
}

void add_jobs(CLI::App& command, unsigned& jobs, const std::string& what) {
  command.add_option("-j,--jobs", jobs, what + " (default: one per processor)")
      ->check(CLI::Range(1u, 256u))
      ->type_name("N");
}

void add_grade_options(CLI::App& command, GradeOptions& options) {
  command.add_option("--out", options.out, "folder for the reports (default assay-out)")->type_name("DIR");
  add_store_option(command, options.store);
  add_jobs(command, options.jobs);
  command.add_flag("--json", options.json, "print the results document instead of the table");
  add_sandbox_options(command, options.sandbox);
}

void add_store_commands(CLI::App& app, StoreOptions& options, std::function<int()>& command) {
  add_regrade(app, options.regrade, command);
  add_status(app, options.status, command);
  add_export(app, options.exported, command);
}

}  // namespace assay::cli
