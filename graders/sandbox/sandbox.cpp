/// Choosing the strongest tier that this machine carries.
#include <fmt/format.h>

#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "graders/sandbox/helpers/landlock.hpp"
#include "graders/sandbox/sandbox_state.hpp"
#include "graders/sandbox/selftest.hpp"

namespace assay::graders {
namespace {

namespace fs = std::filesystem;

constexpr unsigned users_per_run = 64;

/// A folder that goes away with this object.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = fs::temp_directory_path() / "assay-probe-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category(), name);
    path_ = name;
    fs::permissions(path_, fs::perms(0755));
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

fs::path find_helpers(const SandboxOptions& options) {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  const fs::path folder = options.helpers.empty() ? self.parent_path() / "../libexec/assay" : options.helpers;
  for (const char* helper : {"assay-box", "assay-probe"})
    if (!fs::exists(folder / helper, error))
      throw SandboxRefused(fmt::format("no {} in {}: build it with `cmake --build BUILD --target {}`", helper,
                                       folder.lexically_normal().string(), helper));
  return fs::canonical(folder);
}

fs::path find_bubblewrap() {
  for (const char* path : {"/usr/bin/bwrap", "/usr/local/bin/bwrap", "/bin/bwrap"})
    if (::access(path, X_OK) == 0) return path;
  return {};
}

/// Two runs on one machine must not share users: each could signal the other's boxes and fill its quota.
Fd lock_user_range(Machine& machine) {
  const fs::path folder = fs::is_directory("/run/lock") ? "/run/lock" : "/tmp";
  for (unsigned range = 0; range < 64; ++range) {
    const std::string name = folder / fmt::format("assay-users-{}", range);
    Fd file(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file || ::flock(file.get(), LOCK_EX | LOCK_NB) != 0) continue;
    machine.first_user = 51000 + range * users_per_run;
    return file;
  }
  throw SandboxRefused("all user ranges of the boxes are taken by other runs on this machine");
}

std::string setting(const char* name) {
  std::string text = read_small_file(fmt::format("/proc/sys/{}", name));
  std::erase(text, '\n');
  return text;
}

/// The command that would enable what is missing.
std::string remedy(const Machine& machine) {
  if (machine.bubblewrap.empty()) return "bubblewrap is not installed: apt-get install bubblewrap";
  if (setting("kernel/apparmor_restrict_unprivileged_userns") == "1")
    return "AppArmor forbids user namespaces: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0";
  if (setting("kernel/unprivileged_userns_clone") == "0")
    return "user namespaces are off: sudo sysctl kernel.unprivileged_userns_clone=1";
  if (setting("user/max_user_namespaces") == "0")
    return "user namespaces are off: sudo sysctl user.max_user_namespaces=10000";
  if (machine.root)
    return "in a container: allow namespaces (docker run --privileged), or accept less with --sandbox-min=S2";
  return "run as root, or accept less with a lower --sandbox-min";
}

const Layer* find_layer(const std::vector<Layer>& layers, std::string_view name) {
  const auto found = std::ranges::find(layers, name, &Layer::name);
  return found == layers.end() ? nullptr : &*found;
}

/// Empty if the tier holds, else what is wrong with it.
std::string shortfall(Tier tier, const std::vector<Layer>& layers) {
  if (const Layer* start = find_layer(layers, "start")) return start->detail;
  std::string wrong;
  for (const std::string& name : required_layers(tier)) {
    const Layer* layer = find_layer(layers, name);
    if (layer == nullptr || layer->state != "active")
      wrong += fmt::format("{}{}: {}", wrong.empty() ? "" : "; ", name,
                           layer == nullptr ? "not tested" : layer->detail);
  }
  return wrong;
}

/// Without namespaces a box starts our helpers where they lie, as a user of its own.
std::string closed_folder(const Machine& machine, Tier tier) {
  if (tier >= Tier::s3_namespaces || reachable_by(machine.user(0), machine.helpers / "assay-probe"))
    return "";
  return "the boxes' user may not enter " + machine.helpers.lexically_normal().string() +
         ": move Assay out of a private folder such as /root";
}

/// Why a tier is not even tried; empty where it is.
std::string obstacle(const Machine& machine, Tier tier) {
  const bool wants_namespaces = tier >= Tier::s3_namespaces;
  if (wants_namespaces && machine.bubblewrap.empty())
    return "bubblewrap is not installed: apt-get install bubblewrap";
  switch (tier) {
    case Tier::s4_full:
      if (!machine.root) return "needs root, for a user and a cgroup of its own";
      return machine.groups.limits() ? "" : "no cgroup with memory and pids limits can be written to";
    case Tier::s2_no_namespaces:
      if (!machine.root) return "needs root, for a user of its own";
      return machine.landlock >= 1 ? "" : "this kernel has no Landlock";
    case Tier::s1_same_user:
      if (machine.root) return "is for ordinary users; root has S2";
      return machine.landlock >= 6 ? "" : "needs Landlock version 6 (kernel 6.12)";
    case Tier::s3_namespaces:
    case Tier::s0_limits_only:
      break;
  }
  return "";
}

std::string summary_of(const Machine& machine, const std::vector<Layer>& layers) {
  const auto detail = [&](const char* name, const char* otherwise) {
    const Layer* layer = find_layer(layers, name);
    return layer != nullptr && layer->state == "active" ? layer->detail : std::string(otherwise);
  };
  const bool filtered = detail("seccomp", "none") != "none", locked = detail("landlock", "none") != "none";
  return fmt::format("{}{} uid={} ns={} root={} seccomp={} cgroup={} landlock={} rlimits={}",
                     to_string(machine.tier), machine.tier == Tier::s0_limits_only ? " UNSAFE" : "",
                     machine.user(0) >= 0 ? "slot" : "caller", detail("namespaces", "none"),
                     machine.namespaces() ? "empty" : "host",
                     filtered ? fmt::format("allow({})", machine.run_filter.rules) : "none",
                     detail("cgroup", "none"), locked ? std::to_string(machine.landlock) : "none", 8);
}

/// Tests one tier and, if it holds, fills in the report. Gives what is wrong otherwise.
std::string try_tier(Machine& machine, Tier tier, SandboxReport& report) {
  machine.tier = tier;
  std::string first_wrong;
  for (const bool drop_inside : {false, true}) {
    if (drop_inside && (!machine.root || tier < Tier::s3_namespaces)) continue;
    if (!drop_inside && machine.root && !machine.has("user namespace")) continue;
    machine.drop_inside = drop_inside;
    const ScratchFolder folder;
    report.layers = self_test(machine, folder.path());
    const std::string wrong = shortfall(tier, report.layers);
    if (wrong.empty()) {
      report.tier = tier;
      report.summary = summary_of(machine, report.layers);
      return "";
    }
    if (first_wrong.empty()) first_wrong = wrong;
  }
  return first_wrong;
}

}  // namespace

std::string to_string(Tier tier) {
  return fmt::format("S{}", static_cast<int>(tier));
}

std::optional<Tier> tier_from_string(std::string_view text) {
  if (text.size() != 2 || (text[0] != 'S' && text[0] != 's') || text[1] < '0' || text[1] > '4')
    return std::nullopt;
  return static_cast<Tier>(text[1] - '0');
}

Sandbox Sandbox::probe(const SandboxOptions& options) {
  auto state = std::make_unique<State>();
  Machine& machine = state->machine;
  machine.helpers = find_helpers(options);
  machine.bubblewrap = find_bubblewrap();
  machine.root = ::geteuid() == 0;
  machine.landlock = std::max(0, landlock::abi());
  machine.without = {options.without.begin(), options.without.end()};
  machine.run_filter = run_filter();
  machine.compile_filter = compile_filter();
  machine.compiler = find_compiler_files();
  machine.groups = CgroupHome::find();
  if (machine.root) state->user_range_lock = lock_user_range(machine);

  std::string reasons;
  for (const Tier tier : {Tier::s4_full, Tier::s3_namespaces, Tier::s2_no_namespaces, Tier::s1_same_user,
                          Tier::s0_limits_only}) {
    if (options.force ? tier != *options.force : tier < options.minimum) continue;
    std::string wrong = closed_folder(machine, tier);
    if (wrong.empty() && !options.force) wrong = obstacle(machine, tier);
    if (wrong.empty()) wrong = try_tier(machine, tier, state->report);
    if (wrong.empty()) return Sandbox(std::move(state));
    reasons += fmt::format("\n  {}: {}", to_string(tier), wrong);
  }
  throw SandboxRefused(
      fmt::format("untrusted code is not run here: no sandbox of tier {} or better works{}\n  {}",
                  to_string(options.force.value_or(options.minimum)), reasons, remedy(machine)));
}

Sandbox::Sandbox(std::unique_ptr<State> state) : state_(std::move(state)) {}
Sandbox::Sandbox(Sandbox&&) noexcept = default;
Sandbox::~Sandbox() = default;

const SandboxReport& Sandbox::report() const {
  return state_->report;
}

}  // namespace assay::graders
