/// `memory-safety`: the submission built with sanitizers and run on the cases; the first report as a
/// sentence.
///
/// A sanitized program cannot be static and needs a huge address space, so it runs in a box of the compile
/// profile, whose memory the cgroup limits. Whether that works here is tried on the reference first: if not,
/// the verdict is cannot_tell for everybody.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <sstream>

#include "graders/author_files.hpp"
#include "graders/criteria/call.hpp"
#include "graders/criteria/sanitizer_report.hpp"
#include "graders/criteria/single.hpp"
#include "graders/file_bytes.hpp"

namespace assay::graders {
namespace {

/// A sanitized program is slower by this, and needs this much more memory.
constexpr int slower = 4;
constexpr std::uint64_t more_memory = 4;
constexpr const char* addr2line = "/usr/bin/addr2line";

BoxSpec sanitized_box(const Subject& subject, const std::string& name, const std::filesystem::path& program) {
  const auto& limits = subject.prepared.assignment.limits;
  const auto milliseconds = [](double seconds) {
    return std::chrono::milliseconds(static_cast<long>(seconds * 1000 * slower));
  };
  BoxSpec spec = subject.toolchain.compile_box(name, {}, subject.slot);
  spec.argv = {"/program"};
  spec.readable.emplace_back(program, "/program");
  spec.environment = {
      "ASAN_OPTIONS=symbolize=0:detect_leaks=0:abort_on_error=0:quarantine_size_mb=16:"
      "detect_stack_use_after_return=1:print_legend=0:handle_abort=0",
      "UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=0:symbolize=0"};
  spec.limits.cpu = milliseconds(limits.cpu_seconds);
  spec.limits.wall = milliseconds(limits.wall_seconds);
  spec.limits.memory_bytes = more_memory * (limits.memory_mib << 20);
  spec.limits.output_bytes = limits.output_kib << 10;
  spec.limits.processes = 4;
  spec.limits.address_space = false;
  return spec;
}

/// Where a program that stopped did so.
struct Stop {
  std::size_t number = 0;
  Ending ending;
  std::optional<Fault> fault;
};

class MemorySafety : public SingleJudge {
  CriterionResult grade_one(const Subject& subject, const CaseGroup& group,
                            const PreparedCriterion& criterion) const override {
    CriterionResult result;
    result.total = group.cases.size();
    std::call_once(tried_, [&] { unfit_ = why_unfit(subject, group, criterion.spec->id); });
    std::string reason = unfit_.empty() ? switches_off(subject.files) : unfit_;
    const std::string name = subject.folder_name + "-" + criterion.spec->id;
    Compiled built;
    if (reason.empty()) {
      built = subject.toolchain.compile_once(name, subject.files, subject.slot, Build::sanitized);
      if (built.verdict == Verdict::harness_error) return failed(std::move(result), built.message);
      if (built.verdict != Verdict::accepted) reason = "it does not build with sanitizers: " + built.message;
    }
    if (!reason.empty()) {
      result.message = reason + "; a person must look";
      return result;  // cannot_tell
    }
    const auto stop = first_stop(subject, group, name, built.program);
    if (!stop) {
      result.verdict = Verdict::accepted;
      result.accepted = result.total;
      result.message = fmt::format("no fault found by the sanitizers on {} cases", result.total);
      return result;
    }
    tell(result, *stop, subject, group, name, built.program);
    return result;
  }

  static CriterionResult failed(CriterionResult result, std::string message) {
    result.verdict = Verdict::harness_error;
    result.message = std::move(message);
    return result;
  }

  /// Nothing if every case is answered.
  static std::optional<Stop> first_stop(const Subject& subject, const CaseGroup& group,
                                        const std::string& name, const std::filesystem::path& program) {
    const auto& limits = subject.prepared.assignment.limits;
    const std::string run = subject.toolchain.free_name(fmt::format("{}-run{}", name, subject.slot));
    Session session(subject.sandbox, sanitized_box(subject, run, program), limits);
    for (std::size_t i = 0; i < group.cases.size(); ++i) {
      const Reply reply = call(session, *group.function, group.cases[i], group.expected[i]);
      // An exception is no fault of memory; what it spoils is other criteria's business.
      if (reply.kind == Reply::Kind::values || reply.kind == Reply::Kind::threw) continue;
      Stop stop{i, ending_of(session, *group.function, reply), std::nullopt};
      stop.fault = first_fault(stop.ending.standard_error);
      return stop;
    }
    return std::nullopt;
  }

  static void tell(CriterionResult& result, const Stop& stop, const Subject& subject, const CaseGroup& group,
                   const std::string& name, const std::filesystem::path& program) {
    if (!stop.fault) {
      stopped(result, stop.ending);
    } else {
      const std::string place = place_of(*stop.fault, subject, name, program);
      result.verdict = Verdict::wrong;
      result.message = (place.empty() ? "" : place + ": ") + stop.fault->sentence;
      result.advice = "Build with -g -fsanitize=address,undefined and call the function on this input.";
    }
    result.accepted = stop.number;
    if (result.verdict != Verdict::missing_function && result.verdict != Verdict::harness_error)
      result.counterexample = example_of(group, stop.number, "");
  }

  /// The first frame that lies in a submitted file.
  static std::string place_of(const Fault& fault, const Subject& subject, const std::string& name,
                              const std::filesystem::path& program) {
    if (!fault.place.empty() || fault.offsets.empty()) return fault.place;
    std::vector<std::string> arguments{"-e", "/sub/program"};
    arguments.insert(arguments.end(), fault.offsets.begin(), fault.offsets.end());
    const auto ran =
        subject.toolchain.run_on(addr2line, subject.toolchain.free_name(name + "-places"),
                                 {{"program", file_bytes(program).value_or("")}}, arguments, subject.slot);
    std::istringstream lines(ran.end.standard_output);
    for (std::string line; std::getline(lines, line);) {
      const std::string place = line.substr(line.rfind('/') + 1);  // npos + 1 is 0
      for (const SourceFile& file : subject.files)
        if (place.starts_with(file.name + ":")) return place.substr(0, place.find(' '));
    }
    return "";
  }

  /// A sanitizer can be told to look away.
  static std::string switches_off(const std::vector<SourceFile>& files) {
    for (const SourceFile& file : files)
      for (const char* word : {"no_sanitize", "__asan_", "__ubsan_", "__sanitizer_", "no_address_safety"})
        if (file.bytes.find(word) != std::string::npos)
          return fmt::format("{} has \"{}\" in it, which can switch the sanitizers off", file.name, word);
    return "";
  }

  /// Empty where the reference passes.
  static std::string why_unfit(const Subject& subject, const CaseGroup& group, const std::string& id) {
    const auto& layers = subject.sandbox.report().layers;
    const auto cgroup = std::ranges::find(layers, "cgroup", &Layer::name);
    if (cgroup == layers.end() || cgroup->state != "active")
      return "without a cgroup the memory of a sanitized program cannot be limited (sandbox " +
             to_string(subject.sandbox.report().tier) + ")";
    const std::string name = "reference-" + id;
    const Compiled built = subject.toolchain.compile_once(name, reference_files(subject.prepared.assignment),
                                                          subject.slot, Build::sanitized);
    if (built.verdict != Verdict::accepted)
      return "the reference does not build with sanitizers: " + built.message;
    const auto stop = first_stop(subject, group, name, built.program);
    if (!stop) return "";
    return "the reference itself does not run under sanitizers here: " +
           (stop->fault ? stop->fault->sentence : stop->ending.message);
  }

  mutable std::once_flag tried_;
  mutable std::string unfit_;
};

}  // namespace

PreparedJudge prepare_memory_safety(const Prepared&, const CaseGroup&, const PreparedCriterion&) {
  return std::make_shared<const MemorySafety>();
}

}  // namespace assay::graders
