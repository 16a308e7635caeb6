#include "graders/sandbox/selftest.hpp"

#include <fmt/format.h>

#include <signal.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>

#include "graders/escape.hpp"
#include "graders/sandbox/box_state.hpp"
#include "graders/sandbox/compiler_files.hpp"
#include "graders/sandbox/sandbox_state.hpp"

namespace assay::graders {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using Words = std::vector<std::string>;

/// What the prober said of each attempt, and how it ended as seen from outside.
struct Outcome {
  std::map<std::string, std::string> attempts;  ///< "fork" -> "1" (an errno) or "done"
  BoxEnd end;

  bool stopped(const std::string& attempt) const {
    const auto found = attempts.find(attempt);
    return found != attempts.end() && found->second != "done" && found->second != "unknown";
  }
  bool done(const std::string& attempt) const {
    const auto found = attempts.find(attempt);
    return found != attempts.end() && found->second == "done";
  }
};

std::string describe(const BoxEnd& end) {
  switch (end.cause) {
    case EndCause::exited:
      return fmt::format("exited with {}", end.exit_code);
    case EndCause::signalled:
      return fmt::format("was killed by signal {}", end.signal);
    case EndCause::sandbox_failed:
      return "could not be started: " + displayable_line(end.detail, 400);
    case EndCause::memory_limit:
      return "was stopped at the memory limit";
    case EndCause::forbidden_call:
      return "was killed at a forbidden call";
    default:
      return "was stopped by another limit";
  }
}

class SelfTest {
 public:
  SelfTest(const Machine& machine, const fs::path& folder) : machine_(machine), folder_(folder) {
    std::ofstream(canary()) << "canary";
    fs::permissions(canary(), fs::perms(0644));
    for (const char* name : {"sub", "out"}) {
      fs::create_directory(folder_ / name);
      const auto user = static_cast<uid_t>(std::max(0L, machine.user(0)));
      if (machine.root && ::chown((folder_ / name).c_str(), user, user) != 0) continue;
    }
  }

  std::vector<Layer> run() {
    computing_ = probe(BoxProfile::run, run_attempts());
    if (computing_.end.cause == EndCause::sandbox_failed)
      return {{"start", "broken", "a box " + describe(computing_.end)}};
    std::vector<Layer> layers{namespaces(), empty_root(), seccomp(), slot_user(),
                              cgroup(),     landlock(),   rlimits()};
    layers.push_back(clean_start());
    layers.push_back(compile_box());
    return layers;
  }

 private:
  fs::path canary() const { return folder_ / "canary"; }
  /// The dot keeps the path from being taken for one inside the box.
  std::string hidden(const char* what) const { return fmt::format("{}:/.{}", what, canary().string()); }

  Outcome probe(BoxProfile profile, const Words& attempts, std::uint64_t memory = 256ull << 20) {
    BoxSpec spec;
    spec.profile = profile;
    spec.program = machine_.helpers / "assay-probe";
    spec.argv = {profile == BoxProfile::run ? "/prog" : "/probe/assay-probe"};
    if (profile == BoxProfile::compile) {
      spec.source = folder_ / "sub";
      spec.output = folder_ / "out";
      spec.readable = {{machine_.helpers, "/probe"}};
      spec.limits.file_bytes = 1 << 20;
    }
    spec.argv.insert(spec.argv.end(), attempts.begin(), attempts.end());
    spec.limits.memory_bytes = memory;
    spec.limits.processes = threads;
    Box box(start_box(machine_, spec));
    Outcome outcome;
    std::string said;
    for (std::byte byte{}; box.read({&byte, 1}, Clock::now() + 5s) == IoStatus::ok;)
      said += static_cast<char>(byte);
    std::istringstream answers(said);
    std::string result;
    for (std::size_t position = 0; answers >> position >> result;)
      if (position + 1 < attempts.size()) outcome.attempts[attempts[position + 1]] = result;
    outcome.end = box.wait();
    return outcome;
  }

  Words run_attempts() const {
    // The last replaces the prober if it succeeds.
    const std::string program = machine_.namespaces() ? "exec:/init" : "exec:/bin/true";
    return {"try",
            "stat:/etc",
            "stat:/proc",
            "stat:/host",
            hidden("open"),
            hidden("stat"),
            "write:/x",
            "fork",
            fmt::format("threads:{}", threads),
            "unlimited",
            "descriptors",
            "pids",
            "hostname",
            "code",
            "environment",
            fmt::format("kill:{}", ::getpid()),
            program};
  }

  static Layer verdict(std::string name, bool expected, std::string good, std::string bad) {
    return {std::move(name), expected ? "active" : "broken", expected ? std::move(good) : std::move(bad)};
  }

  Layer namespaces() const {
    if (!machine_.namespaces()) return {"namespaces", "absent", "this tier makes none"};
    return verdict("namespaces", computing_.stopped("pids") && computing_.stopped("hostname"),
                   machine_.drop_inside ? "pid,net,ipc,uts,mnt,cgroup" : "user,pid,net,ipc,uts,mnt,cgroup",
                   "the prober saw the machine's process numbers or name");
  }

  Layer empty_root() const {
    if (!machine_.namespaces()) return {"empty root", "absent", "this tier hides files by other means"};
    bool hidden_all = true;
    for (const std::string& attempt :
         {std::string("stat:/etc"), std::string("stat:/proc"), std::string("stat:/host"), hidden("stat"),
          hidden("open"), std::string("write:/x")})
      hidden_all = hidden_all && computing_.stopped(attempt);
    return verdict("empty root", hidden_all, "no file of the machine can be seen",
                   "the prober saw files of the machine");
  }

  Layer seccomp() {
    if (machine_.tier == Tier::s0_limits_only) return {"seccomp", "absent", "this tier has none"};
    const Outcome calling = probe(BoxProfile::run, {"try", "socket"});
    const bool gentle =
        computing_.stopped("fork") && computing_.stopped("code") && computing_.stopped(hidden("open"));
    return verdict("seccomp", gentle && calling.end.cause == EndCause::forbidden_call,
                   fmt::format("allow({}): a socket ends the program", machine_.run_filter.rules),
                   "a program that made a socket " + describe(calling.end));
  }

  /// Watched from outside: inside a user namespace, a number may stand for another one.
  Layer slot_user() const {
    const long user = machine_.user(0);
    if (user < 0) return {"slot user", machine_.root ? "broken" : "absent", "boxes run as the caller"};
    BoxSpec spec;
    spec.program = machine_.helpers / "assay-probe";
    spec.argv = {"/prog", "echo"};
    const std::unique_ptr<BoxState> box = start_box(machine_, spec);
    const std::vector<uid_t> users = leaf_users(box->process.id());
    box->stop(EndCause::killed);
    box->finish();
    const bool only_slot =
        !users.empty() && std::ranges::all_of(users, [&](uid_t u) { return u == static_cast<uid_t>(user); });
    return verdict("slot user", only_slot, "each box has a user of its own",
                   "the program ran as another user than the slot's");
  }

  Layer cgroup() {
    if (machine_.tier != Tier::s4_full)
      return {"cgroup", "absent", "memory is limited per process, not per box"};
    const Outcome eating = probe(BoxProfile::run, {"eat", "96"}, 48ull << 20);
    return verdict("cgroup", machine_.uses_groups() && eating.end.cause == EndCause::memory_limit,
                   machine_.groups.detail(), "a program that took twice its memory " + describe(eating.end));
  }

  Layer landlock() const {
    if (machine_.landlock <= 0) return {"landlock", "absent", "not in this kernel"};
    if (machine_.tier == Tier::s0_limits_only) return {"landlock", "absent", "this tier has none"};
    const Words attempts = run_attempts();
    const auto found = computing_.attempts.find(attempts.back());
    const bool refused = found != computing_.attempts.end() && found->second == std::to_string(EACCES);
    return verdict("landlock", refused, fmt::format("version {}", machine_.landlock),
                   "the prober could run another program");
  }

  Layer rlimits() const {
    const bool bounded =
        computing_.stopped("unlimited") && computing_.stopped(fmt::format("threads:{}", threads));
    return verdict("rlimits", bounded, "cpu,as,fsize,nofile,nproc,core,stack,memlock",
                   "the prober found a resource without a limit");
  }

  Layer clean_start() const {
    return verdict("clean start", computing_.stopped("descriptors") && computing_.stopped("environment"),
                   "no descriptor and no variable of the caller",
                   "the prober found descriptors or variables of the caller");
  }

  Layer compile_box() {
    Words bad{"open:/etc/shadow", "write:/sub/x", "write:/usr/include/x", "become_root"};
    if (machine_.tier > Tier::s0_limits_only)
      for (const char* more : {"user_namespace", "mount", "chroot"}) bad.push_back(more);
    if (machine_.tier > Tier::s0_limits_only) bad.push_back(hidden("open"));
    const std::string compiler = std::string("open:") + compiler_path;
    Words attempts{"try", "write:/out/x", "write:/tmp/x", compiler};
    attempts.insert(attempts.end(), bad.begin(), bad.end());
    const Outcome outcome = probe(BoxProfile::compile, attempts);
    std::string wrong;
    for (const std::string& attempt : bad)
      if (!outcome.stopped(attempt)) wrong += " " + attempt.substr(0, attempt.find(':'));
    const bool useful =
        machine_.namespaces() ? outcome.done("write:/out/x") && outcome.done("write:/tmp/x") : true;
    if (!useful) wrong += " no-output";
    if (!outcome.done(compiler)) wrong += " no-compiler";
    return verdict("compile box", wrong.empty() && outcome.end.cause == EndCause::exited,
                   "reads the toolchain and the sources only",
                   "the prober " + describe(outcome.end) + ";" + wrong);
  }

  static std::vector<uid_t> leaf_users(pid_t process) {
    const std::string id = std::to_string(process);
    std::istringstream children(read_small_file("/proc/" + id + "/task/" + id + "/children"));
    std::vector<uid_t> users;
    for (pid_t child; children >> child;)
      for (const uid_t user : leaf_users(child)) users.push_back(user);
    if (!users.empty()) return users;
    std::istringstream status(read_small_file("/proc/" + id + "/status"));
    for (std::string word; status >> word;) {
      uid_t user = 0;
      if (word == "Uid:" && status >> user) return {user};
    }
    return {};
  }

  static constexpr unsigned threads = 12;
  const Machine& machine_;
  const fs::path folder_;
  Outcome computing_;
};

}  // namespace

std::vector<Layer> self_test(const Machine& machine, const fs::path& folder) {
  return SelfTest(machine, folder).run();
}

std::vector<std::string> required_layers(Tier tier) {
  switch (tier) {
    case Tier::s4_full:
      return {"namespaces", "empty root", "seccomp",     "slot user",
              "cgroup",     "rlimits",    "clean start", "compile box"};
    case Tier::s3_namespaces:
      return {"namespaces", "empty root", "seccomp", "rlimits", "clean start", "compile box"};
    case Tier::s2_no_namespaces:
      return {"slot user", "landlock", "seccomp", "rlimits", "clean start", "compile box"};
    case Tier::s1_same_user:
      return {"landlock", "seccomp", "rlimits", "clean start", "compile box"};
    case Tier::s0_limits_only:
      break;
  }
  return {"rlimits"};
}

}  // namespace assay::graders
