#include "graders/sandbox/box.hpp"

#include <fmt/format.h>

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <sstream>
#include <thread>

#include "graders/sandbox/box_state.hpp"
#include "graders/sandbox/interrupt.hpp"

namespace assay::graders {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using std::chrono::duration_cast, std::chrono::microseconds, std::chrono::milliseconds;

/// How often limits are looked at while nothing else happens; a limit is overrun by this much at most.
constexpr milliseconds look_interval = 20ms;

/// A write to a pipe nobody reads raises SIGPIPE; it is kept from this thread, and taken back if we raised
/// it.
ssize_t quiet_write(int fd, const void* bytes, std::size_t size) {
  sigset_t pipe_signal, before, pending;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  sigpending(&pending);
  pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
  const ssize_t written = ::write(fd, bytes, size);
  const int error = errno;
  if (written < 0 && error == EPIPE && sigismember(&pending, SIGPIPE) == 0) {
    const timespec at_once{0, 0};
    while (sigtimedwait(&pipe_signal, nullptr, &at_once) < 0 && errno == EINTR) {
    }
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = error;
  return written;
}

bool would_block() {
  return errno == EAGAIN || errno == EWOULDBLOCK;
}

}  // namespace

// --- Watching
// ------------------------------------------------------------------------------------------------

void BoxState::drain(Fd& pipe, Capture& into) {
  std::array<char, 16384> buffer{};
  // A bounded number of rounds: a program that never stops printing must not hold up the limits.
  for (int round = 0; pipe && round < 16; ++round) {
    const ssize_t n = ::read(pipe.get(), buffer.data(), buffer.size());
    if (n > 0)
      into.add({buffer.data(), static_cast<std::size_t>(n)});
    else if (n == 0)
      pipe.reset();
    else if (errno != EINTR)
      return;
  }
}

void BoxState::drain_replies() {
  std::array<char, 16384> buffer{};
  for (int round = 0; replies && round < 16; ++round) {
    const ssize_t n = ::read(replies.get(), buffer.data(), buffer.size());
    if (n > 0)
      unread += static_cast<std::uint64_t>(n);
    else if (n == 0)
      replies.reset();
    else if (errno != EINTR)
      return;
  }
}

void BoxState::understand(const std::string& line) {
  std::istringstream words(line);
  std::string what;
  words >> what;
  if (what == "started") started = true;
  if (what == "failed") failure = line;
  std::int64_t cpu = 0;
  ProgramEnd how;
  if (what == "ended" && words >> how.status >> cpu >> how.peak_kib) {
    how.cpu = microseconds(cpu);
    ending = how;
  }
}

void BoxState::read_status() {
  std::array<char, 512> buffer{};
  while (status) {
    const ssize_t n = ::read(status.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) break;
    if (n == 0) status.reset();
    status_text.append(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
  }
  for (std::size_t end; (end = status_text.find('\n')) != std::string::npos;) {
    understand(status_text.substr(0, end));
    status_text.erase(0, end + 1);
  }
}

microseconds BoxState::cpu_now() const {
  if (ending && !group.active()) return ending->cpu;
  const microseconds now =
      group.cpu().value_or(process.id() >= 0 ? tree_cpu(process.id()) : cpu_seen + cpu_before);
  return std::max(cpu_seen, now - cpu_before);
}

bool BoxState::may_have_used(microseconds cpu) const {
  static const auto cores = std::max(1U, std::thread::hardware_concurrency());
  return cpu_seen + duration_cast<microseconds>(cores * (Clock::now() - cpu_seen_at)) > cpu;
}

void BoxState::look_at_cpu() {
  const auto now = Clock::now();
  cpu_seen = cpu_now();
  cpu_seen_at = now;
}

void BoxState::hold_limits() {
  if (!started || over()) return;
  const auto now = Clock::now();
  if (output_seen.total() + error_seen.total() > limits.output_bytes) return stop(EndCause::output_limit);
  if (now - started_at > limits.wall) return stop(EndCause::wall_limit);
  if (now < next_look || !may_have_used(limits.cpu)) return;
  next_look = now + look_interval;
  look_at_cpu();
  if (cpu_seen > limits.cpu) stop(EndCause::cpu_limit);
}

void BoxState::pump(int fd, short events, Clock::time_point until) {
  std::array<pollfd, 4> watched{
      {{fd, events, 0}, {status.get(), POLLIN, 0}, {output.get(), POLLIN, 0}, {error.get(), POLLIN, 0}}};
  if (!over()) {
    const auto wake = std::min(until, Clock::now() + look_interval);
    const auto left = std::max(0ms, std::chrono::ceil<milliseconds>(wake - Clock::now()));
    ::poll(watched.data(), watched.size(), static_cast<int>(left.count()));
  }
  if (watched[1].revents != 0) read_status();
  if (watched[2].revents != 0) drain(output, output_seen);
  if (watched[3].revents != 0) drain(error, error_seen);
  hold_limits();
}

// --- ProgramEnd
// --------------------------------------------------------------------------------------------------

void BoxState::send_kill() const {
  if (has_namespaces) {
    group.kill();
    // Process 1 first: bubblewrap then ends by itself, after everything inside has.
    if (first_process)
      signal_handle(first_process, SIGKILL);
    else
      process.signal(SIGKILL);
  } else {
    // assay-box kills and reaps its whole tree; to kill it first would set its orphans free.
    process.signal(SIGTERM);
  }
}

void BoxState::stop(EndCause cause) {
  read_status();
  if (ending || stopped) return;
  stopped = cause;
  if (cause == EndCause::wall_limit && process.id() >= 0)
    waited = stop_and_tell_wait(process.id(), limits.wall);
  send_kill();
}

void BoxState::kill_everything() {
  for (int round = 0; round < 40; ++round) {
    if (process.reap(round == 0 && !stopped ? 200ms : 50ms)) break;
    send_kill();
  }
  process.signal(SIGKILL);
  process.reap(1s);
  for (int round = 0; group.active() && !group.empty() && round < 200; ++round) {
    group.kill();
    std::this_thread::sleep_for(1ms);
  }
  if (user < 0 || has_namespaces) return;
  try {
    Process sweep = Process::start({sweeper, "sweep", std::to_string(user)}, {}, {});
    sweep.reap(1s);
  } catch (const std::system_error&) {
    // The tree is gone already; this second broom is for what escaped it.
  }
}

EndCause BoxState::cause_of(const ProgramEnd& how, microseconds cpu) const {
  if (group.out_of_memory_kills() > 0) return EndCause::memory_limit;
  if (WIFSIGNALED(how.status)) {
    const int signal = WTERMSIG(how.status);
    if (signal == SIGXFSZ) return EndCause::file_limit;
    if (signal == SIGSYS) return EndCause::forbidden_call;
    if (signal == SIGXCPU || cpu > limits.cpu) return EndCause::cpu_limit;
    // Without a cgroup, an allocation that fails looks like any other crash; what it had in use tells.
    if (!group.active() && how.peak_kib * 1024 > limits.memory_bytes / 10 * 9) return EndCause::memory_limit;
    return EndCause::signalled;
  }
  return cpu > limits.cpu ? EndCause::cpu_limit : EndCause::exited;
}

/// Names the end, once everything is dead and drained.
void BoxState::judge(BoxEnd& result) const {
  const bool out_of_memory = group.out_of_memory_kills() > 0;
  if (stopped) {
    result.cause = *stopped;
    // The cgroup speaks first: a tree that was out of memory may also have been slow.
    if (*stopped != EndCause::killed && out_of_memory) result.cause = EndCause::memory_limit;
  } else if (ending) {
    result.cause = cause_of(*ending, result.cpu);
    if (WIFSIGNALED(ending->status))
      result.signal = WTERMSIG(ending->status);
    else
      result.exit_code = WEXITSTATUS(ending->status);
    const bool flooded = output_seen.total() + error_seen.total() > limits.output_bytes;
    if (flooded && result.cause == EndCause::exited) result.cause = EndCause::output_limit;
  } else if (started && out_of_memory) {
    result.cause = EndCause::memory_limit;
  } else {
    result.cause = EndCause::sandbox_failed;
    result.detail = failure.empty() ? "the box ended without a word" : failure;
    if (!started && error_seen.total() > 0) result.detail += ": " + error_seen.text();
  }
}

const BoxEnd& BoxState::finish() {
  if (end) return *end;
  const auto now = Clock::now();
  requests.reset();
  read_status();
  cpu_seen = std::max(cpu_seen, cpu_now());
  BoxEnd result;
  result.waited = waited;
  kill_everything();
  result.cpu = ending && !group.active() ? ending->cpu : std::max(cpu_seen, cpu_now());
  result.peak_bytes = ending ? ending->peak_kib << 10 : 0;
  result.wall = duration_cast<microseconds>(now - started_at);
  for (int round = 0; (output || error) && round < 64; ++round) {
    drain(output, output_seen);
    drain(error, error_seen);
    if (output_seen.total() + error_seen.total() > limits.output_bytes) break;
  }
  drain_replies();
  read_status();
  judge(result);
  result.standard_output = output_seen.text();
  result.standard_error = error_seen.text();
  result.unread_bytes = unread;
  group = Cgroup();
  end = std::move(result);
  return *end;
}

// --- The public face
// -----------------------------------------------------------------------------------------

Box::Box(std::unique_ptr<BoxState> state) : state_(std::move(state)) {}
Box::Box(Box&&) noexcept = default;

Box& Box::operator=(Box&& other) noexcept {
  std::swap(state_, other.state_);
  return *this;
}

Box::~Box() {
  if (state_ && !state_->end) kill();
}

IoStatus Box::write(std::span<const std::byte> bytes, Clock::time_point deadline) {
  BoxState& box = *state_;
  for (;;) {
    if (bytes.empty()) return IoStatus::ok;
    if (box.stopped == EndCause::output_limit) return IoStatus::output_limit;
    if (!box.requests || box.stopped || box.end) return IoStatus::closed;
    const ssize_t n = quiet_write(box.requests.get(), bytes.data(), bytes.size());
    if (n > 0)
      bytes = bytes.subspan(static_cast<std::size_t>(n));
    else if (n < 0 && errno == EPIPE)
      return IoStatus::closed;
    else if (n < 0 && !would_block() && errno != EINTR)
      return IoStatus::closed;
    else if (interrupted())
      return IoStatus::interrupted;
    else if (Clock::now() >= deadline)
      return IoStatus::timed_out;
    else if (box.over())
      return IoStatus::closed;
    else
      box.pump(box.requests.get(), POLLOUT, deadline);
  }
}

IoStatus Box::read(std::span<std::byte> bytes, Clock::time_point deadline) {
  BoxState& box = *state_;
  for (;;) {
    if (bytes.empty()) return IoStatus::ok;
    if (box.stopped == EndCause::output_limit) return IoStatus::output_limit;
    if (!box.replies || box.stopped || box.end) return IoStatus::closed;
    const bool was_over = box.over();
    const ssize_t n = ::read(box.replies.get(), bytes.data(), bytes.size());
    if (n > 0)
      bytes = bytes.subspan(static_cast<std::size_t>(n));
    else if (n == 0)
      return IoStatus::closed;
    else if (!would_block() && errno != EINTR)
      return IoStatus::closed;
    else if (interrupted())
      return IoStatus::interrupted;
    else if (Clock::now() >= deadline)
      return IoStatus::timed_out;
    else if (was_over)
      return IoStatus::closed;
    else
      box.pump(box.replies.get(), POLLIN, deadline);
  }
}

bool Box::has_unread_bytes() {
  if (!state_->replies) return false;
  pollfd waiting{state_->replies.get(), POLLIN, 0};
  return ::poll(&waiting, 1, 0) == 1 && (waiting.revents & POLLIN) != 0;
}

bool Box::counts_cpu() const {
  return state_->group.cpu().has_value();
}

bool Box::has_used(microseconds cpu) const {
  return state_->may_have_used(cpu) && cpu_used() >= cpu;
}

microseconds Box::cpu_used() const {
  return state_->end ? state_->end->cpu : state_->cpu_now();
}

void Box::close_requests() {
  state_->requests.reset();
}

BoxEnd Box::wait() {
  BoxState& box = *state_;
  box.requests.reset();
  while (!box.end && !box.over()) {
    if (interrupted()) box.stop(EndCause::killed);
    box.drain_replies();
    box.pump(box.replies.get(), POLLIN, Clock::now() + look_interval);
  }
  return box.finish();
}

BoxEnd Box::kill() {
  if (!state_->end) state_->stop(EndCause::killed);
  return state_->finish();
}

}  // namespace assay::graders
