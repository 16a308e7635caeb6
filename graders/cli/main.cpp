/// assay: reads the command line, runs one command, maps errors to exit codes.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>

#include "fixtures/load.hpp"
#include "graders/cli/command_options.hpp"
#include "graders/cli/commands.hpp"
#include "graders/cli/terminal.hpp"
#include "graders/sandbox/box.hpp"
#include "graders/sandbox/interrupt.hpp"
#include "graders/store/store.hpp"
#include "graders/toolchain.hpp"

namespace {

using namespace assay;
using cli::add_grade_options;
using cli::add_jobs;
using cli::add_sandbox_options;

/// One command: how it is read, and what it runs.
class CommandLine {
 public:
  CommandLine() {
    app_.require_subcommand(1);
    app_.set_version_flag("--version", std::string("assay ") + ASSAY_VERSION);
    app_.footer(
        "Exit codes: 0 done; 1 done, and something falls short; 2 bad usage or input;\n"
        "3 the harness itself failed. Each command has its own --help.");
    add_grade();
    cli::add_store_commands(app_, stored_, command_);
    add_mark();
    add_check();
    add_init();
    add_check_exam();
    add_explain();
    add_shape();
    add_list();
    add_oracle();
    add_verify();
    add_doctor();
    add_demo();
  }

  int run(int argc, char** argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      const int code = app_.exit(error);
      return code == 0 ? cli::done : cli::bad_input;
    }
    return command_();
  }

 private:
  template <class Options>
  CLI::App& add(const char* name, const char* what, Options& options, int (*function)(const Options&)) {
    CLI::App& command = *app_.add_subcommand(name, what);
    command.callback(
        [this, &options, function] { command_ = [&options, function] { return function(options); }; });
    return command;
  }

  void add_grade() {
    auto& command = add("grade", "grade C++ submissions against an assignment's oracles", grade_, cli::grade);
    command.add_option("assignment", grade_.assignment, "the assignment's folder")->required();
    command
        .add_option("submissions", grade_.submissions,
                    "files, folders or archives; a folder of those is a class")
        ->required();
    command.add_option("--fail-under", grade_.fail_under, "exit 1 if a submission scores less than this")
        ->type_name("POINTS");
    command.add_flag("--force", grade_.force, "grade everything again, whatever the store has");
    add_grade_options(command, grade_);
  }

  void add_mark() {
    auto& command =
        add("mark", "mark answer sheets: the key is derived, the rules are the paper's", mark_, cli::mark);
    command.add_option("exam", mark_.exam, "the paper's folder, or its exam.toml")->required();
    command
        .add_option("sheets", mark_.sheets,
                    "CSV files of a class, TOML files of one student, or folders of those")
        ->required();
    command.add_option("--out", mark_.out, "folder for the reports (default assay-out)")->type_name("DIR");
    add_jobs(command, mark_.jobs, "sheets marked at once");
    command.add_option("--seed", mark_.seed, "draws the points at which formulas are compared (default 1)")
        ->type_name("N");
    command.add_flag("--json", mark_.json, "print the results document instead of the table");
    auto* const anonymous =
        command
            .add_option(
                "--anonymous", mark_.key_file,
                "pseudonyms in place of ids, made with the key in this file (made if it is not there)")
            ->type_name("KEYFILE");
    command
        .add_option("--roster", mark_.roster,
                    "who is in the course: an export of Canvas or Moodle, or a CSV with ids")
        ->type_name("FILE")
        ->excludes(anonymous);
    command.footer(
        "Exit codes: 0 done; 1 done, and rows were lost or students are not in the roster; 2 nothing could "
        "be read.");
  }

  void add_check() {
    auto& command =
        add("check", "the self-test of an assignment, before any student sees it", check_, cli::check);
    command.add_option("assignment", check_.assignment, "the assignment's folder")->required();
    auto* const seeds =
        command
            .add_option("--seeds", check_.seeds,
                        "instead: do correct submissions keep all points on cases from N seeds?")
            ->check(CLI::Range(1ul, 1'000'000ul))
            ->type_name("N");
    command.add_option("--seed", check_.first_seed, "the first of these (default: the assignment's)")
        ->needs(seeds)
        ->type_name("SEED");
    add_jobs(command, check_.jobs, "submissions or seeds at once");
    command.add_flag("--json", check_.json, "print the outcome as JSON");
    add_sandbox_options(command, check_.sandbox);
  }

  void add_init() {
    auto& command =
        add("init", "write a new assignment that compiles, checks and grades at once", init_, cli::init);
    command.add_option("name", init_.name, "the folder to make; its name is the assignment's id")->required();
    command.add_option("--from", init_.from, "operations it starts from, as in affine,softmax_cross_entropy")
        ->type_name("OP,...");
  }

  void add_check_exam() {
    auto& command = add("check-exam", "derive a paper's key, and say where the published one is wrong",
                        check_exam_, cli::check_exam);
    command.add_option("exam", check_exam_.exam, "the paper's folder, or an id of assay list exams")
        ->required();
    command.add_option("--seed", check_exam_.seed, "where drawing begins (default 1)")->type_name("N");
    add_jobs(command, check_exam_.jobs, "claims verified at once");
    command.add_flag("--fresh", check_exam_.fresh, "verify every claim anew, whatever earlier runs found");
    command.add_flag("--json", check_exam_.json, "print as JSON");
    command.footer(
        "Exit code 1: the published key differs from the derived one, or points do not add up, and the\n"
        "pack does not acknowledge it.");
  }

  void add_explain() {
    auto& command =
        add("explain", "why a submission or a sheet lost its points: the input, the exact digits, the key",
            explain_, cli::explain);
    command.add_option("results", explain_.results, "results.json, or the folder that holds it")->required();
    command.add_option("submission", explain_.submission, "the submission's or the sheet's id")->required();
    command.add_option("criterion", explain_.criterion,
                       "one criterion's or item's id (default: all that were not accepted)");
    command
        .add_option(
            "--as", explain_.audience,
            "what a student is given (student or before: before the deadline; final: after it; limit: "
            "past a limit on handing in), or staff (default)")
        ->check(CLI::IsMember({"staff", "student", "before", "final", "limit"}))
        ->type_name("WHO");
    command.add_option("--html", explain_.html, "write it as a page, and print nothing")->type_name("FILE");
  }

  void add_shape() {
    auto& command = add("shape", "a network's output shapes, parameters, multiply-adds, receptive fields",
                        shape_, cli::shape);
    command
        .add_option("network", shape_.network,
                    "a TOML file, a text such as \"INPUT 3x32x32, CONV3-8, POOL2, FC-10\", or - for standard "
                    "input")
        ->required();
    command
        .add_option("--layout", shape_.layout, "how shapes are written (default: as the network does, CHW)")
        ->transform(CLI::IsMember({"CHW", "HWC"}, CLI::ignore_case))
        ->type_name("CHW|HWC");
    command
        .add_option("--input", shape_.input, "another input shape, such as 3x224x224 or \"224x224x3 HWC\"")
        ->type_name("SHAPE");
    command.add_option("--batch", shape_.batch, "inputs at once, for the memory (default 1)")
        ->check(CLI::Range(1ul, 1'000'000'000'000ul))
        ->type_name("N");
    command.add_option("--bytes", shape_.bytes, "bytes of a number: 1, 2, 4 or 8 (default 4)")
        ->check(CLI::IsMember({1ul, 2ul, 4ul, 8ul}))
        ->type_name("N");
    auto* const json = command.add_flag("--json", shape_.json, "print as JSON");
    command.add_flag("--markdown", shape_.markdown, "print as a Markdown table")->excludes(json);
  }

  void add_list() {
    auto& command =
        add("list", "list operations, misconceptions, claims, assignments or exams", list_, cli::list);
    command.add_option("what", list_.what, "ops, misconceptions, claims, assignments or exams")
        ->required()
        ->check(CLI::IsMember({"ops", "misconceptions", "claims", "assignments", "exams"}));
    command.add_flag("--json", list_.json, "print as JSON");
  }

  void add_oracle() {
    auto& command = add("oracle", "exact values and gradients: of numbers typed here, or JSON lines piped in",
                        oracle_, cli::oracle);
    command.add_option("operation", oracle_.operation, "its name, as in assay list ops");
    command.add_option("--bits", oracle_.bits, "working precision (default: what the digits need)")
        ->type_name("N");
    command.add_option("--digits", oracle_.digits, "decimal digits wanted (default 20)")->type_name("N");
    command.add_flag("--example", oracle_.example, "print a request that works");
    command.add_flag("--examples", oracle_.examples, "print several, which try every attribute");
    command.add_flag("--gradient", oracle_.gradient, "the gradients of a scalar result, too");
    command.add_flag("--json", oracle_.json, "print as JSON");
    command.allow_extras();
    command.footer(
        "Inputs and attributes are named after the operation: assay oracle softmax --logits \"0, 1, 710\"\n"
        "--upstream \"...\" gives the upstream gradient of a result that is no scalar.");
    command.callback([this, &command] {
      oracle_.named = command.remaining();
      command_ = [this] { return cli::oracle(oracle_); };
    });
  }

  void add_verify() {
    auto& command =
        add("verify", "verdicts on claims: proved, refuted, or true under conditions", verify_, cli::verify);
    command.add_option(
        "claims", verify_.patterns,
        "ids or patterns, such as cs231n-2019.tf.6 or 'eecs498-2019.mc.*'; or a file of claims (.toml)");
    command.add_option("--exam", verify_.exam, "all claims of one paper")->type_name("NAME");
    command.add_option("--seed", verify_.seed, "where drawing begins (default 1)")->type_name("N");
    command.add_option("--cases", verify_.cases, "instances for each claim")
        ->check(CLI::Range(1ul, 100'000'000ul))
        ->type_name("N");
    command.add_option("--subject", verify_.subject, "ask reals (default), float64 or float32")
        ->check(CLI::IsMember({"reals", "float64", "float32"}))
        ->type_name("NUMBERS");
    command.add_option("--time", verify_.seconds, "seconds for each search; no limit by default")
        ->check(CLI::Range(0.001, 86400.0))
        ->type_name("S");
    command.add_flag("--prove", verify_.prove,
                     "try to cover bounded domains by balls where no proof is known");
    add_jobs(command, verify_.jobs, "claims verified at once");
    command.add_option("--html", verify_.html, "write one page for each paper")->type_name("DIR");
    auto* const save =
        command.add_option("--save", verify_.save, "write each counterexample and witness to a file")
            ->type_name("DIR");
    command.add_option("--replay", verify_.replay, "evaluate saved instances again")
        ->type_name("FILE...")
        ->excludes(save);
    command.add_flag("--quick", verify_.quick, "a tenth of the instances, fewer seeds");
    command.add_flag("--explain", verify_.explain, "everything about each, not a table");
    command.add_flag("--json", verify_.json, "print as JSON");
    command.footer(
        "Exit code 1: a verdict contradicts the claim's published answer, or a replayed instance does not "
        "do\n"
        "what its file says.");
  }

  void add_doctor() {
    auto& command = add("doctor", "what this machine offers: sandbox layers, compiler", doctor_, cli::doctor);
    command.add_flag("--json", doctor_.json, "print as JSON");
    add_sandbox_options(command, doctor_.sandbox);
  }

  void add_demo() {
    CLI::App& command = *app_.add_subcommand("demo", "grade a whole class, to see what it looks like");
    command.callback([this] { command_ = [this] { return cli::demo(demo_); }; });
    add_grade_options(command, demo_);
  }

  CLI::App app_{"Assay grades deep-learning coursework against exact mathematics.", "assay"};
  cli::GradeOptions grade_, demo_;
  cli::StoreOptions stored_;
  cli::MarkOptions mark_;
  cli::CheckOptions check_;
  cli::InitOptions init_;
  cli::CheckExamOptions check_exam_;
  cli::ExplainOptions explain_;
  cli::ShapeOptions shape_;
  cli::ListOptions list_;
  cli::OracleOptions oracle_;
  cli::VerifyOptions verify_;
  cli::DoctorOptions doctor_;
  std::function<int()> command_;
};

}  // namespace

int main(int argc, char** argv) {
  try {
    return CommandLine().run(argc, argv);
  } catch (const fixtures::LoadError& error) {
    cli::complain(error.what());
    return cli::bad_input;
  } catch (const cli::InputError& error) {
    cli::complain(error.what());
    return cli::bad_input;
  } catch (const graders::ToolchainError& error) {
    if (graders::interrupted()) return cli::interrupted;  // which ended the driver's compilation, too
    cli::complain(error.what());
    return cli::bad_input;
  } catch (const graders::StoreError& error) {
    cli::complain(error.what());
    return error.fault == graders::StoreError::Fault::file ? cli::bad_input : cli::harness_failed;
  } catch (const graders::SandboxRefused& error) {
    if (graders::interrupted()) return cli::interrupted;  // which ended the self-test, too
    cli::complain(error.what());
    return cli::harness_failed;
  } catch (const std::exception& error) {
    cli::complain(error.what());
    return cli::harness_failed;
  }
}
