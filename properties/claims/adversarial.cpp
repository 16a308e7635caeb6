/// Generative adversarial networks: what the discriminator's objective rewards.
#include "properties/claims/words.hpp"

namespace assay::properties::topics {
namespace {

/// The scores of two discriminators for one real and one generated sample; the first is at least as good on
/// both, and better on one.
Space two_discriminators() {
  return {.variables = {reals("real", 0.0625, 0.9375), reals("fake", 0.0625, 0.9375),
                        reals("worse_real", 0.0625, 0.9375), reals("worse_fake", 0.0625, 0.9375)},
          .text =
              "probabilities between 1/16 and 15/16; the first discriminator is at least as good on the real "
              "sample and on the generated one, and better on one of them",
          .within = [](const Case& drawn) {
            const Point<double> at(drawn);
            return at("real") >= at("worse_real") && at("fake") <= at("worse_fake") &&
                   (at("real") > at("worse_real") || at("fake") < at("worse_fake"));
          }};
}

template <class T>
T likelihood(const Subject<T>& subject, const T& real, const T& fake) {
  return subject.value("gan_discriminator", {vector_of<T>({real}), vector_of<T>({fake})},
                       {{"scores", "probabilities"}, {"sign", "maximised"}})[0];
}

/// A higher likelihood comes with a higher value of the other objective.
template <class T, class F>
Truth follows(const Point<T>& at, const Subject<T>& subject, const F& objective) {
  const Truth likelier = less(likelihood(subject, at("worse_real"), at("worse_fake")),
                              likelihood(subject, at("real"), at("fake")));
  const Truth higher =
      less(T(objective(at("worse_real"), at("worse_fake"))), T(objective(at("real"), at("fake"))));
  return !likelier || higher;
}

/// The sign as the paper prints it.
Question plus_follows_the_likelihood() {
  return {
      .statement =
          "The objective D(X) + D(G(Z)) is high where the likelihood log D(X) + log(1 - D(G(Z))) is "
          "high, and low where it is low.",
      .test =
          ForAll{.space = two_discriminators(),
                 .holds = on_reals_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                   return follows(at, subject, [](const T& real, const T& fake) { return T(real + fake); });
                 }),
                 .pinned = {instance(
                     {{"real", 0.9}, {"fake", 0.1}, {"worse_real", 0.9}, {"worse_fake", 0.9}},
                     "D(X) = 0.9: with D(G(Z)) = 0.1 the likelihood is -0.21 and the objective 1, "
                     "with 0.9 the likelihood is -2.41 and the objective 1.8")}},
      .because =
          "The plus sign rewards a discriminator that takes generated samples for real; with a minus, "
          "D(X) - D(G(Z)), both move together."};
}

Question minus_follows_the_likelihood() {
  return {.statement =
              "The objective D(X) - D(G(Z)) rises wherever a discriminator gets better on the real or "
              "the generated sample and on neither worse, as the likelihood does.",
          .test = ForAll{
              .space = two_discriminators(),
              .holds = on_reals_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                return follows(at, subject, [&](const T& real, const T& fake) {
                  return subject.value("wgan_critic", {vector_of<T>({real}), vector_of<T>({fake})},
                                       {{"sign", "maximised"}})[0];
                });
              })}};
}

}  // namespace

std::vector<Claim> adversarial() {
  return {// Said in the text of the question.
          {.id = "cs230-2021.gan.5.viii.premise",
           .quantifier = Quantifier::universal,
           .published = "true",
           .source = "CS230 midterm, spring 2021, question 5 viii",
           .question = plus_follows_the_likelihood(),
           .foil = minus_follows_the_likelihood()}};
}

}  // namespace assay::properties::topics
