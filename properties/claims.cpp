#include "properties/claims.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <cctype>
#include <compare>
#include <string>

namespace assay::properties {
namespace {

/// "tf.2" before "tf.10": runs of digits compare as numbers.
bool natural_less(std::string_view a, std::string_view b) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  while (!a.empty() && !b.empty()) {
    if (digit(a[0]) && digit(b[0])) {
      const auto run = [&](std::string_view text) {
        return static_cast<std::size_t>(std::ranges::find_if_not(text, digit) - text.begin());
      };
      const std::string_view x = a.substr(0, run(a)), y = b.substr(0, run(b));
      if (x.size() != y.size()) return x.size() < y.size();
      if (x != y) return x < y;
      a.remove_prefix(x.size());
      b.remove_prefix(y.size());
      continue;
    }
    if (a[0] != b[0]) return a[0] < b[0];
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  return a.size() < b.size();
}

struct Topic {
  const char* name;
  std::vector<Claim> (*claims)();
};

constexpr Topic all_topics[] = {
    {"activations", &topics::activations},
    {"adversarial", &topics::adversarial},
    {"approximation", &topics::approximation},
    {"backpropagation", &topics::backpropagation},
    {"conditioning", &topics::conditioning},
    {"costs", &topics::costs},
    {"dead_units", &topics::dead_units},
    {"descent", &topics::descent},
    {"direction", &topics::direction},
    {"dropout", &topics::dropout},
    {"embeddings", &topics::embeddings},
    {"expressiveness", &topics::expressiveness},
    {"filters", &topics::filters},
    {"gradients", &topics::gradients},
    {"initialisation", &topics::initialisation},
    {"linear_classifiers", &topics::linear_classifiers},
    {"momentum", &topics::momentum},
    {"neighbours", &topics::neighbours},
    {"nonlinearities", &topics::nonlinearities},
    {"optimizers", &topics::optimizers},
    {"pooling", &topics::pooling},
    {"practice", &topics::practice},
    {"regularisation", &topics::regularisation},
    {"scaling", &topics::scaling},
    {"shapes", &topics::shapes},
    {"softmax", &topics::softmax},
    {"symmetry", &topics::symmetry},
    {"training", &topics::training},
};

std::vector<Claim> collected() {
  std::vector<Claim> all;
  for (const Topic& topic : all_topics)
    for (Claim& claim : topic.claims()) {
      claim.topic = topic.name;
      all.push_back(std::move(claim));
    }
  std::ranges::sort(all, natural_less, &Claim::id);
  return all;
}

}  // namespace

std::span<const Claim> claims() {
  static const std::vector<Claim> all = collected();
  return all;
}

const Claim* find_claim(std::string_view id) {
  const auto found = std::ranges::find(claims(), id, &Claim::id);
  return found == claims().end() ? nullptr : &*found;
}

std::vector<const Claim*> claims_like(std::string_view pattern) {
  std::vector<const Claim*> found;
  for (const Claim& claim : claims())
    if (fnmatch(std::string(pattern).c_str(), claim.id.c_str(), 0) == 0) found.push_back(&claim);
  return found;
}

}  // namespace assay::properties
