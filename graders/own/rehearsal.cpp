#include "graders/own/rehearsal.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "graders/sandbox/fd.hpp"
#include "graders/session.hpp"

namespace assay::graders {
namespace {

/// One byte for each step that is done.
[[noreturn]] void act(std::size_t count, const std::function<void(std::size_t)>& step, const Fd& done,
                      const Fd& said) {
  ::dup2(said.get(), STDERR_FILENO);
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGTERM, SIGINT}) std::signal(number, SIG_DFL);
  for (std::size_t i = 0; i < count; ++i) {
    try {
      step(i);
    } catch (...) {
    }
    if (::write(done.get(), "", 1) != 1) break;
  }
  ::_exit(0);
}

/// What the child printed before it died, in one line.
std::string last_words(const Fd& said) {
  set_nonblocking(said);
  std::string text(2000, '\0');
  const ssize_t got = ::read(said.get(), text.data(), text.size());
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  text = text.substr(0, text.find('\n'));
  // The standard library's checks name the function at length before they name the fault.
  if (const auto at = text.find("Assertion '__n < this->size()' failed"); at != std::string::npos)
    return ": an index is out of range";
  return text.empty() ? "" : ": " + text;
}

}  // namespace

std::optional<Mishap> rehearse(std::size_t count, const std::function<void(std::size_t)>& step,
                               std::chrono::milliseconds patience) {
  Pipe done = make_pipe(), said = make_pipe();
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child < 0) return std::nullopt;  // no room for a child: the steps themselves will tell
  if (child == 0) act(count, step, done.writing, said.writing);
  done.writing.reset();
  said.writing.reset();
  std::size_t steps = 0;
  bool late = false;
  for (char byte = 0;;) {
    pollfd wait{done.reading.get(), POLLIN, 0};
    const int ready = ::poll(&wait, 1, static_cast<int>(patience.count()));
    if (ready < 0 && errno == EINTR) continue;
    late = ready == 0;
    if (ready <= 0 || ::read(done.reading.get(), &byte, 1) != 1) break;
    ++steps;
  }
  if (late) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (late) return Mishap{steps, fmt::format("does not end within {} s", patience.count() / 1000)};
  if (WIFSIGNALED(status))
    return Mishap{steps,
                  fmt::format("crashes ({}){}", signal_name(WTERMSIG(status)), last_words(said.reading))};
  if (steps < count) return Mishap{steps, "ends the program"};
  return std::nullopt;
}

}  // namespace assay::graders
