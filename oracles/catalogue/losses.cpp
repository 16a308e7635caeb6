#include "oracles/catalogue/families.hpp"
#include "oracles/catalogued.hpp"
#include "oracles/ops/binary_cross_entropy.hpp"
#include "oracles/ops/binary_cross_entropy_with_logits.hpp"
#include "oracles/ops/cosine_similarity.hpp"
#include "oracles/ops/gan_discriminator.hpp"
#include "oracles/ops/gan_generator.hpp"
#include "oracles/ops/glove.hpp"
#include "oracles/ops/hinge.hpp"
#include "oracles/ops/hinge_embedding.hpp"
#include "oracles/ops/huber.hpp"
#include "oracles/ops/huber_hinge.hpp"
#include "oracles/ops/kl_div.hpp"
#include "oracles/ops/l1.hpp"
#include "oracles/ops/mse.hpp"
#include "oracles/ops/nll.hpp"
#include "oracles/ops/smooth_hinge.hpp"
#include "oracles/ops/smooth_l1.hpp"
#include "oracles/ops/softmax_cross_entropy.hpp"
#include "oracles/ops/softmax_cross_entropy_soft.hpp"
#include "oracles/ops/squared_hinge.hpp"
#include "oracles/ops/triplet_margin.hpp"
#include "oracles/ops/wgan_critic.hpp"
#include "oracles/ops/zero_one.hpp"

namespace assay::oracles {

std::vector<Operation> losses() {
  using enum Exactness;
  return {
      catalogued<ops::BinaryCrossEntropy>(),
      catalogued<ops::BinaryCrossEntropyWithLogits>(),
      catalogued<ops::CosineSimilarity>(),
      catalogued<ops::GanDiscriminator>(),
      catalogued<ops::GanGenerator>(),
      catalogued<ops::Glove>(),
      catalogued<ops::Hinge, balls_and_rationals>(),
      catalogued<ops::HingeEmbedding, balls_and_rationals>(),
      catalogued<ops::Huber, balls_and_rationals>(),
      catalogued<ops::HuberHinge, balls_and_rationals>(),
      catalogued<ops::KlDiv>(),
      catalogued<ops::L1, balls_and_rationals>(),
      catalogued<ops::Mse, balls_and_rationals>(),
      catalogued<ops::Nll, balls_and_rationals>(),
      catalogued<ops::SmoothHinge>(),
      catalogued<ops::SmoothL1, balls_and_rationals>(),
      catalogued<ops::SoftmaxCrossEntropy>(),
      catalogued<ops::SoftmaxCrossEntropySoft>(),
      catalogued<ops::SquaredHinge, balls_and_rationals>(),
      catalogued<ops::TripletMargin>(),
      catalogued<ops::WganCritic, balls_and_rationals>(),
      catalogued<ops::ZeroOne, balls_and_rationals>(),
  };
}

}  // namespace assay::oracles
