/// The gap between training and validation accuracy against the amount of data and of hidden units.
#include "properties/training/experiments/arms.hpp"
#include "properties/training/experiments/topics.hpp"

namespace assay::properties::training {
namespace {

double gap(std::size_t examples, double label_noise, std::size_t width, std::uint64_t seed) {
  const Task task = blob_task(
      {.examples = examples, .classes = 3, .dimensions = 8, .distance = 1.5, .label_noise = label_noise}, 300,
      seed);
  return fit(perceptron(task.training, 1, {.width = width}), task, with_momentum(0.05, 16, 400), seed)
      .last()
      .accuracy_gap();
}

template <std::size_t few, std::size_t many>
double gap_closed_by_data(std::uint64_t seed) {
  return gap(few, 0.1, 32, seed) - gap(many, 0.1, 32, seed);
}

template <std::size_t narrow, std::size_t wide>
double gap_closed_by_width(std::uint64_t seed) {
  return gap(64, 0.3, narrow, seed) - gap(64, 0.3, wide, seed);
}

constexpr Experiment list[]{
    {"eecs498-2019.mc.2.4.A",
     "Three Gaussian clouds in 8 dimensions (centres 1.5 from the origin, noise 1, a tenth of the labels "
     "drawn "
     "anew), 300 validation examples; one hidden layer of 32 ReLU units; momentum 0.9, rate 0.05, batches of "
     "16, 400 steps. Difference: gap with 48 training examples minus gap with 384, whose first 48 are the "
     "same.",
     gap_closed_by_data<48, 384>, 0.02, "of the accuracy gap"},
    {"eecs498-2019.mc.2.4.A.foil", "The same from 192 training examples down to 24.",
     gap_closed_by_data<192, 24>, 0.02, "of the accuracy gap"},
    {"eecs498-2019.mc.2.4.B",
     "Clouds and steps of eecs498-2019.mc.2.4.A with 64 training examples and three tenths of the labels "
     "drawn "
     "anew, so that there is something to learn by heart. Difference: gap with 4 hidden units minus gap with "
     "64.",
     gap_closed_by_width<4, 64>, 0.02, "of the accuracy gap"},
    {"eecs498-2019.mc.2.4.B.foil", "The same from 64 hidden units down to 1.", gap_closed_by_width<64, 1>,
     0.02, "of the accuracy gap"},
};

}  // namespace

std::span<const Experiment> topics::capacity() {
  return list;
}

}  // namespace assay::properties::training
