/// The claim that no gradient grows on its way back through tanh (cs231n-2019.tf.6): `verify` in exact
/// arithmetic, beside the same property in Hypothesis with mpmath at 128 bits.
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <cstdio>
#include <memory>
#include <variant>

#include "bench/python.hpp"
#include "properties/claims.hpp"
#include "properties/verify.hpp"

namespace assay::bench {
namespace {

constexpr const char* claim_id = "cs231n-2019.tf.6";

/// Debian's Python first: the packages belong to it.
const std::string& python() {
  static const std::string found = [] {
    for (const char* const candidate : {"/usr/bin/python3", "python3"})
      if (system((std::string(candidate) + " -c 'import hypothesis, mpmath' > /dev/null 2>&1").c_str()) == 0)
        return std::string(candidate);
    return std::string();
  }();
  return found;
}

/// The draws alone: without the proof that follows them, and without floats.
properties::Question searched() {
  properties::Question question = properties::find_claim(claim_id)->question;
  std::get<properties::ForAll>(question.test).proofs.clear();
  return question;
}

void by_assay(benchmark::State& state) {
  const properties::Question question = searched();
  std::uint64_t seed = 0;
  for (auto _ : state) {
    const auto verdict =
        properties::verify(question, {.seed = ++seed, .cases = tanh_cases_here, .floats = false});
    if (verdict.standing != properties::Standing::supported || verdict.cases != tanh_cases_here)
      return state.SkipWithError("the claim did not come out true");
  }
}

void in_python(benchmark::State& state) {
  for (auto _ : state) {
    const auto seconds = hypothesis_seconds(tanh_cases_in_python);
    if (!seconds) return state.SkipWithError("the program in Python failed");
    state.SetIterationTime(*seconds);
  }
}

}  // namespace

const std::string& why_no_hypothesis() {
  static const std::string reason =
      python().empty() ? "no python3 with hypothesis and mpmath (python3-hypothesis, python3-mpmath)" : "";
  return reason;
}

std::optional<double> hypothesis_seconds(std::size_t cases) {
  const std::string command =
      python() + " '" ASSAY_SOURCE_DIR "/bench/tanh_in_python.py' " + std::to_string(cases);
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  double seconds = 0;
  if (!pipe || std::fscanf(pipe.get(), "%lf", &seconds) != 1 || seconds <= 0) return std::nullopt;
  return seconds;
}

void register_tanh_claim() {
  benchmark::RegisterBenchmark("claim/tanh/assay", by_assay)->Unit(benchmark::kMillisecond);
  if (why_no_hypothesis().empty())
    benchmark::RegisterBenchmark("claim/tanh/python", in_python)->UseManualTime()->Iterations(1);
}

}  // namespace assay::bench
