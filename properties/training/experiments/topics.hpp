/// The experiments, topic by topic; `experiments()` joins them. To add one: a function and a line in the list
/// of its topic.
#pragma once

#include <span>

#include "properties/training/experiments.hpp"

namespace assay::properties::training::topics {

std::span<const Experiment> activations();
std::span<const Experiment> augmentation();
std::span<const Experiment> capacity();
std::span<const Experiment> dead_units();
std::span<const Experiment> depth();
std::span<const Experiment> early_stopping();
std::span<const Experiment> flat_loss();
std::span<const Experiment> momentum();
std::span<const Experiment> normalisation();
std::span<const Experiment> regularisation();

}  // namespace assay::properties::training::topics
