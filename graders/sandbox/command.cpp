#include "graders/sandbox/command.hpp"

#include <fmt/format.h>

#include <sys/stat.h>

#include <algorithm>
#include <set>
#include <sstream>

namespace assay::graders {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

void append(Words& words, std::initializer_list<std::string> more) {
  words.insert(words.end(), more);
}

Words environment_of(const BoxSpec& spec) {
  Words variables{"PATH=/usr/bin", "LC_ALL=C"};
  if (spec.profile == BoxProfile::compile) append(variables, {"TMPDIR=/tmp", "SOURCE_DATE_EPOCH=0"});
  variables.insert(variables.end(), spec.environment.begin(), spec.environment.end());
  return variables;
}

/// Threads and processes of our own user that already run: without a user namespace or a slot user of its
/// own, RLIMIT_NPROC counts them too.
unsigned own_tasks() {
  unsigned tasks = 0;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
    struct stat about {};
    if (::stat(entry.path().c_str(), &about) != 0 || about.st_uid != ::getuid()) continue;
    for ([[maybe_unused]] const auto& task : fs::directory_iterator(entry.path() / "task", ignored)) ++tasks;
  }
  return tasks;
}

void add_limits(Words& words, const Machine& machine, const BoxSpec& spec) {
  const auto limit = [&](const char* name, std::uint64_t soft, std::uint64_t hard) {
    append(words, {"--limit", fmt::format("{}:{}:{}", name, soft, hard)});
  };
  limit("core", 0, 0);
  if (!machine.has("rlimits")) return;
  const BoxLimits& limits = spec.limits;
  const auto seconds = static_cast<std::uint64_t>((limits.cpu.count() + 999) / 1000);
  limit("cpu", seconds + 1, seconds + 2);
  // With a cgroup, the memory really used decides; address space is then only kept from growing absurd.
  const std::uint64_t memory = limits.memory_bytes;
  const std::uint64_t space = machine.uses_groups() ? 4 * memory + (4ull << 30) : memory + (32ull << 20);
  if (limits.address_space) limit("as", space, space);
  limit("fsize", limits.file_bytes, limits.file_bytes);
  const std::uint64_t files = spec.profile == BoxProfile::compile ? 256 : 16;
  limit("nofile", files, files);
  limit("stack", 64ull << 20, 64ull << 20);
  limit("memlock", 0, 0);
  const bool counts_others = !machine.namespaces() && machine.user(spec.slot) < 0;
  const std::uint64_t processes = limits.processes + 1 + (counts_others ? own_tasks() : 0);
  limit("nproc", processes, processes);
}

/// What the program may do, common to all tiers.
Words init_words(const Machine& machine, const BoxSpec& spec) {
  Words words{"--status", std::to_string(number::status)};
  if (machine.tier > Tier::s0_limits_only && machine.has("seccomp"))
    append(words, {"--filter", std::to_string(number::filter)});
  for (const std::string& variable : environment_of(spec)) append(words, {"--setenv", variable});
  if (spec.fixed_addresses) words.push_back("--fixed-addresses");
  add_limits(words, machine, spec);
  return words;
}

bool uses_landlock(const Machine& machine) {
  return machine.landlock > 0 && machine.tier > Tier::s0_limits_only && machine.has("landlock");
}

// --- With namespaces
// -----------------------------------------------------------------------------------------

/// Left to itself, bubblewrap makes the folders above a file for root alone where it runs as root.
void make_parents(Words& words, const Machine& machine, const BoxSpec& spec) {
  std::set<fs::path> parents;  // in this order, the upper ones come first
  const auto add = [&](const fs::path& path) {
    for (fs::path above = path.parent_path(); above.has_relative_path(); above = above.parent_path())
      parents.insert(above);
  };
  for (const std::string& folder : machine.compiler.folders) add(folder);
  for (const std::string& file : machine.compiler.files) add(file);
  for (const auto& link : machine.compiler.links) add(link.path);
  for (const auto& [host, box] : spec.readable) add(box);
  for (const fs::path& parent : parents) append(words, {"--perms", "0755", "--dir", parent});
}

void show_compiler(Words& words, const Machine& machine, const BoxSpec& spec) {
  make_parents(words, machine, spec);
  for (const std::string& folder : machine.compiler.folders) append(words, {"--ro-bind", folder, folder});
  for (const std::string& file : machine.compiler.files) append(words, {"--ro-bind", file, file});
  for (const auto& link : machine.compiler.links) append(words, {"--symlink", link.target, link.path});
  for (const std::string& folder : machine.compiler.covered_folders)
    append(words, {"--tmpfs", folder, "--remount-ro", folder});
  for (const std::string& file : machine.compiler.covered_files)
    append(words, {"--ro-bind", "/dev/null", file});
  for (const auto& [host, box] : spec.readable) append(words, {"--ro-bind", host, box});
  append(words, {"--ro-bind", spec.source, "/sub"});
  append(words, {"--bind", spec.output, "/out"});
  const std::uint64_t room = std::max<std::uint64_t>(spec.limits.file_bytes, 64ull << 20);
  append(words, {"--perms", "1777", "--size", std::to_string(room), "--tmpfs", "/tmp", "--chdir", "/sub"});
}

Words landlock_words(const BoxSpec& spec) {
  if (spec.profile == BoxProfile::run) return {"--landlock", "--read", "/prog"};
  return {"--landlock", "--read", "/", "--write", "/out", "--write", "/tmp"};
}

Words bubblewrap_words(const Machine& machine, const BoxSpec& spec, bool by_copy) {
  Words words{"--die-with-parent", "--new-session"};
  // Named one by one: --unshare-all would take a user namespace too, in which root cannot become the slot's
  // user.
  if (machine.has("namespaces"))
    append(words, {"--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try",
                   "--as-pid-1", "--hostname", "box"});
  if (!machine.drop_inside) append(words, {"--unshare-user", "--disable-userns"});
  append(words, {"--info-fd", std::to_string(number::info)});
  if (spec.profile == BoxProfile::run) append(words, {"--chdir", "/"});
  // The test of the prober: with the host's files in it, the box must be found leaking.
  if (!machine.has("empty root")) append(words, {"--ro-bind", "/", "/host"});
  append(words, {"--perms", "0555", "--ro-bind-data", std::to_string(number::helper), "/init"});
  if (spec.profile == BoxProfile::compile)
    show_compiler(words, machine, spec);
  else if (by_copy)
    append(words, {"--perms", "0555", "--ro-bind-data", std::to_string(number::program), "/prog"});
  else
    append(words, {"--ro-bind", spec.program, "/prog"});
  append(words, {"--remount-ro", "/", "--cap-drop", "ALL"});
  if (machine.drop_inside) append(words, {"--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"});
  append(words, {"--", "/init", "init"});
  const Words init = init_words(machine, spec);
  words.insert(words.end(), init.begin(), init.end());
  if (uses_landlock(machine))
    for (const std::string& word : landlock_words(spec)) words.push_back(word);
  const long user = machine.user(spec.slot);
  if (machine.drop_inside && user >= 0) append(words, {"--uid", std::to_string(user)});
  words.push_back("--");
  words.insert(words.end(), spec.argv.begin(), spec.argv.end());
  return words;
}

BoxCommand with_namespaces(const Machine& machine, const BoxSpec& spec, const Words& joins) {
  BoxCommand command;
  const long user = machine.user(spec.slot);
  command.shows_program_by_copy =
      spec.profile == BoxProfile::run && !machine.drop_inside && !reachable_by(user, spec.program);
  command.argv = {machine.helpers / "assay-box", "launch"};
  command.argv.insert(command.argv.end(), joins.begin(), joins.end());
  if (user >= 0 && !machine.drop_inside) append(command.argv, {"--uid", std::to_string(user)});
  append(command.argv, {"--", machine.bubblewrap, "--args", std::to_string(number::arguments)});
  // Everything after "--" of bubblewrap's own arguments is the command, so it goes last on the line itself.
  const Words words = bubblewrap_words(machine, spec, command.shows_program_by_copy);
  const auto split = std::ranges::find(words, "--");
  for (auto word = words.begin(); word != split; ++word) command.bubblewrap_arguments += *word + '\0';
  command.argv.insert(command.argv.end(), split, words.end());
  return command;
}

// --- Without namespaces
// --------------------------------------------------------------------------------------

using Places = std::vector<std::pair<std::string, std::string>>;

/// Box paths become host paths, where a path starts and where it ends. One pass: a host path may well look
/// like another box path.
std::string on_host(const std::string& word, const Places& places) {
  std::string out;
  for (std::size_t at = 0; at < word.size();) {
    const bool starts = at == 0 || word[at - 1] == '=' || word[at - 1] == ':' || (at == 2 && word[0] == '-');
    const auto found = std::ranges::find_if(places, [&](const auto& place) {
      const std::size_t end = at + place.first.size();
      const bool ends = end >= word.size() || word[end] == '/' || word[end] == '=' || word[end] == ':';
      return starts && ends && word.compare(at, place.first.size(), place.first) == 0;
    });
    if (found == places.end())
      out += word[at++];
    else {
      out += found->second;
      at += found->first.size();
    }
  }
  return out;
}

BoxCommand without_namespaces(const Machine& machine, const BoxSpec& spec, const Words& joins) {
  BoxCommand command;
  Words& words = command.argv;
  words = {machine.helpers / "assay-box", "init", "--tree"};
  words.insert(words.end(), joins.begin(), joins.end());
  Places places{{"/prog", spec.program}};
  if (spec.profile == BoxProfile::compile) {
    places = {{"/sub", spec.source}, {"/out", spec.output}, {"/tmp", spec.output / ".tmp"}};
    for (const auto& [host, box] : spec.readable) places.emplace_back(box, host);
    append(words, {"--folder", spec.source});
  } else {
    append(words, {"--folder", "/"});
  }
  for (const std::string& word : init_words(machine, spec)) words.push_back(on_host(word, places));
  if (uses_landlock(machine)) {
    words.push_back("--landlock");
    if (spec.profile == BoxProfile::run)
      append(words, {"--read", spec.program});
    else {
      for (const std::string& folder : machine.compiler.folders) append(words, {"--read", folder});
      for (const std::string& file : machine.compiler.files) append(words, {"--read", file});
      for (const auto& [host, box] : spec.readable) append(words, {"--read", host});
      append(words, {"--read", spec.source, "--write", spec.output});
    }
  }
  const long user = machine.user(spec.slot);
  if (user >= 0) append(words, {"--uid", std::to_string(user)});
  words.push_back("--");
  for (const std::string& word : spec.argv) words.push_back(on_host(word, places));
  return command;
}

}  // namespace

BoxCommand box_command(const Machine& machine, const BoxSpec& spec, std::size_t group_count) {
  Words joins;
  for (std::size_t i = 0; i < group_count; ++i)
    append(joins, {"--join", std::to_string(number::first_group + static_cast<int>(i))});
  return machine.namespaces() ? with_namespaces(machine, spec, joins)
                              : without_namespaces(machine, spec, joins);
}

bool reachable_by(long user, const fs::path& path) {
  if (user < 0) return true;
  const auto may = [&](const fs::path& place, mode_t right) {
    struct stat about {};
    if (::stat(place.c_str(), &about) != 0) return false;
    if (about.st_uid == user) return (about.st_mode & (right << 6)) != 0;
    if (about.st_gid == user) return (about.st_mode & (right << 3)) != 0;
    return (about.st_mode & right) != 0;
  };
  for (fs::path above = path.parent_path(); above.has_relative_path(); above = above.parent_path())
    if (!may(above, 1)) return false;
  return may(path, 4);
}

}  // namespace assay::graders
