/// What a hostile program can reach from inside, in every tier that this machine carries.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "graders/sandbox/doctor.hpp"
#include "tests/graders/sandbox/boxes.hpp"

namespace assay::graders {
namespace {

using namespace testing;
namespace fs = std::filesystem;

/// Runs `/prog try ATTEMPT`; true if the attempt succeeded.
bool succeeds(const std::string& attempt, const Sandbox& in = sandbox()) {
  Box box = in.start(prober({"try", attempt}));
  const std::string said = read_all(box);
  const BoxEnd end = box.wait();
  EXPECT_NE(end.cause, EndCause::sandbox_failed) << end.detail;
  return said.find("done") != std::string::npos;
}

EndCause end_of(const std::string& attempt, const Sandbox& in = sandbox()) {
  return run(prober({"try", attempt}), in).cause;
}

struct CompileBox {
  explicit CompileBox(const Sandbox& in) : sandbox(in) {
    spec.profile = BoxProfile::compile;
    spec.source = sandbox.make_folder(scratch.path(), "sub", 0, false);
    spec.output = sandbox.make_folder(scratch.path(), "out", 0, true);
    spec.limits = {10s, 15s, 2ull << 30, 64ull << 20, 1 << 20, 64};
  }
  void source(const std::string& name, const std::string& text) { std::ofstream(spec.source / name) << text; }
  BoxEnd compile(std::vector<std::string> more = {}) {
    spec.argv = {"/usr/bin/g++", "-std=c++20", "-static", "-fmax-errors=5", "./main.cpp", "-o", "/out/prog"};
    spec.argv.insert(spec.argv.end(), more.begin(), more.end());
    return started(sandbox.start(spec).wait());
  }
  BoxEnd attempt(std::vector<std::string> attempts, std::string& said) {
    spec.readable = {{helpers(), "/probe"}};
    spec.argv = {"/probe/assay-probe", "try"};
    spec.argv.insert(spec.argv.end(), attempts.begin(), attempts.end());
    Box box = sandbox.start(spec);
    said = read_all(box);
    return started(box.wait());
  }
  /// A box that never ran its program has an exit code of 0 too.
  static BoxEnd started(BoxEnd end) {
    EXPECT_NE(end.cause, EndCause::sandbox_failed) << end.detail;
    return end;
  }
  const Sandbox& sandbox;
  Scratch scratch;
  BoxSpec spec;
};

TEST(RunBox, SeesNoFile) {
  Scratch scratch;
  std::ofstream(scratch.path() / "canary") << "secret";
  for (const char* path : {"/etc/passwd", "/proc/self/status", "/proc/1/environ", "/dev/zero", "/sys",
                           "/usr/bin/env", "/var", "/home", "/root", "/tmp"})
    for (const char* how : {"open:", "stat:", "list:"})
      EXPECT_FALSE(succeeds(std::string(how) + path)) << how << path;
  EXPECT_FALSE(succeeds("open:" + (scratch.path() / "canary").string()));
  EXPECT_FALSE(succeeds("stat:" + (scratch.path() / "canary").string()));
}

TEST(RunBox, WritesNothing) {
  for (const char* path : {"/x", "/prog", "/init", "/tmp/x", "/dev/shm/x"})
    EXPECT_FALSE(succeeds(std::string("write:") + path));
}

TEST(RunBox, StartsNoProcessAndNoOtherProgram) {
  EXPECT_FALSE(succeeds("fork"));
  EXPECT_FALSE(succeeds("threads:40")) << "the default is 32 tasks";
  EXPECT_TRUE(succeeds("threads:4"));
  EXPECT_EQ(run(prober({"try", "exec:/init"})).exit_code, 0) << "assay-box would have ended with 125";
  EXPECT_FALSE(succeeds("code")) << "no memory is writable and executable";
}

TEST(RunBox, InheritsNothing) {
  ::setenv("ASSAY_CANARY", "secret", 1);
  const int leaked = ::memfd_create("leak", 0);  // deliberately not close-on-exec
  EXPECT_FALSE(succeeds("environment"));
  EXPECT_FALSE(succeeds("descriptors"));
  ::close(leaked);
}

TEST(RunBox, DiesAtCallsNoHonestProgramMakes) {
  const std::string self = std::to_string(::getpid());
  for (const char* call : {"socket", "unix_socket", "user_namespace", "mount", "chroot", "keyctl", "bpf",
                           "io_uring", "perf", "userfaultfd", "memfd", "x32", "int80"})
    EXPECT_EQ(end_of(call), EndCause::forbidden_call) << call;
  for (const char* call : {"ptrace:", "read_process:", "pidfd:"})
    EXPECT_EQ(end_of(call + self), EndCause::forbidden_call) << call;
  EXPECT_FALSE(succeeds("kill:" + self));
}

TEST(CompileBox, CompilesAndGivesAProgramThatRuns) {
  CompileBox box(sandbox());
  box.source(
      "main.cpp",
      "#include <vector>\n#include <iostream>\n#include \"part.hpp\"\nint main() { std::cout << part(); "
      "std::cerr << 'e'; return std::vector<int>{3}[0]; }\n");
  box.source("part.hpp", "inline int part() { return 42; }\n");
  const BoxEnd end = box.compile();
  ASSERT_EQ(end.cause, EndCause::exited) << end.detail;
  ASSERT_EQ(end.exit_code, 0) << end.standard_error;
  BoxSpec program;
  program.program = box.spec.output / "prog";
  program.argv = {"/prog"};
  const BoxEnd ran = run(program);
  EXPECT_EQ(ran.exit_code, 3) << ran.detail;
  EXPECT_EQ(ran.standard_output, "42");
  EXPECT_EQ(ran.standard_error, "e");
}

TEST(CompileBox, ReadsNoFileOfTheMachine) {
  CompileBox box(sandbox());
  Scratch other;
  std::ofstream(other.path() / "solution.hpp") << "int oracle_secret;";
  const std::vector<std::string> paths{"/etc/passwd", "/proc/self/environ", "/dev/zero",
                                       fs::absolute(__FILE__).string(),
                                       (other.path() / "solution.hpp").string()};
  for (const std::string& path : paths) {
    box.source("main.cpp", "#include \"" + path + "\"\nint main() {}\n");
    const BoxEnd end = box.compile();
    EXPECT_EQ(end.cause, EndCause::exited);
    EXPECT_NE(end.exit_code, 0) << path;
    EXPECT_EQ(end.standard_error.find("secret"), std::string::npos) << path;
    box.source("main.cpp", "asm(\".incbin \\\"" + path + "\\\"\"); int main() {}\n");
    EXPECT_NE(box.compile().exit_code, 0) << path;
  }
}

TEST(CompileBox, HoldsNoOracleLibrary) {
  CompileBox box(sandbox());
  std::size_t tried = 0;
  for (const char* header : {"arb.h", "flint/flint.h", "flint/arb.h", "boost/multiprecision/gmp.hpp"}) {
    if (!fs::exists(fs::path("/usr/include") / header)) continue;
    ++tried;
    box.source("main.cpp", "#if __has_include(<" + std::string(header) + ">)\n#include <" + header +
                               ">\n#else\n#error hidden\n#endif\nint main() {}\n");
    EXPECT_NE(box.compile().exit_code, 0) << header;
  }
  EXPECT_GE(tried, 3u) << "this machine has the oracles' headers: it built them";
}

TEST(CompileBox, WritesOnlyToItsOutput) {
  CompileBox box(sandbox());
  std::string said;
  box.attempt({"write:/out/x", "write:/tmp/x", "write:/x", "write:/sub/x", "write:/usr/include/x",
               "write:/usr/bin/g++"},
              said);
  std::istringstream answers(said);
  std::vector<bool> done;
  std::string position, result;
  while (answers >> position >> result) done.push_back(result == "done");
  EXPECT_EQ(done, (std::vector<bool>{true, true, false, false, false, false})) << said;
}

TEST(CompileBox, MakesNoNamespaceMountOrRoot) {
  CompileBox box(sandbox());
  std::string said;
  box.attempt({"user_namespace", "mount", "chroot", "become_root"}, said);
  EXPECT_EQ(said.find("done"), std::string::npos) << said;
  for (const char* call : {"socket", "unix_socket", "keyctl", "bpf", "io_uring", "perf", "memfd"})
    EXPECT_EQ(box.attempt({call}, said).cause, EndCause::forbidden_call) << call;
}

TEST(CompileBox, StopsBombs) {
  CompileBox box(sandbox());
  box.spec.limits.cpu = 1s;
  box.source("main.cpp",
             "template <int n> struct F { static constexpr long v = F<n - 1>::v + F<n - 2>::v; };\n"
             "constexpr long f(long n) { return n < 2 ? n : f(n - 1) + f(n - 2); }\n"
             "static_assert(f(60) > 0); int main() {}\n");
  EXPECT_EQ(box.compile({"-fconstexpr-ops-limit=2000000000000", "-fconstexpr-loop-limit=2000000000"}).cause,
            EndCause::cpu_limit);
  box.spec.limits.cpu = 10s;
  box.spec.limits.file_bytes = 8 << 20;
  box.source("main.cpp", "int a[1 << 30] = {1}; int main() { return a[0]; }\n");
  const BoxEnd end = box.compile();
  EXPECT_TRUE(end.cause != EndCause::exited || end.exit_code != 0);
}

/// Everything again, in short, in the tiers that stand in where namespaces are missing.
TEST(Tiers, HoldInEveryTierOfThisMachine) {
  Scratch scratch;
  std::ofstream(scratch.path() / "canary") << "secret";
  for (const Tier tier : {Tier::s4_full, Tier::s3_namespaces, Tier::s2_no_namespaces, Tier::s1_same_user}) {
    const Sandbox* in = sandbox_of(tier);
    if (!in) continue;
    SCOPED_TRACE(to_string(tier));
    EXPECT_FALSE(succeeds("open:" + (scratch.path() / "canary").string(), *in));
    EXPECT_FALSE(succeeds("fork", *in));
    EXPECT_FALSE(succeeds("kill:" + std::to_string(::getpid()), *in));
    EXPECT_EQ(end_of("socket", *in), EndCause::forbidden_call);
    CompileBox box(*in);
    box.source("main.cpp", "int main() { return 5; }\n");
    const BoxEnd compiled = box.compile();
    EXPECT_EQ(compiled.exit_code, 0) << compiled.standard_error;
    BoxSpec program;
    program.program = box.spec.output / "prog";
    program.argv = {"/prog"};
    EXPECT_EQ(run(program, *in).exit_code, 5);
    box.source("main.cpp", "#include \"" + (scratch.path() / "canary").string() + "\"\nint main() {}\n");
    EXPECT_NE(box.compile().exit_code, 0);
  }
}

TEST(Tiers, NoticeEveryLayerThatIsTakenAway) {
  if (!sandbox_of(Tier::s4_full)) GTEST_SKIP() << "no S4 here";
  for (const char* layer : {"namespaces", "empty root", "seccomp", "slot user", "cgroup", "rlimits"}) {
    SandboxOptions options;
    options.force = Tier::s4_full;
    options.without = {layer};
    try {
      Sandbox::probe(options);
      ADD_FAILURE() << "a sandbox without its " << layer << " was accepted";
    } catch (const SandboxRefused& refusal) {
      EXPECT_NE(std::string(refusal.what()).find(layer), std::string::npos) << refusal.what();
    }
  }
  SandboxOptions options;
  options.without = {"landlock"};
  const SandboxReport report = Sandbox::probe(options).report();
  const auto landlock = std::ranges::find(report.layers, "landlock", &Layer::name);
  ASSERT_NE(landlock, report.layers.end());
  EXPECT_NE(landlock->state, "active");
}

/// Where AppArmor forbids user namespaces to all but root, root makes the others and gives its rights up
/// inside.
TEST(Tiers, HoldForRootWithoutAUserNamespace) {
  if (::getuid() != 0 || sandbox().report().tier < Tier::s3_namespaces)
    GTEST_SKIP() << "needs root and namespaces";
  SandboxOptions options;
  options.without = {"user namespace"};
  const Sandbox in = Sandbox::probe(options);
  EXPECT_EQ(in.report().tier, sandbox().report().tier);
  EXPECT_EQ(in.report().summary.find("ns=user"), std::string::npos) << in.report().summary;
  EXPECT_FALSE(succeeds("stat:/etc/passwd", in));
  CompileBox box(in);
  box.source("main.cpp", "int main() { return 5; }\n");
  EXPECT_EQ(box.compile().exit_code, 0);
  std::string said;
  box.attempt({"user_namespace", "mount", "chroot", "become_root"}, said);
  EXPECT_EQ(said.find("done"), std::string::npos) << said;
}

TEST(Tiers, NameThePrivateFolderThatKeepsBoxesOut) {
  if (::getuid() != 0) GTEST_SKIP() << "needs root, whose boxes have users of their own";
  const Scratch scratch;
  const fs::path folder = scratch.path() / "private";
  fs::create_directory(folder);
  fs::copy(helpers(), folder, fs::copy_options::recursive);
  fs::permissions(folder, fs::perms::owner_all);
  SandboxOptions options;
  options.helpers = folder;
  options.force = options.minimum = Tier::s0_limits_only;
  try {
    Sandbox::probe(options);
    FAIL() << "a box was started";
  } catch (const SandboxRefused& refusal) {
    EXPECT_NE(std::string(refusal.what()).find("may not enter " + folder.string()), std::string::npos)
        << refusal.what();
  }
}

TEST(Tiers, RefuseWhereTheHelpersAreMissing) {
  SandboxOptions options;
  options.helpers = "/nonexistent";
  EXPECT_THROW(Sandbox::probe(options), SandboxRefused);
}

TEST(Tiers, AreReportedAlikeWhoeverElseIsGrading) {
  SandboxOptions options;
  options.minimum = Tier::s0_limits_only;
  const Sandbox first = Sandbox::probe(options);
  const Sandbox second = Sandbox::probe(options);  // takes another range of users
  EXPECT_EQ(first.report().summary, second.report().summary);
  ASSERT_EQ(first.report().layers.size(), second.report().layers.size());
  for (std::size_t i = 0; i < first.report().layers.size(); ++i)
    EXPECT_EQ(first.report().layers[i].detail, second.report().layers[i].detail);
}

TEST(Tiers, KeepTheirNames) {
  EXPECT_EQ(to_string(Tier::s4_full), "S4");
  EXPECT_EQ(tier_from_string("S2"), Tier::s2_no_namespaces);
  EXPECT_EQ(tier_from_string("S5"), std::nullopt);
  EXPECT_EQ(tier_from_string(""), std::nullopt);
}

/// 0, or the number of the promise that does not hold for an ordinary user.
int broken_promise_to_a_user() {
  const std::unique_ptr<Sandbox> mine = fresh_sandbox(Tier::s3_namespaces);
  if (!mine) return 1;
  if (run(prober({"exit", "7"}), *mine).exit_code != 7) return 2;
  if (succeeds("stat:/etc/passwd", *mine) || succeeds("fork", *mine)) return 3;
  CompileBox box(*mine);
  box.source("main.cpp", "int main() {}\n");
  if (box.compile().exit_code != 0) return 4;
  try {
    Sandbox::probe({std::nullopt, Tier::s4_full, {}, {}});
    return 5;
  } catch (const SandboxRefused& refusal) {
    return std::string(refusal.what()).find("needs root") == std::string::npos ? 6 : 0;
  }
}

/// In a child: a process cannot come back from giving root away.
TEST(Tiers, ReachS3ForAnOrdinaryUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "this test run is an ordinary user's already";
  if (!sandbox_of(Tier::s3_namespaces)) GTEST_SKIP() << "no namespaces here";
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setresgid(60001, 60001, 60001) != 0 || ::setresuid(60001, 60001, 60001) != 0) ::_exit(9);
    ::_exit(::access((helpers() / "assay-box").c_str(), X_OK) != 0 ? 77 : broken_promise_to_a_user());
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  if (WEXITSTATUS(status) == 77) GTEST_SKIP() << "the build folder is closed to other users";
  EXPECT_EQ(status, 0);
}

TEST(Doctor, FitsATerminal) {
  SandboxReport report = sandbox().report();
  report.layers.push_back(
      {"start", "broken", std::string(300, 'x') + " " + std::string(50, 'y') + "\x1b[31m"});
  std::istringstream lines(doctor_text(report));
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 80u) << line;
    EXPECT_EQ(line.find('\x1b'), std::string::npos);
  }
}

}  // namespace
}  // namespace assay::graders
