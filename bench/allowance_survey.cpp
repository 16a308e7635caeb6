/// Prints how much of the self-calibrated tolerance honest implementations use up (each ratio must stay below
/// 1), and by how much known unstable forms exceed it on inputs that expose them.
///
///   allowance_survey [CASES]        random calls for each operation; default 10000
#include <cstdio>  // fmt and Boost.Multiprecision do not meet in one file: fmt 9 asks Boost about an unnamed type
#include <cstdlib>
#include <random>
#include <string_view>

#include "tests/oracles/ops/extremes.hpp"

namespace {

using namespace assay::oracles;
using namespace assay::oracles::testing;

constexpr std::uint64_t seed = 20240501;

template <class F>
void print_honest(const char* format, std::size_t cases) {
  std::printf("\nHonest styles in %s, %zu random calls of each operation (' is the gradient)\n", format,
              cases);
  std::printf("  %-24s %8s %10s %9s  %s\n", "operation", "largest", "elements", "vacuous", "by");
  for (const auto& [operation, usage] : survey<F>(seed, cases, Magnitudes::wild))
    std::printf("  %-24s %8.3f %10zu %8.1f%%  %s\n", operation.c_str(), usage.largest_ratio, usage.elements,
                100.0 * static_cast<double>(usage.vacuous) / static_cast<double>(usage.elements),
                usage.style.c_str());
}

void print_exposure(std::string_view form, std::string_view inputs, const Exposure& exposed) {
  std::printf("  %-38s %-22s %12.3g %12.3g\n", std::string(form).c_str(), std::string(inputs).c_str(),
              exposed.smallest, exposed.largest);
}

void print_unstable(std::size_t cases) {
  std::printf("\nUnstable forms in double, %zu calls of 32 elements each; above 1 is rejected\n", cases);
  std::printf("  %-38s %-22s %12s %12s\n", "form", "inputs", "smallest", "largest");
  for (const UnstableForm& form : unstable_forms())
    for (const Extreme& extreme : extremes_of(form.operation))
      print_exposure(form.id, extreme.name, exposure(form, extreme, seed, cases));
  std::mt19937_64 random(seed);
  for (const int mean : {0, 10, 100, 1000, 10000}) {
    Exposure exposed;
    for (std::size_t i = 0; i < cases; ++i) {
      const double ratio = one_pass_variance_ratio(mean, random);
      exposed.smallest = std::min(exposed.smallest, ratio);
      exposed.largest = std::max(exposed.largest, ratio);
    }
    print_exposure("variance in one pass", "mean " + std::to_string(mean), exposed);
  }
}

}  // namespace

int main(int count, char** arguments) {
  const std::size_t cases = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 10000;
  print_honest<double>("double", cases);
  print_honest<float>("float", cases);
  print_unstable(std::min<std::size_t>(cases, 1000));
}
