/// The program itself: one `assay oracle` process that answers 300 requests, the examples of
/// `assay list ops --json` over and over. Start and end of the process count.
#include <benchmark/benchmark.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

namespace assay::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t count = 300;

/// What a command prints.
std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string text;
  char part[4096];
  while (const std::size_t read = pipe ? fread(part, 1, sizeof part, pipe.get()) : 0) text.append(part, read);
  return text;
}

/// A file that is gone at the end.
struct Temporary {
  fs::path path = fs::temp_directory_path() / ("assay-bench-" + std::to_string(getpid()));
  Temporary() = default;
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary() {
    std::error_code ignored;
    fs::remove(path, ignored);
  }
};

std::string quoted(const fs::path& path) {
  return "'" + path.string() + "'";
}

void serve(benchmark::State& state) {
  const std::string program = quoted(fs::read_symlink("/proc/self/exe").parent_path() / "assay");
  const auto listed = nlohmann::json::parse(output_of(program + " list ops --json"), nullptr, false);
  if (!listed.is_array() || listed.empty()) return state.SkipWithError("assay list ops --json does not work");
  const Temporary requests;
  {
    std::ofstream file(requests.path);
    for (std::size_t i = 0; i < count; ++i) file << listed[i % listed.size()]["example"].dump() << "\n";
  }
  const std::string command = program + " oracle < " + quoted(requests.path) + " > /dev/null";
  for (auto _ : state)
    if (system(command.c_str()) != 0)
      return state.SkipWithError("assay oracle does not answer every request");
}
BENCHMARK(serve)->Name("serve/300")->UseRealTime();

}  // namespace
}  // namespace assay::bench
