/// One boxed program answering calls, in lock-step.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "fixtures/assignment.hpp"
#include "graders/sandbox/box.hpp"
#include "graders/verdict.hpp"
#include "oracles/value.hpp"

namespace assay::graders {

/// What Reply::text says of foreign bytes. One sentence for all of them: whether they are met before a
/// request or instead of its reply is a matter of timing, and results must not depend on that.
inline constexpr const char* foreign_bytes = "bytes that are no answer to a request";

struct Reply {
  enum class Kind {
    values,
    missing_function,
    unknown_function,  ///< the driver lacks it: the author's mistake
    mismatch,          ///< the driver's parameters are not what the assignment sends: the author's mistake
    out_of_memory,
    threw,
    malformed,  ///< bytes that are no reply to this request
    ended,      ///< the program ended instead of answering
    timed_out,
    interrupted,  ///< the person at the keyboard stopped the run
  };
  Kind kind = Kind::malformed;
  std::vector<oracles::Value> values;  ///< the return value, then the parameters that come back
  /// `threw`: what the exception said. `malformed`: what is wrong. `missing_function`: which, in a suite.
  std::string text;
};

/// Why a program stopped answering, in words for the report.
struct Ending {
  Verdict verdict = Verdict::harness_error;
  std::string message;
  std::string signal;          ///< "SIGSEGV"; empty where there is none
  std::string standard_error;  ///< raw bytes
};

/// A run box for `program` (a static binary) under these limits, with these variables ("NAME=VALUE") besides.
BoxSpec run_box(const std::filesystem::path& program, const fixtures::Limits& limits, unsigned slot,
                const std::vector<std::string>& environment = {});

class Session {
 public:
  /// Starts `program` (a static binary) in a fresh run box, with these variables ("NAME=VALUE") besides.
  Session(const Sandbox& sandbox, const std::filesystem::path& program, const fixtures::Limits& limits,
          unsigned slot, const std::vector<std::string>& environment = {});

  /// The same in a box of the caller's; `limits` are for messages, and for patience.
  Session(const Sandbox& sandbox, const BoxSpec& box, const fixtures::Limits& limits);

  /// Calls `function`; replies larger than `largest_reply` bytes are malformed.
  Reply call(const std::string& function, const std::vector<oracles::Value>& arguments,
             std::size_t largest_reply);

  /// True while it has used less than a quarter of its time, by processor and by clock.
  bool is_young() const;

  /// Processor time of everything in the box so far, as the kernel counts it.
  std::chrono::microseconds cpu_used() const { return box_.cpu_used(); }

  /// Hangs up: a program that keeps to the protocol ends by itself.
  BoxEnd finish();

  /// True if bytes wait that no request asked for.
  bool has_unasked_bytes() { return box_.has_unread_bytes(); }

  /// After a reply that is neither values nor a missing function: ends the box and says why it stopped.
  Ending ending(const Reply& last);

 private:
  Reply receive(std::size_t largest_reply);
  static Reply stopped(IoStatus status);

  fixtures::Limits limits_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  Box box_;
  std::uint64_t case_id_ = 0;
};

/// "SIGSEGV"; "signal 77" where it has no name.
std::string signal_name(int signal);

}  // namespace assay::graders
