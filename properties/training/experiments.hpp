/// Ready-made paired experiments behind statistical claims. Each trains both arms from one seed: the same
/// data, the same first weights where shapes allow, the same order of examples; only what the claim is about
/// differs.
///
/// An id that ends in ".foil" is a control beside the experiment of that claim: a nearby design in which the
/// effect is absent or reversed, so that one can see that the experiment is able to come out otherwise.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::properties::training {

struct Experiment {
  std::string_view id;                       ///< of the claim
  std::string_view design;                   ///< model, data, steps and what is paired: enough to repeat it
  double (*difference)(std::uint64_t seed);  ///< positive where the claim's statement shows
  double negligible;                         ///< differences of at most this size do not matter
  std::string_view unit;                     ///< of the difference
};

/// All of them, sorted by id. They live as long as the program.
std::span<const Experiment> experiments();

/// The experiment of that id, or null.
const Experiment* find_experiment(std::string_view id);

}  // namespace assay::properties::training
