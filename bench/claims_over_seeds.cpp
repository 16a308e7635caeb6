/// Whether any claim changes its verdict with the seed: every claim over many seeds, some ten seconds each.
///
///   claims_over_seeds [SEEDS [PATTERN]] [--quick]       default 50, all claims; exit code 1 if one changes
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "properties/claims.hpp"
#include "properties/verify_all.hpp"

namespace {

using namespace assay::properties;

/// What must not change: "conditional, false (no_bias strict_margin)".
std::string class_of(const Verdict& verdict) {
  std::string text(to_text(verdict.standing));
  text += verdict.answer == Truth::yes ? ", true" : verdict.answer == Truth::no ? ", false" : ", open";
  std::string conditions;
  for (const Condition& condition : verdict.conditions)
    conditions += (conditions.empty() ? "" : " ") + condition.id;
  return conditions.empty() ? text : text + " (" + conditions + ")";
}

/// The seeds of each class, by claim.
using Found = std::map<std::string, std::map<std::string, std::vector<std::uint64_t>>>;

Found over_seeds(const std::vector<const Claim*>& claims, std::uint64_t seeds, bool quick) {
  Found found;
  const unsigned jobs = std::max(1u, std::thread::hardware_concurrency());
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const Effort effort{.seed = seed, .cases = {}, .quick = quick, .floats = false};
    for (const Finding& finding : verify_all(claims, effort, jobs))
      found[finding.claim->id][class_of(finding.verdict)].push_back(seed);
    if (isatty(STDERR_FILENO)) std::fprintf(stderr, "\r%lu of %lu seeds", seed, seeds);
  }
  if (isatty(STDERR_FILENO)) std::fprintf(stderr, "\r\033[K");
  return found;
}

/// The number of claims that change.
std::size_t report(const Found& found) {
  std::size_t changing = 0;
  for (const auto& [id, classes] : found) {
    if (classes.size() == 1) continue;
    ++changing;
    std::printf("%s\n", id.c_str());
    for (const auto& [text, seeds] : classes)
      std::printf("    %s: %zu seeds, the first is %lu\n", text.c_str(), seeds.size(), seeds.front());
  }
  return changing;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  const bool quick = std::erase(words, "--quick") > 0;
  std::uint64_t seeds = 50;
  if (!words.empty()) {
    const std::string& text = words[0];
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seeds);
    if (error != std::errc() || *end != '\0' || seeds == 0 || words.size() > 2) {
      std::fprintf(stderr, "usage: claims_over_seeds [SEEDS [PATTERN]] [--quick]\n");
      return 2;
    }
  }
  const auto claims = claims_like(words.size() > 1 ? words[1] : "*");
  const std::size_t changing = report(over_seeds(claims, seeds, quick));
  std::printf("%zu claims, %lu seeds: %zu change their verdict\n", claims.size(), seeds, changing);
  return claims.empty() ? 2 : changing ? 1 : 0;
}
