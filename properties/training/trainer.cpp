#include "properties/training/trainer.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace assay::properties::training {
namespace {

class Trainer {
 public:
  Trainer(Network& network, const Dataset& training, const Dataset& validation, const Training& how)
      : network_(network),
        training_(training),
        validation_(validation),
        how_(how),
        batch_(std::min(how.batch == 0 ? training.size() : how.batch, training.size())),
        updater_(how.optimizer, network.parameters().size()),
        order_random_(derived_seed(how.seed, 1)),
        dropout_random_(derived_seed(how.seed, 2)),
        augmentation_random_(derived_seed(how.seed, 3)),
        order_(training.size()),
        next_(training.size()),
        labels_(batch_),
        gradient_(network.parameters().size()) {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
  }

  Run run() {
    record();
    const std::size_t every = how_.record_every == 0 ? how_.steps : how_.record_every;
    for (std::size_t step = 0; step < how_.steps && !out_of_patience(); ++step) {
      descend(scheduled_rate(how_.optimizer, step, how_.steps));
      run_.steps = step + 1;
      if (run_.steps % every == 0 || run_.steps == how_.steps) record();
    }
    if (patient()) network_.restore(best_);
    return std::move(run_);
  }

 private:
  bool patient() const { return how_.patience > 0 && validation_.size() > 0; }
  bool out_of_patience() const { return patient() && run_.curve.size() - 1 - run_.best >= how_.patience; }

  /// The next examples of a random order; a new order after each pass. The rest of a pass that fills no batch
  /// is left out, as every batch has the same size.
  void fill_batch() {
    if (next_ + batch_ > order_.size()) {
      order_random_.shuffle(order_);
      next_ = 0;
    }
    const std::size_t size = training_.extent.size();
    for (std::size_t i = 0; i < batch_; ++i) {
      const std::size_t example = order_[next_++];
      const auto target = network_.input().subspan(i * size, size);
      if (how_.augmentation.any())
        augment(how_.augmentation, training_.extent, training_.row(example), target, augmentation_random_);
      else
        std::ranges::copy(training_.row(example), target.begin());
      labels_[i] = training_.labels[example];
    }
  }

  void descend(double rate) {
    fill_batch();
    network_.forward(batch_, Mode::training, dropout_random_);
    network_.backward(labels_);
    std::ranges::copy(network_.gradients(), gradient_.begin());
    const auto parameters = network_.parameters();
    if (how_.optimizer.weight_decay != 0)
      for (const Slice& slice : network_.weights())
        for (std::size_t i = slice.offset; i < slice.offset + slice.size; ++i)
          gradient_[i] += how_.optimizer.weight_decay * parameters[i];
    if (how_.optimizer.clip > 0) clip_norm(gradient_, how_.optimizer.clip);
    updater_.step(parameters, gradient_, rate);
  }

  void record() {
    Record now{.step = run_.steps, .training = network_.score(training_)};
    if (validation_.size() > 0) now.validation = network_.score(validation_);
    now.penalty = how_.optimizer.weight_decay * network_.half_squared_weights();
    now.gradient_norm = network_.gradient_norm();
    if (how_.count_dead) now.dead_share = network_.dead_share(training_);
    run_.gradient_norms.push_back(network_.gradient_norms());
    run_.curve.push_back(now);
    const bool better = now.validation.loss < run_.curve[run_.best].validation.loss;
    if (better) run_.best = run_.curve.size() - 1;
    if (patient() && (better || run_.curve.size() == 1)) best_ = network_.snapshot();
  }

  Network& network_;
  const Dataset& training_;
  const Dataset& validation_;
  const Training& how_;
  std::size_t batch_;
  Updater updater_;
  Random order_random_, dropout_random_, augmentation_random_;
  std::vector<std::size_t> order_;
  std::size_t next_;
  std::vector<std::size_t> labels_;
  std::vector<double> gradient_;
  Run run_;
  Snapshot best_;
};

}  // namespace

Run train(Network& network, const Dataset& training, const Dataset& validation, const Training& how) {
  return Trainer(network, training, validation, how).run();
}

}  // namespace assay::properties::training
