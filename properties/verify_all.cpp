#include "properties/verify_all.hpp"

#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <thread>

#include "oracles/expected.hpp"

namespace assay::properties {
namespace {

Finding find(const Claim& claim, const Effort& effort) {
  const auto start = std::chrono::steady_clock::now();
  Finding finding{&claim, {}, 0};
  try {
    finding.verdict = verify(claim.question, effort);
  } catch (const std::exception& error) {
    finding.verdict.seed = effort.seed;
    finding.verdict.summary = std::string("The test itself failed: ") + error.what();
    finding.verdict.evidence = std::string("test failed: ") + error.what();
  }
  finding.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return finding;
}

}  // namespace

std::vector<Finding> verify_all(std::span<const Claim* const> claims, const Effort& effort, unsigned jobs,
                                const std::function<void(const Finding&)>& on_finding) {
  std::vector<Finding> findings(claims.size());
  std::atomic<std::size_t> next{0};
  std::mutex guard;
  std::size_t told = 0;
  const auto work = [&] {
    for (std::size_t i; (i = next++) < claims.size();) {
      Finding finding = find(*claims[i], effort);
      const std::lock_guard lock(guard);
      findings[i] = std::move(finding);
      for (; told < findings.size() && findings[told].claim; ++told)
        if (on_finding) on_finding(findings[told]);
    }
    oracles::release_thread_caches();
  };
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < std::max(1u, jobs); ++t) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  return findings;
}

}  // namespace assay::properties
