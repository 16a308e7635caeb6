/// The words that start a box: `assay-box launch ... bwrap ... assay-box init ... PROGRAM`, or, without
/// namespaces, `assay-box init ... PROGRAM`. Nothing is run here.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "graders/sandbox/box.hpp"
#include "graders/sandbox/cgroup.hpp"
#include "graders/sandbox/compiler_files.hpp"
#include "graders/sandbox/filter.hpp"

namespace assay::graders {

/// Everything about this machine and the chosen tier that a box needs; made once.
struct Machine {
  Tier tier = Tier::s0_limits_only;
  std::filesystem::path helpers;     ///< folder of assay-box and assay-probe
  std::filesystem::path bubblewrap;  ///< empty where there is none
  bool root = false;
  /// Root, where users may not make user namespaces: bubblewrap runs as root, the slot's user comes inside.
  bool drop_inside = false;
  unsigned first_user = 51000;  ///< user of slot 0
  int landlock = 0;             ///< version; 0: none
  std::set<std::string> without;
  Filter run_filter, compile_filter;
  CompilerFiles compiler;
  CgroupHome groups;

  bool has(const std::string& layer) const { return !without.contains(layer); }
  bool namespaces() const { return tier >= Tier::s3_namespaces; }
  bool uses_groups() const { return groups.limits() && tier == Tier::s4_full && has("cgroup"); }
  /// The slot's user id, or -1 where every box runs as the caller.
  long user(unsigned slot) const {
    return root && has("slot user") ? static_cast<long>(first_user + slot) : -1;
  }
};

/// The numbers that descriptors have in the first process of a box.
namespace number {
constexpr int requests = 3, replies = 4, status = 5, filter = 6, arguments = 7, helper = 8, info = 9,
              program = 10, first_group = 11;
}

struct BoxCommand {
  std::vector<std::string> argv;
  std::string bubblewrap_arguments;    ///< NUL-separated, for number::arguments; empty without namespaces
  bool shows_program_by_copy = false;  ///< number::program is the opened program
};

/// `group_count` descriptors from number::first_group on are cgroup entrances.
BoxCommand box_command(const Machine& machine, const BoxSpec& spec, std::size_t group_count);

/// Whether `user` may pass every folder above `path`, and read `path` itself.
bool reachable_by(long user, const std::filesystem::path& path);

}  // namespace assay::graders
