/// What training tends to do: experiments with many seeds, each beside a control in which the effect is
/// absent or reversed. The designs are in properties/training/experiments/.
#include "properties/claims/words.hpp"
#include "properties/training/pictures.hpp"

namespace assay::properties::topics {
namespace {

/// The claim, put to the experiment of its id; its foil, to the control.
Claim tried(std::string id, Quantifier quantifier, std::string published, std::string source,
            std::string statement, std::string because = {}) {
  Trial test{.experiment = id, .is_witness = quantifier == Quantifier::existential};
  Trial control{.experiment = id + ".foil", .is_witness = test.is_witness};
  return {.id = std::move(id),
          .quantifier = quantifier,
          .published = std::move(published),
          .source = std::move(source),
          .question = {.statement = statement, .test = std::move(test), .because = std::move(because)},
          .foil = {.statement = statement + " (In the control, where the effect is absent or reversed.)",
                   .test = std::move(control)}};
}

constexpr Quantifier statistical = Quantifier::statistical, existential = Quantifier::existential;

std::vector<Claim> flat_losses() {
  return {
      tried("cs231n-2019.mc.1.A", existential, "true", "CS231n midterm, spring 2019, multiple choice 1 A",
            "A loss that is flat from the start can come from a learning rate that is too small.",
            "The change of the loss is proportional to the rate."),
      tried("cs231n-2019.mc.1.B", existential, "false", "CS231n midterm, spring 2019, multiple choice 1 B",
            "A loss that is flat from the start can come from too strong a regularisation.",
            "From a small initialisation the penalty begins near 0 and pins the weights there; a key that "
            "says no thinks of a large initialisation, whose penalty falls at once."),
      tried(
          "cs231n-2019.mc.1.C", existential, "false", "CS231n midterm, spring 2019, multiple choice 1 C",
          "A loss that is flat from the start can come from very uneven classes.",
          "Learning the shares of the classes lowers the loss at once, unless the biases already hold them."),
      tried("cs231n-2019.mc.1.D", existential, "true", "CS231n midterm, spring 2019, multiple choice 1 D",
            "A loss that is flat from the start can come from a wrong scale of the first weights.",
            "With all weights 0 in two layers, each layer's gradient is multiplied by the other's 0."),
  };
}

std::vector<Claim> tendencies() {
  return {
      tried("cs231n-2019.tf.3", statistical, "true", "CS231n midterm, spring 2019, true/false 3",
            "Training accuracy tends to rise when L2 weight decay is taken away.",
            "Without the penalty the optimiser minimises the training loss alone."),
      tried("cs230-2021.mc.b.ii", statistical, "", "CS230 midterm, spring 2021, multiple choice b ii",
            "Batch normalisation can tame exploding gradients.",
            "Its output does not change with the scale of the weights before it."),
      tried("cs230-2021.mc.b.iv", statistical, "", "CS230 midterm, spring 2021, multiple choice b iv",
            "Residual connections tame exploding gradients.",
            "Adding the identity makes no Jacobian smaller."),
      tried("cs230-2021.mc.c.ii", statistical, "", "CS230 midterm, spring 2021, multiple choice c ii",
            "Random horizontal and vertical flips help a small dataset of handwritten letters.",
            "Flipped letters are other letters (b, d, p, q; M, W) or none."),
      tried("cs230-2021.mc.d.ii", statistical, "", "CS230 midterm, spring 2021, multiple choice d ii",
            "Adding batch normalisation is likely to narrow a large gap between training and validation "
            "accuracy.",
            "The noise of small batches regularises, mostly by lowering training accuracy; with larger "
            "batches there is little of it."),
      tried("cs230-2021.mc.f.ii", statistical, "", "CS230 midterm, spring 2021, multiple choice f ii",
            "Momentum helps to leave shallow minima.",
            "A running mean of gradients carries the iterate over a low barrier."),
      tried("cs230-2021.mc.g.ii", statistical, "", "CS230 midterm, spring 2021, multiple choice g ii",
            "Early stopping makes the predictions vary more between training sets.",
            "Stopping early keeps the weights near their start, whatever the sample."),
      tried("cs230-2021.mc.g.iv", existential, "", "CS230 midterm, spring 2021, multiple choice g iv",
            "Early stopping can save much training, at the price of a higher training loss."),
      tried("eecs498-2019.tf.1.7", statistical, "", "EECS 498 midterm, fall 2019, true/false 1.7",
            "Random horizontal and vertical flips help to recognise handwritten digits.",
            "A flipped 6 is a 9 or no digit."),
      tried("eecs498-2019.mc.2.2.C", statistical, "", "EECS 498 midterm, fall 2019, multiple choice 2.2 C",
            "ReLU usually works well.", "Measured against no activation, on a task that is not linear."),
      tried("eecs498-2019.mc.2.3.C", statistical, "", "EECS 498 midterm, fall 2019, multiple choice 2.3 C",
            "Momentum makes it likelier that SGD stays in a poor local minimum.",
            "It makes it likelier that SGD leaves one."),
      tried("cmu24788-2025.mc.3.f.C", statistical, "",
            "CMU 24-788 midterm, spring 2025, multiple choice 3 f.C",
            "L2 regularisation helps against overfitting.", "It reduces the gap; it does not rule it out."),
      tried("cmu24788-2025.mc.3.g.D", statistical, "",
            "CMU 24-788 midterm, spring 2025, multiple choice 3 g.D",
            "Momentum smooths noisy gradients and favours directions that persist."),
  };
}

std::vector<Claim> gaps_and_depth() {
  return {
      tried("eecs498-2019.mc.2.4.A", statistical, "", "EECS 498 midterm, fall 2019, multiple choice 2.4 A",
            "More training data narrows the gap between training and validation accuracy."),
      tried("eecs498-2019.mc.2.4.B", statistical, "", "EECS 498 midterm, fall 2019, multiple choice 2.4 B",
            "More hidden units narrow the gap between training and validation accuracy."),
      tried("eecs498-2019.mc.2.4.C", statistical, "", "EECS 498 midterm, fall 2019, multiple choice 2.4 C",
            "Stronger L2 regularisation narrows the gap between training and validation accuracy."),
      tried("eecs498-2019.mc.2.4.D", statistical, "", "EECS 498 midterm, fall 2019, multiple choice 2.4 D",
            "A lower probability of dropout narrows the gap between training and validation accuracy."),
      tried("eecs498-2019.mc.2.7.A", statistical, "", "EECS 498 midterm, fall 2019, multiple choice 2.7 A",
            "Where a deep convolutional net with ReLU does not learn, tanh instead of ReLU helps.",
            "tanh shrinks gradients further; it would help where dead units are the cause."),
      tried("eecs498-2019.mc.2.7.B", statistical, "", "EECS 498 midterm, fall 2019, multiple choice 2.7 B",
            "Where a deep convolutional net does not learn, more layers help."),
      tried(
          "eecs498-2019.mc.2.7.C", statistical, "", "EECS 498 midterm, fall 2019, multiple choice 2.7 C",
          "Where a deep convolutional net does not learn, batch normalisation after each convolution helps."),
      tried("eecs498-2019.mc.2.7.D", statistical, "", "EECS 498 midterm, fall 2019, multiple choice 2.7 D",
            "Where a deep convolutional net does not learn, additive skip connections help."),
  };
}

}  // namespace

std::vector<Claim> training() {
  std::vector<Claim> all = flat_losses();
  for (auto* const part : {&tendencies, &gaps_and_depth})
    for (Claim& claim : part()) all.push_back(std::move(claim));
  for (Claim& claim : all) {
    if (claim.id == "cmu24788-2025.mc.3.f.C") claim.picture = training::loss_gap_over_decay;
    if (claim.id == "cs230-2021.mc.d.ii")
      std::get<Trial>(claim.question.test).where = {{"small_batches", "batches are as small as 4"}};
  }
  return all;
}

}  // namespace assay::properties::topics
