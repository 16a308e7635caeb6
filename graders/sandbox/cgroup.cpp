#include "graders/sandbox/cgroup.hpp"

#include <fmt/format.h>

#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <fstream>
#include <sstream>
#include <string_view>
#include <thread>

namespace assay::graders {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::string_view prefix = "assay-";

/// Field 22 of /proc/PID/stat: with the pid, it names one process for ever.
std::string start_time(const std::string& pid) {
  const std::string stat = read_small_file("/proc/" + pid + "/stat");
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) return "";
  std::istringstream fields(stat.substr(name_end + 1));
  std::string field;
  for (int i = 3; i <= 22; ++i) fields >> field;
  return field;
}

bool holds_processes(const fs::path& folder) {
  return !read_small_file(folder / "cgroup.procs").empty();
}

void kill_folder(const fs::path& folder) {
  if (write_small_file(folder / "cgroup.kill", "1")) return;
  std::istringstream list(read_small_file(folder / "cgroup.procs"));
  for (pid_t process; list >> process;) ::kill(process, SIGKILL);
}

/// A group can stay busy for a moment after its last process has ended.
void remove_folder(const fs::path& folder) {
  for (int attempt = 0; attempt < 200; ++attempt) {
    if (::rmdir(folder.c_str()) == 0 || errno != EBUSY) return;
    if (holds_processes(folder)) kill_folder(folder);
    std::this_thread::sleep_for(1ms);
  }
}

void remove_tree(const fs::path& home) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(home, ignored))
    if (entry.is_directory(ignored)) remove_tree(entry.path());
  kill_folder(home);
  remove_folder(home);
}

/// Groups named after a process that no longer lives were left by a run that was killed.
void remove_leftovers(const fs::path& hierarchy) {
  std::error_code ignored;
  std::vector<fs::path> dead;
  for (const auto& entry : fs::directory_iterator(hierarchy, ignored)) {
    const std::string name = entry.path().filename();
    const std::size_t dash = name.rfind('-');
    if (!name.starts_with(prefix) || dash < prefix.size()) continue;
    if (start_time(name.substr(prefix.size(), dash - prefix.size())) != name.substr(dash + 1))
      dead.push_back(entry.path());
  }
  for (const fs::path& home : dead) remove_tree(home);
}

struct Mount {
  fs::path point;
  std::string options;
  bool v2 = false;
};

std::vector<Mount> cgroup_mounts() {
  std::vector<Mount> mounts;
  std::ifstream list("/proc/self/mounts");
  for (std::string line; std::getline(list, line);) {
    std::istringstream fields(line);
    std::string device, point, type, options;
    fields >> device >> point >> type >> options;
    if (type == "cgroup" || type == "cgroup2") mounts.push_back({point, options, type == "cgroup2"});
  }
  return mounts;
}

bool has_word(const std::string& text, const std::string& word, char separator) {
  std::istringstream words(text);
  for (std::string w; std::getline(words, w, separator);)
    if (w == word) return true;
  return false;
}

/// Our own place in a hierarchy, so that limits around us keep holding for the boxes.
fs::path own_place(const Mount& mount, const std::string& controller) {
  std::istringstream lines(read_small_file("/proc/self/cgroup"));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    if (mount.v2 ? !controllers.empty() : !has_word(controllers, controller, ',')) continue;
    const fs::path place = mount.point / fs::path(line.substr(second + 1)).relative_path();
    std::error_code ignored;
    if (fs::is_directory(place, ignored)) return place;
  }
  return mount.point;
}

fs::path make_home(const fs::path& place) {
  remove_leftovers(place);
  const std::string pid = std::to_string(::getpid());
  static std::atomic<unsigned> count{0};
  for (int attempt = 0; attempt < 8; ++attempt) {
    // The start time comes last, so that a later run can tell whether the owner still lives.
    const fs::path home = place / fmt::format("{}{}-{}", prefix, pid, start_time(pid));
    const fs::path mine = home / fmt::format("home{}", count++);
    if (::mkdir(home.c_str(), 0755) != 0 && errno != EEXIST) return {};
    if (::mkdir(mine.c_str(), 0755) == 0) return mine;
  }
  return {};
}

/// Version 2 hands memory and pids down one level at a time, and only where no process sits in between.
bool enable_v2_limits(const fs::path& mine) {
  const std::string wanted = "+memory +pids";
  write_small_file(mine.parent_path().parent_path() / "cgroup.subtree_control", wanted);
  write_small_file(mine.parent_path() / "cgroup.subtree_control", wanted);
  return write_small_file(mine / "cgroup.subtree_control", wanted);
}

void remove_home(const fs::path& mine) {
  if (mine.empty()) return;
  remove_tree(mine);
  ::rmdir(mine.parent_path().c_str());
}

}  // namespace

CgroupHome CgroupHome::find() {
  CgroupHome home;
  home.owner_ = ::getpid();
  for (const Mount& mount : cgroup_mounts()) {
    if (mount.v2) {
      home.unified_ = make_home(own_place(mount, ""));
      if (home.unified_.empty() || !enable_v2_limits(home.unified_)) continue;
      home.memory_ = home.pids_ = home.unified_;
      home.memory_is_v2_ = true;
    } else if (has_word(mount.options, "memory", ',')) {
      home.memory_ = make_home(own_place(mount, "memory"));
    } else if (has_word(mount.options, "pids", ',')) {
      home.pids_ = make_home(own_place(mount, "pids"));
    }
  }
  if (home.limits()) home.detail_ = home.memory_is_v2_ ? "v2:memory,pids" : "v1:memory,pids";
  if (!home.unified_.empty())
    home.detail_ += home.detail_.empty() ? "v2:kill" : home.memory_is_v2_ ? ",kill" : "+v2:kill";
  return home;
}

CgroupHome& CgroupHome::operator=(CgroupHome&& other) noexcept {
  std::swap(memory_, other.memory_);
  std::swap(pids_, other.pids_);
  std::swap(unified_, other.unified_);
  std::swap(memory_is_v2_, other.memory_is_v2_);
  std::swap(owner_, other.owner_);
  std::swap(detail_, other.detail_);
  return *this;
}

CgroupHome::~CgroupHome() {
  if (owner_ != ::getpid()) return;
  std::vector<fs::path> homes{memory_, pids_, unified_};
  std::ranges::sort(homes);
  homes.erase(std::unique(homes.begin(), homes.end()), homes.end());
  for (const fs::path& mine : homes) remove_home(mine);
}

Cgroup CgroupHome::make(std::uint64_t memory_bytes, unsigned processes) const {
  static std::atomic<unsigned> count{0};
  const std::string name = fmt::format("box{}", count++);
  Cgroup group;
  for (const fs::path& home : {memory_, pids_, unified_}) {
    if (home.empty() || std::ranges::count(group.folders_, home / name) != 0) continue;
    if (::mkdir((home / name).c_str(), 0755) != 0)
      throw std::system_error(errno, std::generic_category(), "cgroup mkdir");
    group.folders_.push_back(home / name);
  }
  group.unified_ = unified_.empty() ? "" : unified_ / name;
  group.memory_is_v2_ = memory_is_v2_;
  if (!limits()) return group;
  group.memory_ = memory_ / name;
  const std::string bytes = std::to_string(memory_bytes);
  // Swap counts as memory; a kernel without swap accounting has no such file.
  const bool limited = memory_is_v2_ ? write_small_file(group.memory_ / "memory.max", bytes)
                                     : write_small_file(group.memory_ / "memory.limit_in_bytes", bytes);
  if (memory_is_v2_)
    write_small_file(group.memory_ / "memory.swap.max", "0");
  else
    write_small_file(group.memory_ / "memory.memsw.limit_in_bytes", bytes);
  if (!limited || !write_small_file(pids_ / name / "pids.max", std::to_string(processes)))
    throw std::system_error(errno, std::generic_category(), "cgroup limits");
  return group;
}

Cgroup& Cgroup::operator=(Cgroup&& other) noexcept {
  std::swap(folders_, other.folders_);
  std::swap(memory_, other.memory_);
  std::swap(unified_, other.unified_);
  std::swap(memory_is_v2_, other.memory_is_v2_);
  return *this;
}

Cgroup::~Cgroup() {
  for (const fs::path& folder : folders_) remove_folder(folder);
}

std::vector<Fd> Cgroup::entrances() const {
  std::vector<Fd> entrances;
  for (const fs::path& folder : folders_)
    entrances.push_back(
        lifted(checked(::open((folder / "cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC), "cgroup.procs")));
  return entrances;
}

std::optional<std::chrono::microseconds> Cgroup::cpu() const {
  if (unified_.empty()) return std::nullopt;
  std::istringstream fields(read_small_file(unified_ / "cpu.stat"));
  std::string name;
  std::int64_t value = 0;
  if (!(fields >> name >> value) || name != "usage_usec") return std::nullopt;
  return std::chrono::microseconds(value);
}

std::uint64_t Cgroup::out_of_memory_kills() const {
  if (memory_.empty()) return 0;
  std::istringstream fields(
      read_small_file(memory_ / (memory_is_v2_ ? "memory.events" : "memory.oom_control")));
  std::string name;
  for (std::uint64_t value; fields >> name >> value;)
    if (name == "oom_kill") return value;
  return 0;
}

bool Cgroup::empty() const {
  return std::ranges::none_of(folders_, holds_processes);
}

void Cgroup::kill() const {
  for (const fs::path& folder : folders_) kill_folder(folder);
}

}  // namespace assay::graders
