#include "graders/cli/terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "graders/escape.hpp"
#include "graders/sandbox/interrupt.hpp"

namespace assay::cli {
namespace {

constexpr std::size_t bar_width = 24;

void on_signal(int signal) {
  graders::request_interrupt();
  std::signal(signal, SIG_DFL);
}

}  // namespace

void complain(const std::string& message) {
  fmt::print(stderr, "assay: error: {}\n", message);
}

bool colour_on_stdout() {
  const char* const no_colour = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) && (no_colour == nullptr || *no_colour == '\0');
}

std::string program_name() {
  const char* const launcher = std::getenv("ASSAY_LAUNCHER");
  return launcher && *launcher ? launcher : "assay";
}

graders::Sandbox make_sandbox(const SandboxChoice& choice) {
  graders::SandboxOptions options;
  if (!choice.force.empty()) options.force = graders::tier_from_string(choice.force);
  options.minimum = graders::tier_from_string(choice.minimum).value_or(graders::Tier::s3_namespaces);
  if (options.minimum == graders::Tier::s0_limits_only && !choice.unsafe)
    throw InputError(
        "S0 isolates nothing: student code could read and change everything you can; if that is what you "
        "want, "
        "add --unsafe");
  return graders::Sandbox::probe(options);
}

unsigned jobs_or_processors(unsigned jobs) {
  return jobs > 0 ? jobs : std::max(1u, std::thread::hardware_concurrency());
}

graders::Progress show_progress() {
  const bool terminal = isatty(STDERR_FILENO);
  return [terminal](std::size_t done, std::size_t total, const std::string& id,
                    const graders::SubmissionResult& result) {
    const std::string name = graders::displayable_line(id, 32);
    if (!terminal) {
      fmt::print(stderr, "[{}/{}] {}: {}\n", done, total, name, graders::word(result.verdict));
      return;
    }
    const std::size_t filled = bar_width * done / total;
    fmt::print(stderr, "\r\033[K[{}{}] {}/{}  {}", std::string(filled, '#'),
               std::string(bar_width - filled, '.'), done, total, name);
    if (done == total) fmt::print(stderr, "\r\033[K");
    std::fflush(stderr);
  };
}

graders::SeedsProgress show_seeds() {
  constexpr std::size_t lines = 20;
  const bool terminal = isatty(STDERR_FILENO);
  return [terminal](std::size_t done, std::size_t total, std::size_t alarms) {
    const std::string text =
        fmt::format("{} of {} seeds{}", done, total, alarms == 0 ? "" : fmt::format(", {} alarms", alarms));
    if (terminal)
      fmt::print(stderr, "\r\033[K{}", done == total ? "" : text);
    else if (done == total || done % std::max<std::size_t>(1, total / lines) == 0)
      fmt::print(stderr, "{}\n", text);
    std::fflush(stderr);
  };
}

void end_cleanly_on_signals() {
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  std::signal(SIGXFSZ, SIG_IGN);  // a limit on file sizes is an error that can be told
}

}  // namespace assay::cli
