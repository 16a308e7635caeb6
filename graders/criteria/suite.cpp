#include "graders/criteria/suite.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <random>
#include <sstream>

#include "graders/escape.hpp"

namespace assay::graders {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_tests = 1000;
constexpr std::size_t largest_reply = 1 << 20;
constexpr std::size_t longest_name = 200;

bool has_library(const std::string& file) {
  std::error_code error;
  const auto is_there = [&](const fs::path& folder) { return fs::exists(folder / file, error); };
  if (is_there("/usr/lib") || is_there("/usr/lib64")) return true;
  for (const auto& entry : fs::directory_iterator("/usr/lib", error))
    if (entry.path().filename().string().find("-linux-") != std::string::npos && is_there(entry.path()))
      return true;
  return false;
}

oracles::Value as_value(const std::string& text) {
  oracles::IndexTensor bytes(oracles::Shape{text.size()});
  std::ranges::transform(text, bytes.data.begin(), [](char c) { return static_cast<std::int64_t>(c); });
  return bytes;
}

/// Nothing unless the value is a line of bytes.
std::optional<std::string> text_of(const oracles::Value& value) {
  const auto* const bytes = std::get_if<oracles::IndexTensor>(&value);
  if (!bytes || bytes->rank() != 1) return std::nullopt;
  std::string text;
  for (const auto byte : bytes->data) text += static_cast<char>(byte);
  return text;
}

/// What the program cannot know before it is asked.
std::string fresh_mark() {
  std::random_device source;
  return fmt::format("{:08x}{:08x}", source(), source());
}

/// "net_test.cpp:12", whatever the program says: a name and a number.
std::string harmless_place(const std::string& place) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-' || c == ':';
  };
  return place.size() <= longest_name && std::ranges::all_of(place, plain) ? place : "";
}

/// Nothing unless it is a number.
std::optional<std::size_t> number_of(const std::string& text) {
  std::size_t number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  return read.ec == std::errc() && read.ptr == end ? std::optional(number) : std::nullopt;
}

}  // namespace

std::string why_no_googletest() {
  std::error_code error;
  if (fs::exists("/usr/include/gtest/gtest.h", error) && has_library("libgtest.a")) return "";
  return "GoogleTest is not on this machine (apt-get install libgtest-dev)";
}

Compiled compile_test_runner(const Toolchain& toolchain, const std::string& name, unsigned slot) {
  const SourceFile source{"assay_test_runner.cpp", "#include \"assay/test_runner.hpp\"\n"};
  return toolchain.make(name, {source},
                        {"-UASSAY_TRIVIAL", "-w", "-c", "/sub/assay_test_runner.cpp", "-o", "/out/runner.o"},
                        "runner.o", slot);
}

Compiled compile_object(const Toolchain& toolchain, const std::string& name,
                        const std::vector<SourceFile>& files, const std::vector<std::string>& sources,
                        unsigned slot) {
  if (sources.empty()) return {Verdict::accepted, "", "", {}};
  std::vector<std::string> arguments{"-r", "-nostdlib", "-o", "/out/all.o"};
  arguments.insert(arguments.end(), sources.begin(), sources.end());
  return toolchain.make(name, files, arguments, "all.o", slot);
}

std::optional<std::vector<std::string>> functions_called(const Toolchain& toolchain, const std::string& name,
                                                         const std::vector<fs::path>& objects,
                                                         unsigned slot) {
  const Compiled linked = link_tests(toolchain, name, objects, slot, {"-Wl,--no-demangle"});
  auto undefined = undefined_symbols(linked.diagnostics);
  if (linked.verdict != Verdict::accepted && undefined.empty()) return std::nullopt;
  std::vector<std::string> functions;
  for (std::string& symbol : undefined) {
    const std::string read = demangled(symbol);
    const bool plain =
        std::ranges::all_of(symbol, [](unsigned char c) { return std::isalnum(c) || c == '_'; });
    // What is no function, such as a table of virtual functions, has no stand-in: its lack is a link error.
    if (plain && (read == symbol || read.ends_with(')') || read.ends_with(") const")))
      functions.push_back(std::move(symbol));
  }
  return functions;
}

Compiled compile_stand_ins(const Toolchain& toolchain, const std::string& name,
                           const std::vector<std::string>& functions, unsigned slot) {
  std::string text = "#include \"assay/missing.hpp\"\n";
  for (std::size_t i = 0; i < functions.size(); ++i)
    text += fmt::format(
        "extern \"C\" [[gnu::weak]] void assay_stand_in_{0}() asm(\"{1}\");\n"
        "void assay_stand_in_{0}() {{ assay::detail::missing({0}); }}\n",
        i, functions[i]);
  return toolchain.make(name, {{"assay_stand_ins.cpp", text}},
                        {"-UASSAY_TRIVIAL", "-w", "-c", "/sub/assay_stand_ins.cpp", "-o", "/out/stand_ins.o"},
                        "stand_ins.o", slot);
}

Compiled link_tests(const Toolchain& toolchain, const std::string& name, const std::vector<fs::path>& objects,
                    unsigned slot, const std::vector<std::string>& further) {
  Toolchain::Shown shown;
  std::vector<std::string> arguments{"-static", "-s", "-o", "/out/program"};
  for (const fs::path& object : objects) {
    if (object.empty()) continue;
    shown.emplace_back(object, fmt::format("/part{}.o", shown.size()));
    arguments.push_back(shown.back().second);
  }
  if (has_library("librapidcheck.a")) arguments.push_back("-lrapidcheck");
  arguments.insert(arguments.end(), {"-lgtest", "-pthread"});
  arguments.insert(arguments.end(), further.begin(), further.end());
  return toolchain.make(name, {}, arguments, "program", slot, shown);
}

Session TestProgram::start() const {
  const auto& limits = subject_.prepared.assignment.limits;
  BoxSpec box = run_box(program_, limits, subject_.slot);
  // Draws of RapidCheck would differ from run to run.
  box.environment = {fmt::format("RC_PARAMS=seed={}", subject_.prepared.assignment.seed)};
  return {subject_.sandbox, box, limits};
}

std::optional<std::vector<std::string>> TestProgram::names(Ending& why_not) {
  session_ = start();
  const Reply reply = session_->call("list", {}, largest_reply);
  const auto text =
      reply.kind == Reply::Kind::values && reply.values.size() == 1 ? text_of(reply.values[0]) : std::nullopt;
  if (!text) {
    why_not = session_->ending(reply);
    session_.reset();
    return std::nullopt;
  }
  std::vector<std::string> names;
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line) && names.size() < most_tests;)
    if (line.size() <= longest_name) names.push_back(std::move(line));
  return names;
}

TestEnd TestProgram::ask(const std::string& name) {
  const std::string mark = fresh_mark();
  const Reply reply = session_->call("run", {as_value(name), as_value(mark)}, largest_reply);
  TestEnd end;
  const bool whole = reply.kind == Reply::Kind::values && reply.values.size() == 3;
  const auto* const code = whole ? std::get_if<oracles::IndexTensor>(&reply.values[0]) : nullptr;
  if (!code || code->size() != 1 || text_of(reply.values[1]) != mark) {
    if (reply.kind == Reply::Kind::missing_function) end.missing = number_of(reply.text);
    end.ending = session_->ending(whole ? Reply{Reply::Kind::malformed, {}, foreign_bytes} : reply);
    session_.reset();
    return end;
  }
  constexpr TestEnd::Kind kinds[] = {TestEnd::Kind::passed, TestEnd::Kind::failed, TestEnd::Kind::skipped,
                                     TestEnd::Kind::unknown};
  const auto number = code->data[0];
  end.kind = number >= 0 && number < 4 ? kinds[number] : TestEnd::Kind::failed;
  end.place = harmless_place(text_of(reply.values[2]).value_or(""));
  return end;
}

bool TestProgram::answers_for_nothing() {
  if (!session_) session_ = start();
  return ask("Test" + fresh_mark() + ".Passes").kind == TestEnd::Kind::passed;
}

TestEnd TestProgram::run(const std::string& name) {
  const bool reused = session_ && session_->is_young();
  if (!reused) session_ = start();
  TestEnd end = ask(name);
  if (end.kind == TestEnd::Kind::passed || !reused) return end;
  session_ = start();
  return ask(name);
}

}  // namespace assay::graders
