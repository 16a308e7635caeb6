/// A box: one hostile process (tree), isolated as far as this machine allows, with limits on everything.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::graders {

/// How much isolation is active, strongest last. See docs/sandbox.md.
enum class Tier { s0_limits_only, s1_same_user, s2_no_namespaces, s3_namespaces, s4_full };
std::string to_string(Tier tier);                        ///< "S4"
std::optional<Tier> tier_from_string(std::string_view);  ///< "S4" -> Tier

/// What was probed on this machine by running a self-test in each layer.
struct Layer {
  std::string name;   ///< "namespaces", "seccomp", "cgroup", "slot user", "empty root", "landlock", "rlimits"
  std::string state;  ///< "active", "absent", "broken"
  std::string detail;  ///< one line: what was tried and what came back
};

struct SandboxReport {
  Tier tier = Tier::s0_limits_only;
  std::vector<Layer> layers;
  std::string summary;  ///< one line, deterministic on one machine; printed and stored with results
};

struct BoxLimits {
  std::chrono::milliseconds cpu{2000};
  std::chrono::milliseconds wall{5000};
  std::uint64_t memory_bytes = 512ull << 20;
  std::uint64_t file_bytes = 0;           ///< largest file it may write; 0: none
  std::uint64_t output_bytes = 64 << 10;  ///< stdout and stderr together; past it the box is killed
  unsigned processes = 32;
  /// Address space is limited too. Sanitizers reserve terabytes of it: only a cgroup can limit their memory.
  bool address_space = true;
};

enum class BoxProfile {
  compile,  ///< read-only toolchain, /tmp and /out writable, many processes; deny-list seccomp
  run,      ///< empty root with only the program; allow-list seccomp; no file can be opened
};

struct BoxSpec {
  BoxProfile profile = BoxProfile::run;
  std::vector<std::string> argv;  ///< as seen inside the box; run profile: argv[0] is "/prog"
  std::filesystem::path program;  ///< run profile: host path of the static binary shown as /prog
  std::filesystem::path source;   ///< compile profile: host folder shown read-only as /sub
  std::filesystem::path output;   ///< compile profile: host folder shown writable as /out
  /// Compile profile: further read-only folders, host path -> box path.
  std::vector<std::pair<std::filesystem::path, std::string>> readable;
  BoxLimits limits;
  unsigned slot = 0;  ///< concurrent boxes use different slots: one user id each
  /// Further variables, "NAME=VALUE", such as MALLOC_PERTURB_; nothing of the caller's environment gets in.
  std::vector<std::string> environment;
  bool fixed_addresses = false;  ///< no address randomisation, to tell apart what depends on addresses
};

enum class IoStatus { ok, closed, timed_out, output_limit, interrupted };

/// Why a box ended, as observed from outside; nothing the process says of itself counts.
enum class EndCause {
  exited,
  signalled,
  cpu_limit,
  wall_limit,
  memory_limit,
  file_limit,
  output_limit,
  forbidden_call,
  killed,
  sandbox_failed
};

struct BoxEnd {
  EndCause cause = EndCause::sandbox_failed;
  int exit_code = 0;   ///< EndCause::exited
  int signal = 0;      ///< EndCause::signalled, e.g. SIGSEGV
  std::string detail;  ///< sandbox_failed: what failed. forbidden_call: the name of the call where known
  std::chrono::microseconds cpu{0};
  std::chrono::microseconds wall{0};
  /// wall_limit: how long a thread that was still there could have run and had no processor; the longest such
  /// wait.
  std::chrono::microseconds waited{0};
  /// The most memory that the program's first process had in use at once, as the kernel counted it; 0 where
  /// that is not known.
  std::uint64_t peak_bytes = 0;
  std::string standard_output;  ///< raw bytes, first 48 KiB and last 16 KiB
  std::string standard_error;
  std::uint64_t unread_bytes = 0;  ///< replies on fd 4 that nobody asked for
};

struct BoxState;

/// A running box, which does not outlive the thread that started it. Requests go to its fd 3, replies come
/// from its fd 4; stdin is empty, stdout and stderr are drained into capped buffers meanwhile. The destructor
/// kills everything that is left.
class Box {
 public:
  explicit Box(std::unique_ptr<BoxState> state);  ///< by Sandbox::start
  Box(Box&&) noexcept;
  Box& operator=(Box&&) noexcept;
  ~Box();

  IoStatus write(std::span<const std::byte> bytes, std::chrono::steady_clock::time_point deadline);
  /// Fills `bytes` entirely, or says why not.
  IoStatus read(std::span<std::byte> bytes, std::chrono::steady_clock::time_point deadline);
  /// True if unread bytes wait on fd 4 right now (an unasked reply).
  bool has_unread_bytes();
  /// CPU time used so far by the tree, where it can be read (cgroup), else by the main child.
  std::chrono::microseconds cpu_used() const;
  /// Whether that is at least `cpu`; looks only where it can be.
  bool has_used(std::chrono::microseconds cpu) const;

  /// Whether that is exact to the microsecond (cgroup): enough to time a single call.
  bool counts_cpu() const;

  void close_requests();  ///< end of file on the box's fd 3
  BoxEnd wait();          ///< waits for the end under the limits, then sweeps the box
  BoxEnd kill();          ///< ends it now; cause is `killed` unless it had already ended by itself

 private:
  std::unique_ptr<BoxState> state_;
};

struct SandboxOptions {
  std::optional<Tier> force;           ///< use this tier (tests, --sandbox=S2)
  Tier minimum = Tier::s3_namespaces;  ///< below it, `probe` throws SandboxRefused
  /// Tests only: layers left out, by their report names. The self-test must notice every one.
  std::vector<std::string> without;
  std::filesystem::path helpers;  ///< where assay-box and assay-probe are; empty: ../libexec/assay
};

struct SandboxRefused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The machine's way of making boxes, probed once. Thread-safe afterwards.
class Sandbox {
 public:
  /// Probes the tiers by running a self-test in each, strongest first. Throws SandboxRefused below the
  /// minimum, naming what is missing and the command that would enable it.
  static Sandbox probe(const SandboxOptions& options = {});
  Sandbox(Sandbox&&) noexcept;
  ~Sandbox();

  const SandboxReport& report() const;
  /// Starts a box. A failure of the sandbox itself is EndCause::sandbox_failed at wait(): never the student's
  /// fault.
  Box start(const BoxSpec& spec) const;
  /// A private folder (owned by the slot's user where there is one) for a box's source or output; below
  /// `parent`.
  std::filesystem::path make_folder(const std::filesystem::path& parent, const std::string& name,
                                    unsigned slot, bool writable) const;

 private:
  struct State;
  explicit Sandbox(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace assay::graders
