/// Starting a box: folders, descriptors, groups, and the one process that leads to all others.
#include <fmt/format.h>

#include <sys/stat.h>

#include <cstdio>
#include <system_error>

#include "graders/sandbox/box_state.hpp"
#include "graders/sandbox/sandbox_state.hpp"

namespace assay::graders {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::size_t pipe_room = 1 << 20;  // a tensor in one go, where the system allows it

/// The far ends of the pipes and whatever else the first process is given; closed here once it runs.
struct Handover {
  std::vector<Fd> kept;
  std::vector<std::pair<int, int>> descriptors;

  void give(Fd fd, int number) {
    descriptors.emplace_back(fd.get(), number);
    kept.push_back(std::move(fd));
  }
};

Fd opened(const fs::path& path) {
  return lifted(checked(::open(path.c_str(), O_RDONLY | O_CLOEXEC), path.c_str()));
}

void connect(BoxState& box, Handover& handover) {
  Pipe requests = make_pipe(), replies = make_pipe(), output = make_pipe(), error = make_pipe(),
       status = make_pipe();
  for (const Fd* end :
       {&requests.writing, &replies.reading, &output.reading, &error.reading, &status.reading})
    set_nonblocking(*end);
  for (const Fd* end : {&requests.writing, &replies.reading})
    ::fcntl(end->get(), F_SETPIPE_SZ, pipe_room);  // refused past the user's quota: slower, not wrong
  handover.give(opened("/dev/null"), 0);
  handover.give(std::move(output.writing), 1);
  handover.give(std::move(error.writing), 2);
  handover.give(std::move(requests.reading), number::requests);
  handover.give(std::move(replies.writing), number::replies);
  handover.give(std::move(status.writing), number::status);
  box.requests = std::move(requests.writing);
  box.replies = std::move(replies.reading);
  box.output = std::move(output.reading);
  box.error = std::move(error.reading);
  box.status = std::move(status.reading);
}

/// Lets the box's user read a file of ours, whatever umask it was written under.
void make_readable(const fs::path& path, bool executable) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0 || !S_ISREG(about.st_mode)) return;
  const mode_t wanted = about.st_mode | (executable ? 0555 : 0444);
  if (wanted != about.st_mode) ::chmod(path.c_str(), wanted & 07777);
}

void prepare_files(const Machine& machine, const BoxSpec& spec) {
  std::error_code ignored;
  if (spec.profile == BoxProfile::run) {
    if (!fs::is_regular_file(spec.program, ignored))
      throw std::runtime_error("no program " + spec.program.string());
    return make_readable(spec.program, true);
  }
  for (const fs::path& folder : {spec.source, spec.output})
    if (!fs::is_directory(folder, ignored)) throw std::runtime_error("no folder " + folder.string());
  for (const auto& entry : fs::recursive_directory_iterator(spec.source, ignored))
    if (!entry.is_symlink(ignored)) make_readable(entry.path(), false);
  if (machine.namespaces()) return;
  const fs::path temporary = spec.output / ".tmp";
  fs::create_directory(temporary, ignored);
  const auto user = static_cast<uid_t>(machine.user(spec.slot));
  if (machine.user(spec.slot) >= 0 && ::lchown(temporary.c_str(), user, user) != 0)
    throw std::system_error(errno, std::generic_category(), "chown");
}

/// bubblewrap says the process id of what it started, as JSON: {"child-pid": 42}.
Fd first_process_inside(const Fd& info, pid_t bubblewrap) {
  std::string text(256, '\0');
  const ssize_t n = ::read(info.get(), text.data(), text.size());
  const std::size_t at = n > 0 ? text.find("child-pid\":") : std::string::npos;
  int process = 0;
  if (at == std::string::npos || std::sscanf(text.c_str() + at, "child-pid\": %d", &process) != 1)
    return Fd();
  return open_grandchild(process, bubblewrap);
}

void give_namespaced(const Machine& machine, const BoxSpec& spec, const BoxCommand& command,
                     Handover& handover) {
  handover.give(memory_file("arguments", command.bubblewrap_arguments), number::arguments);
  handover.give(opened(machine.helpers / "assay-box"), number::helper);
  if (command.shows_program_by_copy) handover.give(opened(spec.program), number::program);
}

void launch(BoxState& box, const Machine& machine, const BoxSpec& spec) {
  prepare_files(machine, spec);
  Handover handover;
  connect(box, handover);
  // Two of the tasks counted are the launcher's own.
  if (machine.uses_groups())
    box.group = machine.groups.make(spec.limits.memory_bytes, spec.limits.processes + 3);
  std::vector<Fd> entrances = box.group.entrances();
  const BoxCommand command = box_command(machine, spec, entrances.size());
  const Filter& filter = spec.profile == BoxProfile::run ? machine.run_filter : machine.compile_filter;
  handover.descriptors.emplace_back(filter.file.get(), number::filter);
  Pipe info;
  if (machine.namespaces()) {
    give_namespaced(machine, spec, command, handover);
    info = make_pipe();
    set_nonblocking(info.reading);
    handover.give(std::move(info.writing), number::info);
  }
  int next = number::first_group;
  for (Fd& entrance : entrances) handover.give(std::move(entrance), next++);
  const std::vector<std::string> environment{"PATH=/usr/bin", "LC_ALL=C"};
  box.process = Process::start(command.argv, handover.descriptors, environment);
  handover.kept.clear();
  const auto patience = BoxState::Clock::now() + 20s;
  while (!box.started && box.failure.empty() && box.status && BoxState::Clock::now() < patience)
    box.pump(-1, 0, patience);
  if (info.reading) box.first_process = first_process_inside(info.reading, box.process.id());
  if (!box.started && box.failure.empty() && box.status)
    box.failure = "the box did not start within 20 seconds";
  box.cpu_before = box.ending ? 0us : box.cpu_now();
  box.cpu_seen = 0us;
  box.started_at = box.cpu_seen_at = BoxState::Clock::now();
}

}  // namespace

std::unique_ptr<BoxState> start_box(const Machine& machine, const BoxSpec& wanted) {
  auto box = std::make_unique<BoxState>();
  BoxSpec spec = wanted;
  for (fs::path* path : {&spec.program, &spec.source, &spec.output})
    if (!path->empty()) *path = fs::absolute(*path);
  box->limits = spec.limits;
  box->has_namespaces = machine.namespaces();
  box->user = machine.user(spec.slot);
  box->sweeper = machine.helpers / "assay-box";
  try {
    launch(*box, machine, spec);
  } catch (const std::exception& error) {
    box->failure = error.what();
  }
  if (!box->failure.empty() || !box->started) {
    box->started = false;
    box->status.reset();
  }
  return box;
}

Box Sandbox::start(const BoxSpec& spec) const {
  return Box(start_box(state_->machine, spec));
}

fs::path Sandbox::make_folder(const fs::path& parent, const std::string& name, unsigned slot,
                              bool writable) const {
  const fs::path folder = parent / name;
  std::error_code ignored;
  fs::create_directories(parent);
  if (!fs::create_directory(folder))
    throw std::system_error(std::make_error_code(std::errc::file_exists), folder.string());
  const long user = state_->machine.user(slot);
  if (user < 0) {
    fs::permissions(folder, fs::perms::owner_all);
    return folder;
  }
  struct stat about {};
  if (::stat(parent.c_str(), &about) == 0 && (about.st_mode & 0001) == 0)
    ::chmod(parent.c_str(), (about.st_mode | 0001) & 07777);
  const auto id = static_cast<uid_t>(user);
  // Read-only: the folder stays ours, and only the slot's group may look inside.
  if (::chown(folder.c_str(), writable ? id : ::geteuid(), id) != 0 ||
      ::chmod(folder.c_str(), writable ? 0700 : 0750) != 0)
    throw std::system_error(errno, std::generic_category(), folder.string());
  if (!reachable_by(user, folder))
    throw std::runtime_error(
        fmt::format("{} cannot be reached by the user of the boxes ({}): choose a work folder "
                    "whose parents are open to all (chmod o+x), such as one below /tmp",
                    folder.string(), user));
  return folder;
}

}  // namespace assay::graders
