/// Flips and shifts of letters and digits.
#include "properties/training/experiments/arms.hpp"
#include "properties/training/experiments/topics.hpp"

namespace assay::properties::training {
namespace {

constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", digits = "0123456789";

/// Validation accuracy gained by the augmentation. A small convolutional net, as one would use.
double gained(std::string_view alphabet, const Augmentation& how_augmented, std::uint64_t seed) {
  const Task task = glyph_task({.alphabet = alphabet, .per_class = 4, .noise = 0.3, .reach = 1}, 10, seed);
  const Architecture plan{task.training.extent,
                          {{.width = 8, .weights = Weights::convolution, .pool = Pool::max}},
                          task.training.classes};
  Training how = with_momentum(0.05, 16, 300);
  const double plain = fit(plan, task, how, seed).last().validation.accuracy;
  how.augmentation = how_augmented;
  return fit(plan, task, how, seed).last().validation.accuracy - plain;
}

constexpr Augmentation flips{true, true, 0}, shifts{false, false, 1};

double letters_flipped(std::uint64_t seed) {
  return gained(letters, flips, seed);
}
double letters_shifted(std::uint64_t seed) {
  return gained(letters, shifts, seed);
}
double digits_flipped(std::uint64_t seed) {
  return gained(digits, flips, seed);
}
double digits_shifted(std::uint64_t seed) {
  return gained(digits, shifts, seed);
}

constexpr Experiment list[]{
    {"cs230-2021.mc.c.ii",
     "Capitals A to Z as 5 x 7 dots on 8 x 8 pixels, moved by up to one pixel, noise 0.3; 4 training and 10 "
     "validation images of each; one 3 x 3 convolution to 8 channels, ReLU, max pooling, one dense layer; "
     "momentum 0.9, rate 0.05, batches of 16, 300 steps. Difference: validation accuracy with random "
     "horizontal and vertical flips minus without.",
     letters_flipped, 0.01, "of validation accuracy"},
    {"cs230-2021.mc.c.ii.foil", "The same with random shifts by up to one pixel instead of flips.",
     letters_shifted, 0.01, "of validation accuracy"},
    {"eecs498-2019.tf.1.7",
     "Digits 0 to 9, images, net and steps of cs230-2021.mc.c.ii. Difference: validation accuracy with "
     "random "
     "horizontal and vertical flips minus without.",
     digits_flipped, 0.01, "of validation accuracy"},
    {"eecs498-2019.tf.1.7.foil", "The same with random shifts by up to one pixel instead of flips.",
     digits_shifted, 0.01, "of validation accuracy"},
};

}  // namespace

std::span<const Experiment> topics::augmentation() {
  return list;
}

}  // namespace assay::properties::training
