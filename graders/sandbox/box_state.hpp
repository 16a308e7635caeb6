/// A running box from the inside: shared by what starts it (start.cpp) and what talks to it (box.cpp).
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "graders/sandbox/box.hpp"
#include "graders/sandbox/capture.hpp"
#include "graders/sandbox/cgroup.hpp"
#include "graders/sandbox/command.hpp"
#include "graders/sandbox/fd.hpp"
#include "graders/sandbox/process.hpp"

namespace assay::graders {

/// What assay-box said on its pipe, which the program never has.
struct ProgramEnd {
  int status = 0;
  std::chrono::microseconds cpu{0};
  std::uint64_t peak_kib = 0;
};

struct BoxState {
  using Clock = std::chrono::steady_clock;

  BoxLimits limits;
  bool has_namespaces = false;
  long user = -1;       ///< the slot's user, -1: the caller
  std::string sweeper;  ///< path of assay-box

  Process process;   ///< bubblewrap, or assay-box itself where there are no namespaces
  Fd first_process;  ///< with namespaces: process 1 inside, whose end is the end of everything inside
  Cgroup group;
  Fd requests, replies, output, error, status;

  Clock::time_point started_at = Clock::now();
  Clock::time_point next_look{};
  std::chrono::microseconds cpu_before{0};  ///< spent on making the box
  std::chrono::microseconds cpu_seen{0};
  Clock::time_point cpu_seen_at = started_at;
  std::string status_text;
  bool started = false;
  std::string failure;  ///< what went wrong in making the box
  std::optional<ProgramEnd> ending;
  std::optional<EndCause> stopped;      ///< why we are ending it
  std::chrono::microseconds waited{0};  ///< as in BoxEnd
  Capture output_seen, error_seen;
  std::uint64_t unread = 0;
  std::optional<BoxEnd> end;

  /// Waits until `fd` (if any) is ready, something ends, or `until`; drains, reads the status, holds the
  /// limits.
  void pump(int fd, short events, Clock::time_point until);
  void drain_replies();
  bool over() const { return ending.has_value() || stopped.has_value() || !status; }
  void stop(EndCause cause);
  /// Kills what is left, reaps, and says how it ended. Can be called again.
  const BoxEnd& finish();

  std::chrono::microseconds cpu_now() const;
  /// False only where even all cores together had not the time; costs nothing.
  bool may_have_used(std::chrono::microseconds cpu) const;

 private:
  void look_at_cpu();
  void drain(Fd& pipe, Capture& into);
  void read_status();
  void understand(const std::string& line);
  void hold_limits();
  void send_kill() const;
  void kill_everything();
  void judge(BoxEnd& result) const;
  EndCause cause_of(const ProgramEnd& how, std::chrono::microseconds cpu) const;
};

}  // namespace assay::graders
