#include "graders/session.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstring>

#include "graders/driver/assay/wire.hpp"

namespace assay::graders {
namespace {

using Milliseconds = std::chrono::milliseconds;

Milliseconds milliseconds(double seconds) {
  return Milliseconds(static_cast<long>(seconds * 1000));
}

template <class T>
void put(wire::Writer& writer, const oracles::Tensor<T>& tensor) {
  constexpr auto type = std::is_same_v<T, double>  ? wire::Type::float64
                        : std::is_same_v<T, float> ? wire::Type::float32
                                                   : wire::Type::int64;
  writer.begin_value(type, tensor.shape.data(), tensor.rank());
  writer.append(tensor.data.data(), tensor.size() * sizeof(T));
}

template <class T>
oracles::Value take(wire::Reader& reader, const wire::Reader::ValueHead& head) {
  oracles::Tensor<T> tensor(oracles::Shape(head.extents, head.extents + head.rank));
  reader.take(tensor.data.data(), tensor.size() * sizeof(T));
  return tensor;
}

oracles::Value take_value(wire::Reader& reader) {
  const auto head = reader.begin_value();
  if (!reader.ok()) return {};
  switch (head.type) {
    case wire::Type::float64:
      return take<double>(reader, head);
    case wire::Type::float32:
      return take<float>(reader, head);
    case wire::Type::int64:
      break;
  }
  return take<std::int64_t>(reader, head);
}

Reply malformed(std::string text) {
  return {Reply::Kind::malformed, {}, std::move(text)};
}

Reply decode(const wire::Header& header, const std::vector<unsigned char>& payload) {
  switch (header.kind) {
    case wire::Kind::missing_function:
      return {Reply::Kind::missing_function, {}, std::string(payload.begin(), payload.end())};
    case wire::Kind::unknown_function:
      return {Reply::Kind::unknown_function, {}, {}};
    case wire::Kind::mismatch:
      return {Reply::Kind::mismatch, {}, {}};
    case wire::Kind::out_of_memory:
      return {Reply::Kind::out_of_memory, {}, {}};
    case wire::Kind::threw:
      return {Reply::Kind::threw, {}, std::string(payload.begin(), payload.end())};
    case wire::Kind::reply:
      break;
    default:
      return malformed("a reply of an unknown kind");
  }
  wire::Reader reader(payload.data(), payload.size());
  Reply reply{Reply::Kind::values, {}, {}};
  for (std::uint32_t i = 0; i < header.values && reader.ok(); ++i) reply.values.push_back(take_value(reader));
  if (!reader.at_end()) return malformed("a reply whose values do not fill it");
  return reply;
}

const char* signal_meaning(int signal) {
  switch (signal) {
    case SIGSEGV:
      return " (invalid memory access)";
    case SIGABRT:
      return " (aborted: a failed assertion, a damaged heap, or std::terminate)";
    case SIGFPE:
      return " (integer division by zero or overflow)";
    case SIGILL:
      return " (illegal instruction)";
    case SIGBUS:
      return " (bus error)";
    default:
      return "";
  }
}

std::string seconds_text(double seconds) {
  return fmt::format("{:g} s", seconds);
}

Ending ended(const BoxEnd& end, const fixtures::Limits& limits) {
  switch (end.cause) {
    case EndCause::exited:
      return {Verdict::protocol_error,
              fmt::format("the program exited with code {} instead of returning", end.exit_code), "", ""};
    case EndCause::signalled:
      return {Verdict::crashed,
              fmt::format("crashed with {}{}", signal_name(end.signal), signal_meaning(end.signal)),
              signal_name(end.signal), ""};
    case EndCause::wall_limit:
      // Half of the time in a queue is the machine's doing. A program cannot bring that about by itself: it
      // would have to keep the processors busy, and reach its limit of processor time first.
      if (2 * end.waited > milliseconds(limits.wall_seconds))
        return {
            Verdict::harness_error,
            fmt::format("the machine was too busy: for {:.1f} s of {} on the clock the program could have "
                        "run, and had no processor; grade again, with fewer at a time (-j)",
                        std::chrono::duration<double>(end.waited).count(), seconds_text(limits.wall_seconds)),
            "", ""};
      [[fallthrough]];
    case EndCause::cpu_limit:
      return {Verdict::timed_out,
              fmt::format("timed out: more than {} of processor time or {} on the clock",
                          seconds_text(limits.cpu_seconds), seconds_text(limits.wall_seconds)),
              "", ""};
    case EndCause::memory_limit:
      return {Verdict::out_of_memory, fmt::format("used more than {} MiB of memory", limits.memory_mib), "",
              ""};
    case EndCause::output_limit:
      return {Verdict::output_limit, fmt::format("printed more than {} KiB", limits.output_kib), "", ""};
    case EndCause::file_limit:
    case EndCause::forbidden_call:
      return {
          Verdict::forbidden_call,
          "made a system call that the box does not allow" + (end.detail.empty() ? "" : ": " + end.detail),
          "", ""};
    case EndCause::killed:
      return {Verdict::protocol_error, "stopped answering", "", ""};
    case EndCause::sandbox_failed:
      break;
  }
  return {Verdict::harness_error, "the sandbox failed: " + end.detail, "", ""};
}

}  // namespace

BoxSpec run_box(const std::filesystem::path& program, const fixtures::Limits& limits, unsigned slot,
                const std::vector<std::string>& environment) {
  BoxSpec spec;
  spec.environment = environment;
  spec.profile = BoxProfile::run;
  spec.argv = {"/prog"};
  spec.program = program;
  spec.slot = slot;
  spec.limits.cpu = milliseconds(limits.cpu_seconds);
  spec.limits.wall = milliseconds(limits.wall_seconds);
  spec.limits.memory_bytes = limits.memory_mib << 20;
  spec.limits.output_bytes = limits.output_kib << 10;
  return spec;
}

Session::Session(const Sandbox& sandbox, const std::filesystem::path& program, const fixtures::Limits& limits,
                 unsigned slot, const std::vector<std::string>& environment)
    : Session(sandbox, run_box(program, limits, slot, environment), limits) {}

Session::Session(const Sandbox& sandbox, const BoxSpec& box, const fixtures::Limits& limits)
    : limits_(limits), box_(sandbox.start(box)) {}

bool Session::is_young() const {
  return !box_.has_used(milliseconds(limits_.cpu_seconds) / 4) &&
         4 * (std::chrono::steady_clock::now() - start_) < milliseconds(limits_.wall_seconds);
}

BoxEnd Session::finish() {
  box_.close_requests();
  return box_.wait();
}

Reply Session::stopped(IoStatus status) {
  switch (status) {
    case IoStatus::timed_out:
      return {Reply::Kind::timed_out, {}, {}};
    case IoStatus::interrupted:
      return {Reply::Kind::interrupted, {}, {}};
    default:
      return {Reply::Kind::ended, {}, {}};
  }
}

Reply Session::call(const std::string& function, const std::vector<oracles::Value>& arguments,
                    std::size_t largest_reply) {
  if (has_unasked_bytes()) return malformed(foreign_bytes);
  wire::Writer writer;
  writer.raw(static_cast<std::uint16_t>(function.size()));
  writer.append(function.data(), function.size());
  for (const auto& argument : arguments)
    std::visit([&](const auto& tensor) { put(writer, tensor); }, argument);
  const wire::Header header = writer.header(wire::Kind::request, ++case_id_);
  std::vector<std::byte> frame(sizeof header + writer.payload().size());
  std::memcpy(frame.data(), &header, sizeof header);
  std::memcpy(frame.data() + sizeof header, writer.payload().data(), writer.payload().size());
  const auto deadline = std::chrono::steady_clock::now() + milliseconds(limits_.wall_seconds);
  if (const auto status = box_.write(frame, deadline); status != IoStatus::ok) return stopped(status);
  return receive(largest_reply);
}

Reply Session::receive(std::size_t largest_reply) {
  const auto deadline = std::chrono::steady_clock::now() + milliseconds(limits_.wall_seconds);
  std::array<std::byte, sizeof(wire::Header)> bytes;
  if (const auto status = box_.read(bytes, deadline); status != IoStatus::ok) return stopped(status);
  wire::Header header;
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.magic != wire::magic || header.version != wire::version) return malformed(foreign_bytes);
  if (header.case_id != case_id_) return malformed(foreign_bytes);
  if (header.payload_bytes > largest_reply)
    return malformed(fmt::format("a reply of {} bytes", header.payload_bytes));
  std::vector<unsigned char> payload(header.payload_bytes);
  if (const auto status = box_.read(std::as_writable_bytes(std::span(payload)), deadline);
      status != IoStatus::ok)
    return stopped(status);
  if (wire::checksum(payload.data(), payload.size()) != header.checksum) return malformed("a damaged reply");
  return decode(header, payload);
}

Ending Session::ending(const Reply& last) {
  // A program that closed its reply pipe has ended or is about to; one that is late has not.
  BoxEnd end = last.kind == Reply::Kind::ended ? box_.wait() : box_.kill();
  Ending result;
  switch (last.kind) {
    case Reply::Kind::timed_out: {
      BoxEnd late = end;
      if (late.cause == EndCause::killed) late.cause = EndCause::wall_limit;
      result = ended(late, limits_);
      break;
    }
    case Reply::Kind::ended:
      result = ended(end, limits_);
      break;
    case Reply::Kind::out_of_memory:
      result = {Verdict::out_of_memory,
                fmt::format("ran out of its {} MiB of memory (std::bad_alloc)", limits_.memory_mib), "", ""};
      break;
    case Reply::Kind::threw:
      result = {Verdict::crashed, "let an exception escape: " + last.text, "", ""};
      break;
    case Reply::Kind::malformed:
      result = {Verdict::protocol_error, "answered with " + last.text, "", ""};
      break;
    case Reply::Kind::unknown_function:
      result = {Verdict::harness_error, "the assignment's driver does not export this function", "", ""};
      break;
    case Reply::Kind::mismatch:
      result = {Verdict::harness_error,
                "the driver's function takes other parameters than the assignment sends", "", ""};
      break;
    case Reply::Kind::interrupted:
      result = {Verdict::harness_error, "interrupted", "", ""};
      break;
    case Reply::Kind::values:
    case Reply::Kind::missing_function:
      result = {Verdict::protocol_error, "stopped answering", "", ""};
      break;
  }
  result.standard_error = std::move(end.standard_error);
  return result;
}

std::string signal_name(int signal) {
  const char* const abbreviation = sigabbrev_np(signal);
  return abbreviation ? std::string("SIG") + abbreviation : "signal " + std::to_string(signal);
}

}  // namespace assay::graders
