/// Convolutional networks whose weights or inputs are scaled, shifted, or empty.
///
///   image (1, 1, 3, 3) - convolution K + b1 - ReLU - max pooling - fully connected W + b2 - scores
#include <algorithm>

#include "properties/claims/words.hpp"

namespace assay::properties::topics {
namespace {

/// The scores (1, C), weights multiplied by `factor`.
template <class T>
Tensor<T> scores_of(const Point<T>& at, const Subject<T>& subject, const Tensor<T>& image, const T& factor) {
  const auto times = [&](Tensor<T> weights) {
    for (T& weight : weights.data) weight *= factor;
    return weights;
  };
  const Tensor<T> maps = subject.value("conv2d", {image, times(at["K"]), at["b1"]});
  Tensor<T> features = subject.value("max_pool2d", {subject.value("relu", {maps})}, {{"kernel_size", "2"}});
  features.shape = {1, features.size()};
  return subject.value("affine", {features, times(at["W"]), at["b2"]});
}
template <class T>
Tensor<T> scores_of(const Point<T>& at, const Subject<T>& subject, const Tensor<T>& image) {
  return scores_of(at, subject, image, T(1));
}

/// Every two classes compare alike: the same class wins, and the same classes tie.
template <class T>
Truth same_order(const Tensor<T>& a, const Tensor<T>& b) {
  Truth all = Truth::yes;
  for (std::size_t i = 1; i < a.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) all = all && equal(T(sign(T(a[i] - a[j]))), T(sign(T(b[i] - b[j]))));
  return all;
}

constexpr const char* two_filters = "2";

Space networks(double bias) {
  return {
      .variables = {fractions("X", -2, 2, 0.5, {"1", "1", "3", "3"}),
                    fractions("K", -2, 2, 0.5, {two_filters, "1", "2", "2"}),
                    fractions("b1", -bias, bias, 0.5, {two_filters}),
                    fractions("W", -2, 2, 0.5, {two_filters, "C"}), fractions("b2", -bias, bias, 0.5, {"C"})},
      .whole_numbers = {{"C", {2, 3}}},
      .text = bias == 0 ? "convolution, ReLU, max pooling and a linear layer, without biases"
                        : "convolution, ReLU, max pooling and a linear layer, with biases"};
}

/// All weights 1 but those of the last layer.
Case plain_network(Tensor<double> image, std::vector<double> last, std::vector<double> b2, std::string note) {
  const std::size_t classes = b2.size();
  Tensor<double> kernels({2, 1, 2, 2});
  for (double& weight : kernels.data) weight = 1;
  return instance({{"X", std::move(image)},
                   {"K", kernels},
                   {"b1", Tensor<double>({2})},
                   {"W", Tensor<double>({2, classes}, std::move(last))},
                   {"b2", vector_of(std::move(b2))}},
                  std::move(note));
}
Tensor<double> image_of(double number) {
  Tensor<double> image({1, 1, 3, 3});
  for (double& pixel : image.data) pixel = number;
  return image;
}

// ---- An empty image -------------------------------------------------------------------------------------

/// Equal probabilities are equal scores: exp is one to one.
constexpr auto uniform_for_zeros = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
  const Tensor<T> scores = scores_of(at, subject, Tensor<T>(at["X"].shape));
  Truth all = Truth::yes;
  for (std::size_t c = 1; c < scores.size(); ++c) all = all && equal(scores[c], scores[0]);
  return all;
};

Question zeros_are_uniform() {
  return {
      .statement = "A convolutional network gives every class the same probability for an image of zeros.",
      .test = ForAll{.space = networks(1),
                     .holds = on_fractions_only(uniform_for_zeros),
                     .pinned = {plain_network(image_of(0), {1, 1, 1, 1}, {0, 1}, "a last bias of (0, 1)")},
                     .assumptions = {{"no_bias", "no layer has a bias",
                                      [](Case& drawn) {
                                        for (const char* const name : {"b1", "b2"})
                                          for (double& number :
                                               std::get<Tensor<double>>(drawn.inputs.at(name)).data)
                                            number = 0;
                                        return true;
                                      }}},
                     .cases = 200},
      .because = "Zeros silence the weights, not the biases: these alone decide."};
}

Question zeros_are_uniform_without_bias() {
  return {.statement =
              "A convolutional network without biases gives every class the same probability for an "
              "image of zeros.",
          .test = ForAll{.space = networks(0), .holds = on_fractions_only(uniform_for_zeros), .cases = 200}};
}

// ---- Ten times as much ----------------------------------------------------------------------------------

constexpr auto order_survives_weights = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
  return same_order(scores_of(at, subject, at["X"]), scores_of(at, subject, at["X"], T(10)));
};
template <class T>
Tensor<T> ten_times(Tensor<T> image) {
  for (T& pixel : image.data) pixel *= T(10);
  return image;
}
constexpr auto order_survives_inputs = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
  return same_order(scores_of(at, subject, at["X"]), scores_of(at, subject, ten_times(at["X"])));
};

/// What floats make of it: a near tie turned by rounding, and scores beyond the largest double.
std::vector<Case> hard_for_floats() {
  return {plain_network(image_of(0.25), {0.1, 0.3, 0.7, 0.5}, {0, 0},
                        "last weights (0.1, 0.7) and (0.3, 0.5), whose sums in doubles differ by 3e-17"),
          plain_network(image_of(0.25), {1e307, 5e306, 0, 0}, {0, 0},
                        "scores of 1e307 and half of that, whose multiples overflow")};
}

Question weights_times_ten() {
  return {.statement =
              "Multiplying all weights of a convolutional network without biases by 10 at inference "
              "leaves its accuracy as it is.",
          .test = ForAll{.space = networks(0),
                         .holds = on_fractions(order_survives_weights),
                         .pinned = hard_for_floats(),
                         .cases = 300,
                         .in_floats = "rounding makes or breaks a tie, and large multiples overflow"},
          .because =
              "Convolution, ReLU and max pooling pass a positive factor on: all scores grow by the same "
              "power of 10, and the order stays."};
}

Question input_times_ten() {
  return {
      .statement =
          "Multiplying the input of a convolutional network without biases by 10 at inference "
          "leaves its accuracy as it is.",
      .test = ForAll{.space = networks(0),
                     .holds = on_fractions(order_survives_inputs),
                     .pinned = hard_for_floats(),
                     .cases = 300,
                     .in_floats = "rounding makes or breaks a tie, and large multiples overflow"},
      .because = "Every layer passes a positive factor on, so all scores grow tenfold and the order stays."};
}

Question times_ten_with_bias(Predicate holds, std::string what) {
  return {
      .statement = "Multiplying " + what +
                   " of a convolutional network with biases by 10 at inference leaves its accuracy as it is.",
      .test = ForAll{.space = networks(1),
                     .holds = holds,
                     .pinned = {plain_network(image_of(0.25), {1, 0, 0, 0}, {0, 2},
                                              "a last bias of (0, 2) that outweighs the scores (1, 0), and "
                                              "not their multiples")},
                     .cases = 200}};
}

// ---- The mean of the input ------------------------------------------------------------------------------

template <class T>
Tensor<T> centred(Tensor<T> image) {
  const T mean = sum(std::span<const T>(image.data)) / T(static_cast<int>(image.size()));
  for (T& pixel : image.data) pixel -= mean;
  return image;
}

Question centring_at_inference() {
  return {.statement =
              "Subtracting the mean of each input channel at inference only leaves the accuracy of a "
              "convolutional network as it is.",
          .test = ForAll{.space = networks(0),
                         .holds = on_fractions_only(
                             []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                               return same_order(scores_of(at, subject, at["X"]),
                                                 scores_of(at, subject, centred(at["X"])));
                             }),
                         .pinned = {plain_network(image_of(1), {1, 0, 0, 0}, {0, 0},
                                                  "an image of ones: centred it is all zeros, and all scores "
                                                  "tie")},
                         .cases = 200},
          .because = "The weights were trained on inputs with their mean; without it they see other data."};
}

// ---- Training from larger weights -----------------------------------------------------------------------

/// Two bias-free layers on two examples of the classes 0 and 1.
template <class T>
class Training {
 public:
  Training(const Point<T>& at, const Subject<T>& subject, const T& factor)
      : inputs_(at["X"]), subject_(subject), first_(at["W1"]), second_(at["W2"]) {
    for (Tensor<T>* weights : {&first_, &second_})
      for (T& weight : weights->data) weight *= factor;
  }

  T loss() const {
    return subject_.value("softmax_cross_entropy",
                          {{network().scores(inputs_), no_weights()}, {labels()}})[0];
  }
  void step() {
    const Mlp<T> now = network();
    const Tensor<T> slopes =
        subject_.gradients("softmax_cross_entropy", {{now.scores(inputs_), no_weights()}, {labels()}},
                           Tensor<T>::scalar(T(1)))[0];
    const auto back = now.gradients(inputs_, slopes);
    for (std::size_t i = 0; i < first_.size(); ++i) first_[i] -= back[0].weight[i] / T(4);
    for (std::size_t i = 0; i < second_.size(); ++i) second_[i] -= back[1].weight[i] / T(4);
  }

 private:
  Mlp<T> network() const {
    return Mlp<T>({{first_, Tensor<T>({2})}, {second_, Tensor<T>({2})}}, "relu", subject_);
  }
  static IndexTensor labels() { return {Shape{2}, {0, 1}}; }
  static Tensor<T> no_weights() { return Tensor<T>(oracles::absent); }

  Tensor<T> inputs_;
  Subject<T> subject_;
  Tensor<T> first_, second_;
};

/// Whether three steps lower the loss.
template <class T>
Truth makes_progress(const Point<T>& at, const Subject<T>& subject, const T& factor) {
  Training<T> training(at, subject, factor);
  const T before = training.loss();
  for (int step = 0; step < 3; ++step) training.step();
  return less(training.loss(), before);
}

Question training_from_ten_times() {
  return {
      .statement =
          "Multiplying all weights of a network by 10 before training leaves its convergence as it is.",
      .test =
          ForAll{.space = {.variables = {fractions("X", -2, 2, 0.5, {"2", "2"}),
                                         fractions("W1", -1, 1, 0.25, {"2", "2"}),
                                         fractions("W2", -1, 1, 0.25, {"2", "2"})},
                           .text = "two layers without biases, cross-entropy of two examples, three steps"},
                 .holds = on_reals_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                   return !makes_progress(at, subject, T(1)) || makes_progress(at, subject, T(10));
                 }),
                 .pinned = {instance(
                     {{"X", Tensor<double>({2, 2}, {2, 1, 1, 2})},
                      {"W1", Tensor<double>({2, 2}, {1, 0.5, 0, 0})},
                      {"W2", Tensor<double>({2, 2}, {0.75, -0.25, -0.5, 1})}},
                     "two examples whose loss three steps of rate 1/4 take from 0.65 down to 0.38; from ten "
                     "times the weights, from 12.5 up to 23.3")},
                 .cases = 60},
      .because = "The scores grow by 100, softmax saturates, and the same step size meets another slope."};
}

}  // namespace

std::vector<Claim> scaling() {
  return {
      {.id = "cs231n-2019.tf.2",
       .quantifier = Quantifier::universal,
       .published = "false",
       .source = "CS231n midterm, spring 2019, true/false 2",
       .question = zeros_are_uniform(),
       .foil = zeros_are_uniform_without_bias()},
      {.id = "cs230-2021.mc.a.i",
       .quantifier = Quantifier::universal,
       .source = "CS230 midterm, spring 2021, multiple choice (a) i",
       .question = weights_times_ten(),
       .foil = times_ten_with_bias(on_fractions_only(order_survives_weights), "all weights")},
      {.id = "cs230-2021.mc.a.ii",
       .quantifier = Quantifier::universal,
       .source = "CS230 midterm, spring 2021, multiple choice (a) ii",
       .question = training_from_ten_times(),
       .foil = weights_times_ten()},
      {.id = "cs230-2021.mc.a.iii",
       .quantifier = Quantifier::universal,
       .source = "CS230 midterm, spring 2021, multiple choice (a) iii",
       .question = input_times_ten(),
       .foil = times_ten_with_bias(on_fractions_only(order_survives_inputs), "the input")},
      {.id = "cs230-2021.mc.a.iv",
       .quantifier = Quantifier::universal,
       .source = "CS230 midterm, spring 2021, multiple choice (a) iv",
       .question = centring_at_inference(),
       .foil = input_times_ten()},
      {.id = "cs230-2021.mc.d.i",
       .quantifier = Quantifier::universal,
       .source = "CS230 midterm, spring 2021, multiple choice (d) i",
       .question = zeros_are_uniform(),
       .foil = zeros_are_uniform_without_bias()},
  };
}

}  // namespace assay::properties::topics
