/// Boxes for tests: one sandbox, probed once, and the prober in the part of the student's program.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "graders/sandbox/box.hpp"

namespace assay::graders::testing {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

inline std::filesystem::path helpers() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / "../libexec/assay";
}

/// The strongest sandbox here, whatever it is.
inline const Sandbox& sandbox() {
  static const Sandbox strongest = [] {
    SandboxOptions options;
    options.minimum = Tier::s0_limits_only;
    return Sandbox::probe(options);
  }();
  return strongest;
}

/// Null where this machine does not carry the tier.
inline std::unique_ptr<Sandbox> fresh_sandbox(Tier tier) {
  SandboxOptions options;
  options.force = tier;
  options.minimum = tier;
  try {
    return std::make_unique<Sandbox>(Sandbox::probe(options));
  } catch (const SandboxRefused&) {
    return nullptr;
  }
}

/// The same, probed once.
inline const Sandbox* sandbox_of(Tier tier) {
  static std::map<Tier, std::unique_ptr<Sandbox>> probed;
  const auto [found, fresh] = probed.try_emplace(tier);
  if (fresh) found->second = fresh_sandbox(tier);
  return found->second.get();
}

/// The run profile with the prober: `/prog MODE ...`.
inline BoxSpec prober(std::vector<std::string> mode) {
  BoxSpec spec;
  spec.program = helpers() / "assay-probe";
  spec.argv = {"/prog"};
  spec.argv.insert(spec.argv.end(), mode.begin(), mode.end());
  return spec;
}

inline BoxEnd run(const BoxSpec& spec, const Sandbox& in = sandbox()) {
  return in.start(spec).wait();
}

inline std::string read_all(Box& box) {
  std::string text;
  for (std::byte byte{}; box.read({&byte, 1}, Clock::now() + 10s) == IoStatus::ok;)
    text += static_cast<char>(byte);
  return text;
}

/// A folder below the system's temporary one, gone with this object.
class Scratch {
 public:
  Scratch() {
    std::string name = std::filesystem::temp_directory_path() / "assay-test-XXXXXX";
    path_ = ::mkdtemp(name.data());
    std::filesystem::permissions(path_, std::filesystem::perms(0755));
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace assay::graders::testing
