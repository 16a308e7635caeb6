#include "oracles/misconceptions/mistaken.hpp"
#include "oracles/ops/layer_table.hpp"

namespace assay::oracles::mistakes {

namespace {

Tensors<Ball> smallest_score(In a, Set s) {
  Arguments<Ball> negated = a;
  for (Ball& score : negated.real[0].data) score = -score;
  return right_forward("accuracy", negated, s);
}

Tensors<Ball> count_of_rows(In a, Set s) {
  Tensors<Ball> right = right_forward("accuracy", a, s);
  right[0][0] *= static_cast<int>(a.real[0].shape[0]);
  return right;
}

Tensors<Ball> farthest(In a, Set) {
  const std::size_t points = a.real[0].shape[0], width = a.real[0].shape[1];
  Tensor<Ball> predictions(Shape{a.real[1].shape[0]});
  for (std::size_t q = 0; q < predictions.size(); ++q) {
    std::size_t last = 0;
    Ball largest(-1);
    for (std::size_t m = 0; m < points; ++m) {
      Ball distance(0);
      for (std::size_t i = 0; i < width; ++i) distance += square(Ball(a.real[0](m, i) - a.real[1](q, i)));
      if (less(largest, distance) != Truth::yes) continue;
      largest = distance;
      last = m;
    }
    predictions[q] = Ball(static_cast<int>(a.index[0][last]));
  }
  return {predictions};
}

Tensors<Ball> arithmetic_mean(In a, Set s) {
  const Tensors<Ball> p = right_forward("precision", a, s), r = right_forward("recall", a, s);
  return {Tensor<Ball>::scalar(Ball((p[0][0] + r[0][0]) / 2))};
}

/// Of all classes together precision and recall are this share anyway.
Tensors<Ball> share_of_right(In a, Set s, std::string_view operation) {
  return right_forward(operation, a, with(s, "average", "micro"));
}

template <ops::detail::Miscount miscount>
Misconception miscounted(std::string_view id, std::string_view mistake) {
  return wrong_result(id, mistake, [](In a, Set) { return ops::LayerTable::counted(a, miscount); });
}

}  // namespace

std::vector<Misconception> metrics() {
  using enum ops::detail::Miscount;
  return {
      wrong_result("accuracy.count", "returns the number of right rows, not their share", count_of_rows),
      wrong_result("accuracy.smallest_score", "predicts the class with the smallest score", smallest_score),
      wrong_result("accuracy.top_k_ignored", "compares the label with the best class only, whatever k is",
                   [](In a, Set s) { return right_forward("accuracy", a, with(s, "top_k", "1")); }),
      wrong_result("f1.arithmetic_mean", "averages precision and recall arithmetically", arithmetic_mean),
      wrong_result("f1.is_precision", "returns the precision",
                   [](In a, Set s) { return right_forward("precision", a, s); }),
      wrong_result("knn.farthest", "takes the farthest point for the nearest", farthest),
      wrong_result("knn.nearest_only", "asks the nearest point only, whatever k is",
                   [](In a, Set s) { return right_forward("knn", a, with(s, "k", "1")); }),
      wrong_result("knn.other_metric", "measures sums of magnitudes for Euclidean distances, or the reverse",
                   [](In a, Set s) {
                     const bool l1 = s.contains("metric") && s.at("metric") == "l1";
                     return right_forward("knn", a, with(s, "metric", l1 ? "l2" : "l1"));
                   }),
      miscounted<bias_forgotten>("layer_table.bias_forgotten", "counts the weights alone, without biases"),
      miscounted<bias_multiplied>("layer_table.bias_multiplied",
                                  "counts the bias as one more multiply-add of each output"),
      miscounted<channels_forgotten>("layer_table.channels_forgotten",
                                     "counts filters of one channel, whatever the image has"),
      miscounted<fit_unchecked>("layer_table.fit_unchecked",
                                "does not see that a window does not fit: a division rounded towards 0 gives "
                                "one where there is none"),
      miscounted<input_positions>("layer_table.input_positions",
                                  "counts multiply-adds at each position of the input, not of the output"),
      miscounted<not_flattened>(
          "layer_table.not_flattened",
          "connects a fully connected layer to the channels alone, not to all positions"),
      miscounted<one_forgotten>("layer_table.one_forgotten", "forgets the + 1 in the number of windows"),
      miscounted<padding_of_pools>("layer_table.padding_of_pools",
                                   "pads max pooling too, where only convolutions are padded"),
      miscounted<padding_once>("layer_table.padding_once", "adds the padding once, not on both sides"),
      miscounted<pools_have_weights>("layer_table.pools_have_weights",
                                     "counts weights and multiply-adds of max pooling, which has none"),
      miscounted<rounded_up>("layer_table.rounded_up",
                             "rounds the number of windows up, where it is rounded down"),
      miscounted<weights_not_shared>(
          "layer_table.weights_not_shared",
          "counts the weights once for each position, where all positions share them"),
      wrong_result("precision.is_recall", "divides by what is positive, not by what was predicted so",
                   [](In a, Set s) { return right_forward("recall", a, s); }),
      wrong_result("precision.share_of_right_predictions",
                   "divides by all predictions: the accuracy, where a class is asked for",
                   [](In a, Set s) { return share_of_right(a, s, "precision"); }),
      wrong_result("recall.is_precision", "divides by what was predicted positive, not by what is so",
                   [](In a, Set s) { return right_forward("precision", a, s); }),
      wrong_result("recall.share_of_right_predictions",
                   "divides by all examples: the accuracy, where a class is asked for",
                   [](In a, Set s) { return share_of_right(a, s, "recall"); }),
  };
}

}  // namespace assay::oracles::mistakes
